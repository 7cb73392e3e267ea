using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>Five hundred repetitions leave tensors and memory flat. Resident memory is the process's, so no other test may run beside these.</summary>
[CollectionDefinition(nameof(OperatorMemoryTests), DisableParallelization = true)]
[Collection(nameof(OperatorMemoryTests))]
public class OperatorMemoryTests
{
    private const int Steps = 500;

    [Fact]
    public void Repetitions_of_RoIAlign_leave_tensors_and_memory_flat()
    {
        var align = new RoIAlign();
        AssertFlat(() =>
        {
            Tensor[] maps = [randn([1, 32, 40, 40], requires_grad: true), randn([1, 32, 20, 20], requires_grad: true)];
            var rois = OperatorCases.Regions(20, 1, 160, ScalarType.Float32);
            Backward.Run(align.Apply(maps, rois, [0.25, 0.125], (arange(20) % 2).to(ScalarType.Int64)).sum());
        });
    }

    [Fact]
    public void Repetitions_of_deformable_convolution_leave_tensors_and_memory_flat() => AssertFlat(() =>
    {
        var grid = new DeformableGrid { Padding = (1, 1) };
        Tensor Of(params long[] shape) => randn(shape, requires_grad: true);
        Backward.Run(DeformableConvolution.Apply(Of(2, 18, 11, 8), Of(2, 18, 11, 8), Of(6, 18, 3, 3), Of(6), Of(2, 9, 11, 8), grid).sum());
    });

    /// <summary>Runs a step many times, each in a scope, and holds that neither tensors nor memory grow.</summary>
    private static void AssertFlat(Action step)
    {
        for (var i = 0; i < 20; i++) Step();
        var (tensors, megabytes) = (TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount, Resident());
        for (var i = 0; i < Steps; i++) Step();
        Assert.Equal(tensors, TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        Assert.True(Resident() < megabytes + 60, $"Resident memory grew from {megabytes} to {Resident()} MB in {Steps} steps.");

        void Step()
        {
            using var scope = NewDisposeScope();
            step();
        }
    }

    private static double Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet / 1e6;
    }
}

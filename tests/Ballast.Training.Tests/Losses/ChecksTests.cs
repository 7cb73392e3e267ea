using static TorchSharp.torch;

namespace Ballast.Training.Tests;

public class ChecksTests
{
    [Fact]
    public void Inputs_that_are_not_finite_are_named_when_asked_for()
    {
        using var scope = NewDisposeScope();
        var broken = tensor(new[] { 1f, float.NaN, 2, float.PositiveInfinity }, [1, 4]);
        var targets = ClassTargets.Of(zeros(1, dtype: ScalarType.Int64), 4);
        Assert.True(new FocalLoss().Compute(broken, targets).isnan().any().item<bool>());
        Checks.Finite = true;
        try
        {
            var exception = Assert.Throws<InputException>(() => new FocalLoss().Compute(broken, targets));
            Assert.StartsWith("FocalLoss: logits of shape [1, 4] hold NaN or infinity.", exception.Message);
            Assert.StartsWith("BoxPairs: predicted deltas", Assert.Throws<InputException>(() => BoxPairs.OfDeltas(broken, zeros(1, 4))).Message);
        }
        finally
        {
            Checks.Finite = false;
        }
    }

    [Fact]
    public void Corners_are_decoded_once_and_only_when_a_loss_asks_for_them()
    {
        using var scope = NewDisposeScope();
        var calls = 0;
        var pairs = new BoxPairs(zeros(2, 4), zeros(2, 4), () =>
        {
            calls++;
            return (zeros(2, 4), ones(2, 4));
        });
        new L1BoxLoss().Compute(pairs);
        Assert.Equal(0, calls);
        new GIoUBoxLoss().Compute(pairs);
        new DIoUBoxLoss().Compute(pairs);
        Assert.Equal(1, calls);
    }
}

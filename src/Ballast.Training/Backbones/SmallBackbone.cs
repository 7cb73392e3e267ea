using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The module of <see cref="SmallBackboneOptions"/>; names as in ResNet: <c>conv1</c>, <c>bn1</c>, <c>layer1</c> to <c>layer4</c>.</summary>
internal sealed class SmallBackbone : Backbone
{
    private readonly int _finest;
    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly ModuleList<BasicBlock>[] _stages = new ModuleList<BasicBlock>[4];

    public SmallBackbone(SmallBackboneOptions options)
        : base(nameof(SmallBackbone), Levels(options))
    {
        _finest = options.FinestLevel;
        conv1 = BackboneConvolution.Of(3, options.StemChannels, kernel: 3, stride: 2);
        bn1 = BackboneConvolution.Normalization(options.StemChannels, options.BlockOptions);
        RegisterComponents();
        var channels = options.StemChannels;
        for (var stage = 0; stage < 4; stage++)
        {
            _stages[stage] = [];
            for (var block = 0; block < options.Blocks; block++)
            {
                _stages[stage].Add(new(channels, options.Channels(stage + 2), block == 0 ? 2 : 1, options.BlockOptions));
                channels = options.Channels(stage + 2);
            }

            register_module($"layer{stage + 1}", _stages[stage]);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Forward(Tensor images)
    {
        var map = Stem(images);
        var maps = new List<Tensor>(4);
        for (var stage = 0; stage < 4; stage++)
        {
            foreach (var block in _stages[stage]) map = block.forward(map);
            if (stage + 2 >= _finest) maps.Add(map);
        }

        return maps;
    }

    private static IReadOnlyList<FeatureLevel> Levels(SmallBackboneOptions options)
        => [.. Enumerable.Range(options.FinestLevel, 6 - options.FinestLevel).Select(level => new FeatureLevel($"C{level}", 1 << level, options.Channels(level)))];

    private Tensor Stem(Tensor images)
    {
        using var scope = NewDisposeScope();
        return bn1.forward(conv1.forward(images)).relu_().MoveToOuterDisposeScope();
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The module of <see cref="ResNetOptions"/>. The fields' names are torchvision's, which makes the weights' names torchvision's.</summary>
internal sealed class ResNet : Backbone
{
    private readonly ResNetOptions _options;
    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly ModuleList<ResidualBlock>[] _stages;

    public ResNet(ResNetOptions options)
        : base(nameof(ResNet), Levels(options))
    {
        _options = options;
        conv1 = BackboneConvolution.Of(3, options.Width, kernel: 7, stride: 2);
        bn1 = BackboneConvolution.Normalization(options.Width, options);
        var channels = options.Width;
        _stages = new ModuleList<ResidualBlock>[4];
        for (var stage = 0; stage < 4; stage++)
        {
            _stages[stage] = Stage(channels, options.Width << stage, stage == 0 ? 1 : 2, options.Blocks[stage]);
            channels = (options.Width << stage) * options.Expansion;
        }

        RegisterComponents();
        for (var stage = 0; stage < 4; stage++) register_module($"layer{stage + 1}", _stages[stage]);
        Freeze();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Forward(Tensor images)
    {
        var map = Stem(images);
        var maps = new List<Tensor>(4);
        for (var stage = 0; stage < 4; stage++)
        {
            foreach (var block in _stages[stage]) map = block.forward(map);
            if (stage + 2 >= _options.FinestLevel) maps.Add(map);
        }

        return maps;
    }

    /// <summary>Frozen stages keep evaluation's behaviour: their batch normalisation is not to learn either.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        foreach (var module in Frozen()) module.train(false);
    }

    private static IReadOnlyList<FeatureLevel> Levels(ResNetOptions options)
        => [.. Enumerable.Range(options.FinestLevel, 6 - options.FinestLevel)
            .Select(level => new FeatureLevel($"C{level}", 1 << level, (options.Width << (level - 2)) * options.Expansion))];

    private ModuleList<ResidualBlock> Stage(int inputs, int inner, int stride, int blocks)
    {
        var stage = new ModuleList<ResidualBlock>();
        for (var block = 0; block < blocks; block++)
            stage.Add(_options.Depth >= 50 ? new BottleneckBlock(block == 0 ? inputs : inner * 4, inner, block == 0 ? stride : 1, _options)
                : new BasicBlock(block == 0 ? inputs : inner, inner, block == 0 ? stride : 1, _options));
        return stage;
    }

    private Tensor Stem(Tensor images)
    {
        using var scope = NewDisposeScope();
        return nn.functional.max_pool2d(bn1.forward(conv1.forward(images)).relu_(), 3, 2, 1).MoveToOuterDisposeScope();
    }

    private IEnumerable<nn.Module> Frozen()
    {
        if (_options.FrozenStages > 0) return [conv1, bn1, .. _stages.Take(_options.FrozenStages - 1)];
        return [];
    }

    private void Freeze()
    {
        foreach (var module in Frozen())
        {
            foreach (var parameter in module.parameters()) parameter.requires_grad = false;
        }
    }
}

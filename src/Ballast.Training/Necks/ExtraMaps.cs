using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The module of <see cref="ExtraMapsOptions"/>.</summary>
internal sealed class ExtraMaps : Neck
{
    private readonly ModuleList<Sequential> _extra = [];

    public ExtraMaps(IReadOnlyList<FeatureLevel> inputs, IReadOnlyList<FeatureLevel> outputs)
        : base(nameof(ExtraMaps), inputs, outputs)
    {
        for (var i = inputs.Count; i < outputs.Count; i++)
            _extra.Add(Block(outputs[i - 1].Channels, outputs[i].Channels, nn.Conv2d(outputs[i].Channels / 2, outputs[i].Channels, 3, stride: 2, padding: 1)));
        register_module("extra", _extra);
    }

    /// <summary>The two convolutions of a map, with torchvision's starting weights.</summary>
    internal static Sequential Block(int inputs, int outputs, Conv2d second)
    {
        var first = nn.Conv2d(inputs, outputs / 2, 1);
        StartAsXavier(first);
        StartAsXavier(second);
        return nn.Sequential(("0", first), ("1", nn.ReLU(inplace: true)), ("2", second), ("3", nn.ReLU(inplace: true)));
    }

    /// <summary>Uniform in +-sqrt(6 / (fan in + fan out)) (Glorot and Bengio 2010), bias 0.</summary>
    internal static void StartAsXavier(Conv2d convolution)
    {
        nn.init.xavier_uniform_(convolution.weight);
        if (convolution.bias is { } bias) nn.init.zeros_(bias);
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Tensor> Compute(IReadOnlyList<Tensor> features)
    {
        // An alias is a new tensor over the same numbers: what is handed out moves between dispose scopes, and the backbone's map must not move with it.
        var maps = features.Select(map => map.alias()).ToList();
        foreach (var block in _extra) maps.Add(block.forward(maps[^1]));
        return maps;
    }
}

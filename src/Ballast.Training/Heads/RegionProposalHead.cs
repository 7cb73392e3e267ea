using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// The head of a region proposal network, shared by all levels. Weights go by torchvision's names (<c>conv.0.0.weight</c>, <c>cls_logits.weight</c>,
/// <c>bbox_pred.weight</c>) and start as torchvision's do.
/// </summary>
internal sealed class RegionProposalHead : NamedModule
{
    private readonly Sequential _convolutions;
    private readonly Conv2d _logits;
    private readonly Conv2d _deltas;
    private readonly int _channels;
    private readonly int _numbers;

    /// <summary>Makes the head.</summary>
    /// <param name="inputs">Channels of the pyramid.</param>
    /// <param name="anchors">Anchors of a cell.</param>
    /// <param name="options">How deep it is and what its losses ask for.</param>
    public RegionProposalHead(int inputs, int anchors, RegionProposalOptions options)
        : base(nameof(RegionProposalHead))
    {
        _channels = options.ClassificationLoss.Channels(1);
        _numbers = 4 + options.BoxLoss.ExtraOutputs;
        _convolutions = nn.Sequential([.. Enumerable.Range(0, options.HeadConvolutions).Select(i => ($"{i}", Layer(inputs)))]);
        _logits = Convolution(inputs, anchors * _channels, kernel: 1);
        _deltas = Convolution(inputs, anchors * _numbers, kernel: 1);
        using (no_grad()) _logits.bias!.copy_(tensor(options.ClassificationLoss.StartingBiases(1, options.PriorProbability)).repeat(anchors));
        register_module("conv", _convolutions);
        register_module("cls_logits", _logits);
        register_module("bbox_pred", _deltas);
    }

    /// <summary>The predictions of all anchors.</summary>
    /// <param name="features">[N, channels, H, W] for each level.</param>
    public DensePredictions Forward(IReadOnlyList<Tensor> features)
    {
        using var scope = NewDisposeScope();
        var maps = features.Select(_convolutions.forward).ToArray();
        var logits = DensePredictions.Rows([.. maps.Select(_logits.forward)], _channels);
        var deltas = DensePredictions.Rows([.. maps.Select(_deltas.forward)], _numbers);
        return new(logits.MoveToOuterDisposeScope(), deltas.MoveToOuterDisposeScope());
    }

    private static nn.Module<Tensor, Tensor> Layer(int channels)
        => nn.Sequential(("0", Convolution(channels, channels, kernel: 3)), ("1", nn.ReLU(inplace: true)));

    private static Conv2d Convolution(int inputs, int outputs, int kernel)
    {
        var convolution = nn.Conv2d(inputs, outputs, kernel, padding: kernel / 2);
        nn.init.normal_(convolution.weight, 0, 0.01);
        nn.init.zeros_(convolution.bias!);
        return convolution;
    }
}

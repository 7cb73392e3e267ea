using System.Numerics;

namespace Ballast.Training;

/// <summary>
/// SSD's extra maps (Liu et al. 2016, arXiv:1512.02325, section 2.1): the backbone's maps as they are, none knowing of another, and above them, one upon the other, a 1x1
/// convolution to half the channels and a 3x3 one of stride 2, each with ReLU. The baseline that a feature pyramid is the remedy for. Names and starting weights are
/// those of torchvision's SSD: <c>extra.0.0.weight</c> is the first map's 1x1, <c>extra.0.2.weight</c> its 3x3.
/// </summary>
public sealed record ExtraMapsOptions : NeckOptions
{
    private readonly Values<int> _channels = [512, 256, 256, 256];

    /// <summary>Channels of the extra maps, finest first; the last for all further ones.</summary>
    public Values<int> Channels
    {
        get => _channels;
        init => _channels = value.Count > 0 && value.All(channels => channels >= 2) ? value
            : throw new InputException($"ExtraMapsOptions.Channels is [{string.Join(", ", value)}]; give at least one number, each 2 or more.");
    }

    /// <inheritdoc/>
    public override Neck Build(IReadOnlyList<FeatureLevel> inputs, int levels)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count == 0) throw new InputException("ExtraMapsOptions: the backbone gives no map; at least one is needed.");
        if (levels < inputs.Count)
            throw new InputException($"ExtraMapsOptions: the backbone gives {inputs.Count} maps and there are anchors for {levels}. Give the profile a level for each.");
        var outputs = inputs.ToList();
        while (outputs.Count < levels)
        {
            var stride = outputs[^1].Stride * 2;
            outputs.Add(new($"P{BitOperations.Log2((uint)stride)}", stride, Channels[Math.Min(outputs.Count - inputs.Count, Channels.Count - 1)]));
        }

        return new ExtraMaps(inputs, outputs);
    }
}

using System.Numerics;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>A backbone and the neck above it, as <c>body</c> and <c>fpn</c>: torchvision's names.</summary>
internal sealed class PyramidBackbone : NamedModule
{
    private readonly Backbone _body;
    private readonly Neck _neck;

    /// <summary>Makes both.</summary>
    /// <param name="backbone">Gives maps from the finest anchors' level on.</param>
    /// <param name="neck">Combines them.</param>
    /// <param name="anchors">Whose levels the pyramid has.</param>
    public PyramidBackbone(BackboneOptions backbone, NeckOptions neck, AnchorOptions anchors)
        : base(nameof(PyramidBackbone))
    {
        _body = backbone.Build();
        _neck = neck.Build(_body.Outputs, anchors.Levels.Count);
        register_module("body", _body);
        register_module("fpn", _neck);
        for (var i = 0; i < anchors.Levels.Count; i++)
        {
            if (_neck.Outputs[i].Stride != anchors.Levels[i].Stride || anchors.Levels[i].VerticalStride is not null)
                throw new InputException($"Anchors of level {anchors.Levels[i].Name} lie {anchors.Levels[i].Stride} pixels apart and the pyramid's map "
                    + $"{_neck.Outputs[i].Name} has stride {_neck.Outputs[i].Stride}; they must be the same.");
        }
    }

    /// <summary>Channels of every level, for heads that all levels share.</summary>
    /// <exception cref="InputException">Levels have different numbers of channels.</exception>
    public int Channels => _neck.Outputs.All(level => level.Channels == _neck.Outputs[0].Channels) ? _neck.Outputs[0].Channels
        : throw new InputException($"The neck's maps have {string.Join(", ", _neck.Outputs.Select(level => level.Channels))} channels; a head that all levels share needs the same "
            + "everywhere. Take a pyramid such as 'fpn', or SSD, whose levels have heads of their own.");

    /// <summary>The levels, finest first.</summary>
    public IReadOnlyList<FeatureLevel> Levels => _neck.Outputs;

    /// <summary>The pyramid of images.</summary>
    /// <param name="images">[N, 3, H, W].</param>
    public IReadOnlyList<Tensor> Forward(Tensor images) => _neck.Forward(_body.Forward(images));

    /// <summary>Anchors of a cell where one head serves every level, so that they must be as many on each.</summary>
    /// <param name="anchors">The levels.</param>
    /// <param name="levels">What the sentence calls them.</param>
    /// <param name="whose">Whose head it is: "its", "their".</param>
    internal static int AnchorsOfCell(AnchorOptions anchors, string levels, string whose)
    {
        var counts = anchors.Levels.Select(level => level.Sizes.Count * level.Ratios.Count).Distinct().ToArray();
        return counts.Length == 1 ? counts[0]
            : throw new InputException($"{levels} have {string.Join(", ", counts)} anchors a cell; {whose} head is shared, so give every level as many sizes and ratios.");
    }

    /// <summary>The level a stride belongs to.</summary>
    internal static int Level(int stride)
        => BitOperations.IsPow2(stride) && stride is >= 4 and <= 32 ? BitOperations.Log2((uint)stride)
            : throw new InputException($"The finest anchors lie {stride} pixels apart; a backbone has maps of stride 4, 8, 16 and 32.");
}

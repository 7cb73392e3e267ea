using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The module of <see cref="VggOptions"/>.</summary>
internal sealed class Vgg : Backbone
{
    private const int StartingScale = 20;

    private static readonly int[] Widths = [64, 128, 256, 512, 512];
    private static readonly int[] Depths = [2, 2, 3, 3, 3];
    private static readonly FeatureLevel[] Maps =
    [
        new("38x38", 8, 512), new("19x19", 16, 1024), new("10x10", 32, 512), new("5x5", 64, 256), new("3x3", 100, 256), new("1x1", 300, 256),
    ];

    private readonly Sequential _features;
    private readonly ModuleList<Sequential> _extra;
    private readonly List<Conv2d>[] _stages = [[], [], [], [], []];

    public Vgg(VggOptions options)
        : base(nameof(Vgg), Maps)
    {
        _features = Features();
        _extra =
        [
            Fifth(),
            ExtraMaps.Block(1024, 512, nn.Conv2d(256, 512, 3, stride: 2, padding: 1)),
            ExtraMaps.Block(512, 256, nn.Conv2d(128, 256, 3, stride: 2, padding: 1)),
            ExtraMaps.Block(256, 256, nn.Conv2d(128, 256, 3)),
            ExtraMaps.Block(256, 256, nn.Conv2d(128, 256, 3)),
        ];
        register_parameter("scale_weight", new Parameter(full(Widths[3], StartingScale, dtype: ScalarType.Float32).DetachFromDisposeScope()));
        register_module("features", _features);
        register_module("extra", _extra);
        foreach (var parameter in _stages.Take(options.FrozenStages).SelectMany(stage => stage).SelectMany(convolution => convolution.parameters()))
            parameter.requires_grad = false;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Forward(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.shape[2] != 300 || images.shape[3] != 300)
            throw new InputException($"SSD's VGG16 is made for inputs of 300 x 300 pixels; this one has {images.shape[3]} x {images.shape[2]}. Take another backbone for other sizes.");
        var fourth = InScope(_features, images);
        var maps = new List<Tensor>(6) { Scaled(fourth) };
        var map = fourth;
        foreach (var block in _extra)
        {
            map = InScope(block, map);
            maps.Add(map);
        }

        return maps;
    }

    /// <summary>Nothing more than the constructor has registered by torchvision's names.</summary>
    protected override void RegisterComponents()
    {
    }

    /// <summary>VGG16 up to the ReLU of conv4_3.</summary>
    private Sequential Features()
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (var stage = 0; stage < 4; stage++)
        {
            if (stage > 0) layers.Add(($"{layers.Count}", nn.MaxPool2d(2, 2, ceil_mode: stage == 3)));
            AddStage(layers, stage, stage == 0 ? 3 : Widths[stage - 1]);
        }

        return nn.Sequential([.. layers]);
    }

    /// <summary>The rest of VGG16, its fully connected layers as convolutions: fc6 looks at every sixth cell, since the pool before it no longer halves the map.</summary>
    private Sequential Fifth()
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)> { ("0", nn.MaxPool2d(2, 2)) };
        AddStage(layers, 4, Widths[3]);
        var (sixth, seventh) = (nn.Conv2d(512, 1024, 3, padding: 6, dilation: 6), nn.Conv2d(1024, 1024, 1));
        ExtraMaps.StartAsXavier(sixth);
        ExtraMaps.StartAsXavier(seventh);
        layers.Add(($"{layers.Count}", nn.Sequential(
            ("0", nn.MaxPool2d(3, 1, 1)), ("1", sixth), ("2", nn.ReLU(inplace: true)), ("3", seventh), ("4", nn.ReLU(inplace: true)))));
        return nn.Sequential([.. layers]);
    }

    private void AddStage(List<(string, nn.Module<Tensor, Tensor>)> layers, int stage, int inputs)
    {
        for (var i = 0; i < Depths[stage]; i++)
        {
            var convolution = nn.Conv2d(i == 0 ? inputs : Widths[stage], Widths[stage], 3, padding: 1);
            nn.init.kaiming_normal_(convolution.weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
            nn.init.zeros_(convolution.bias!);
            _stages[stage].Add(convolution);
            layers.Add(($"{layers.Count}", convolution));
            layers.Add(($"{layers.Count}", nn.ReLU(inplace: true)));
        }
    }

    /// <summary>conv4_3 with the L2 norm of each cell brought to a learned scale (ParseNet, Liu et al. 2015, arXiv:1506.04579): its values are larger than the others'.</summary>
    private Tensor Scaled(Tensor map)
    {
        using var scope = NewDisposeScope();
        return (get_parameter("scale_weight")!.view(1, -1, 1, 1) * nn.functional.normalize(map)).MoveToOuterDisposeScope();
    }

    private static Tensor InScope(Sequential layers, Tensor input)
    {
        using var scope = NewDisposeScope();
        return layers.forward(input).MoveToOuterDisposeScope();
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

public class ModuleWeightsTests
{
    [Fact]
    public void A_module_that_was_saved_comes_back_the_same()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var saved = new Body();
        using var loaded = new Body();
        saved.SaveWeights(folder.At("a.safetensors"), new Dictionary<string, string> { ["made"] = "here" });
        using var weights = WeightsFile.Read(folder.At("a.safetensors"));
        var report = loaded.Load(weights);
        Assert.True(report.IsComplete);
        Assert.Equal("here", weights.Metadata["made"]);
        Assert.Equal("7 of 7 tensors loaded.", report.ToString());
        AssertSame(saved, loaded);
    }

    [Fact]
    public void Weights_of_PyTorch_load_by_name_and_are_converted_to_the_module_s_types()
    {
        using var scope = NewDisposeScope();
        using var body = new Body();
        using var weights = WeightsFile.Read(PyTorchFixtureTests.At("state_dict.pth"));
        var report = body.Load(weights);
        Assert.Equal(["conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked", "layer1.0.conv1.weight"], report.Loaded);
        Assert.Equal(["layer1.0.downsample.0.weight", "layer1.0.downsample.1.weight", "layer1.0.downsample.1.bias", "layer1.0.downsample.1.running_mean", "layer1.0.downsample.1.running_var",
            "fc.weight", "fc.bias"], report.Skipped);
        Assert.Empty(report.Missing);
        var state = body.state_dict();
        Assert.Equal(3, state["bn1.num_batches_tracked"].item<long>());
        Assert.Equal(ScalarType.Float32, state["layer1.0.conv1.weight"].dtype);
        using var half = weights.Load("layer1.0.conv1.weight");
        Assert.True(TorchCures.AreEqual(half.to(ScalarType.Float32), state["layer1.0.conv1.weight"]));
    }

    [Fact]
    public void A_backbone_takes_its_part_of_a_detector_and_a_detector_takes_a_backbone()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var whole = new Whole();
        using var body = new Body();
        whole.SaveWeights(folder.At("whole"));
        body.SaveWeights(folder.At("body"));
        using (var weights = WeightsFile.Read(folder.At("body")))
        {
            var report = whole.Load(weights);
            Assert.Equal(("", "backbone.body."), (report.From, report.Into));
            Assert.Equal(["head.weight", "head.bias"], report.Missing);
            AssertSame(body, whole.Body);
        }

        using (var weights = WeightsFile.Read(folder.At("whole")))
        {
            using var other = new Body();
            var report = other.Load(weights);
            Assert.Equal(("backbone.body.", ""), (report.From, report.Into));
            Assert.Equal(["head.weight", "head.bias"], report.Skipped.Order(StringComparer.Ordinal).Reverse());
            Assert.Empty(report.Missing);
            Assert.Equal("7 of 7 tensors loaded from 'backbone.body.*'; not in the model: head.weight and 1 more.", report.Summary(1).Replace("head.bias", "head.weight", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_was_trained_in_parallel_loads_without_the_word_module()
    {
        using var linear = nn.Linear(2, 2);
        using var weights = WeightsFile.Read(PyTorchFixtureTests.At("parallel.pth"));
        Assert.Equal("module.", linear.Load(weights).From);
    }

    [Fact]
    public void Another_shape_is_left_alone_and_named_with_both_shapes()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var module = new Whole();
        WeightsFile.Write(folder.At("a"), new Dictionary<string, Tensor> { ["head.weight"] = ones(5, 4), ["head.bias"] = ones(3) });
        using var weights = WeightsFile.Read(folder.At("a"));
        var before = module.state_dict()["head.weight"].clone();
        var report = module.Load(weights);
        Assert.Equal(["head.bias"], report.Loaded);
        Assert.Equal(["head.weight ([5, 4] in the file, [3, 4] in the model)"], report.Unfit);
        Assert.DoesNotContain("head.weight", report.Missing);
        Assert.True(TorchCures.AreEqual(before, module.state_dict()["head.weight"]));
    }

    [Fact]
    public void Beginnings_that_are_given_are_used_as_they_are()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(1, 1);
        WeightsFile.Write(folder.At("a"), new Dictionary<string, Tensor>
        {
            ["student.weight"] = full([1, 1], 2f), ["student.bias"] = ones(1), ["teacher.weight"] = full([1, 1], 3f), ["teacher.bias"] = ones(1),
        });
        using var weights = WeightsFile.Read(folder.At("a"));
        Assert.Contains("fits the model in two ways", Assert.Throws<InputException>(() => linear.Load(weights)).Message);
        linear.Load(weights, new() { From = "teacher." });
        Assert.Equal(3, linear.weight.item<float>());
        var nothing = linear.Load(weights, new() { From = "nobody." });
        Assert.Equal((0, 2, 4), (nothing.Loaded.Count, nothing.Missing.Count, nothing.Skipped.Count));
    }

    [Fact]
    public void A_tensor_can_be_changed_or_left_out_on_its_way()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2, 2);
        using var weights = WeightsFile.Read(PyTorchFixtureTests.At("parallel.pth"));
        var report = linear.Load(weights, new() { From = "module.", Adapt = (name, tensor) => name == "bias" ? null : tensor.flip(0) });
        Assert.Equal((["weight"], ["module.bias"]), (report.Loaded, report.Skipped));
        Assert.True(TorchCures.AreEqual(weights.Load("module.weight").flip(0), linear.weight));
        Assert.True(linear.weight.requires_grad);
    }

    [Fact]
    public void Weights_of_which_nothing_fits_are_refused_with_names_of_both()
    {
        using var module = new Whole();
        using var weights = WeightsFile.Read(PyTorchFixtureTests.At("types.pth"));
        var message = Assert.Throws<InputException>(() => module.Load(weights)).Message;
        Assert.Contains("the file has 'uint8'", message);
        Assert.Contains("the model 'backbone.body.conv1.weight'", message);
    }

    [Fact]
    public void Loading_leaves_no_tensor_behind()
    {
        using var module = new Body();
        using var weights = WeightsFile.Read(PyTorchFixtureTests.At("state_dict.pth"));
        module.Load(weights);
        var before = TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var i = 0; i < 5; i++) module.Load(weights);
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    private static void AssertSame(nn.Module a, nn.Module b)
    {
        foreach (var (name, tensor) in a.state_dict()) Assert.True(TorchCures.AreEqual(tensor, b.state_dict()[name]), name);
    }

    private sealed class Body : nn.Module
    {
        private readonly Conv2d conv1 = nn.Conv2d(3, 4, 3, bias: false);
        private readonly BatchNorm2d bn1 = nn.BatchNorm2d(4);
        private readonly Sequential layer1 = nn.Sequential(new Block());

        public Body()
            : base(nameof(Body))
        {
            RegisterComponents();
            using var frozen = no_grad();
            nn.init.normal_(bn1.running_mean);
            Assert.NotNull(conv1);
            Assert.NotNull(layer1);
        }
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = nn.Conv2d(4, 4, 1, bias: false);

        public Block()
            : base(nameof(Block))
            => RegisterComponents();

        public override Tensor forward(Tensor input) => conv1.forward(input);
    }

    private sealed class Inner : nn.Module
    {
        private readonly Body body = new();

        public Inner()
            : base(nameof(Inner))
            => RegisterComponents();

        public Body Body => body;
    }

    private sealed class Whole : nn.Module
    {
        private readonly Inner backbone = new();
        private readonly Linear head = nn.Linear(4, 3);

        public Whole()
            : base(nameof(Whole))
        {
            RegisterComponents();
            Assert.NotNull(head);
        }

        public Body Body => backbone.Body;
    }
}

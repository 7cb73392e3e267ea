using System.Text.Json;
using Ballast.Tests;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>Files that PyTorch itself wrote (Fixtures/make_fixtures.py), number by number.</summary>
public class PyTorchFixtureTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Ballast.Training.Tests", "Weights", "Fixtures");

    public static TheoryData<string> Read => [.. Expected().Where(file => file.Value.Count > 0).Select(file => file.Key)];

    public static string At(string name) => Path.Combine(Folder, name);

    [Theory]
    [MemberData(nameof(Read))]
    public void Every_tensor_has_the_name_type_shape_and_numbers_that_PyTorch_gave_it(string name)
    {
        var (file, section) = name.Split(':') is [var path, var inner] ? (path, inner) : (name, null);
        var expected = Expected()[name];
        using var weights = WeightsFile.Read(At(file), section);
        Assert.Equal(expected.Keys, weights.Tensors.Select(tensor => tensor.Name));
        foreach (var stored in weights.Tensors)
        {
            using var scope = NewDisposeScope();
            var (tensor, reference) = (weights.Load(stored.Name), expected[stored.Name]);
            Assert.Equal(reference.Type, TensorType.Of(tensor.dtype)!.Dtype);
            Assert.Equal(stored.Type, TensorType.Of(tensor.dtype)!.Name);
            Assert.Equal(reference.Shape, tensor.shape);
            Assert.True(tensor.is_contiguous());
            Assert.Equal(reference.Numbers, Numbers(tensor));
        }
    }

    [Fact]
    public void The_section_of_a_checkpoint_that_holds_its_weights_is_found_and_named()
    {
        using var checkpoint = WeightsFile.Read(At("checkpoint.pth"));
        using var parallel = WeightsFile.Read(At("parallel.pth"));
        using var plain = WeightsFile.Read(At("state_dict.pth"));
        Assert.Equal(("model", "state_dict", null), (checkpoint.Section, parallel.Section, plain.Section));
    }

    [Theory]
    [InlineData("ambiguous.pth", null, "cannot be told. Name one of its sections: 'generator', 'discriminator'.")]
    [InlineData("checkpoint.pth", "weights", "has no tensors under 'weights'. Name one of its sections: 'model', 'model_ema'.")]
    [InlineData("module.pth", null, "asks to run 'torch.nn.modules.linear.Linear' of Python")]
    [InlineData("tensor.pth", null, "holds no dictionary of named tensors")]
    [InlineData("legacy.pth", null, "in the format that PyTorch wrote before 1.6. Convert it in Python")]
    [InlineData("script.pt", null, "is a compiled TorchScript model, not weights")]
    public void What_is_no_state_dictionary_is_refused_with_the_way_out(string file, string? section, string sentence)
        => Assert.Contains(sentence, Assert.Throws<InputException>(() => WeightsFile.Read(At(file), section)).Message);

    [Fact]
    public void Every_fixture_is_read_or_refused_by_a_test()
    {
        string[] refused = ["ambiguous.pth", "module.pth", "tensor.pth", "legacy.pth", "script.pt"];
        var files = Directory.GetFiles(Folder, "*.pt*").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);
        Assert.Equal(files, Expected().Keys.Select(name => name.Split(':')[0]).Append("script.pt").Distinct().Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.NotEqual(refused.Contains(file), Expected().TryGetValue(file, out var tensors) && tensors.Count > 0));
    }

    private static Dictionary<string, Dictionary<string, Reference>> Expected()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(At("expected.json")));
        return json.RootElement.EnumerateObject().ToDictionary(file => file.Name, file => file.Value.EnumerateObject().ToDictionary(tensor => tensor.Name, tensor => new Reference(
            tensor.Value.GetProperty("dtype").GetString()!,
            [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64())],
            [.. tensor.Value.GetProperty("numbers").EnumerateArray().Select(number => number.GetDouble())])));
    }

    private static double[] Numbers(Tensor tensor)
    {
        if (tensor.is_complex()) tensor = view_as_real(tensor);
        return tensor.numel() == 0 ? [] : tensor.to(ScalarType.Float64).flatten().data<double>().ToArray();
    }

    private sealed record Reference(string Type, long[] Shape, double[] Numbers);
}

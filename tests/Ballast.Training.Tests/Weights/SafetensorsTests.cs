using System.Text;
using Ballast.Tests;
using Ballast.Tests.Golden;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

public class SafetensorsTests
{
    [Fact]
    public void What_is_written_comes_back_in_every_type_and_shape()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        ScalarType[] types =
        [
            ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16,
            ScalarType.Float32, ScalarType.Float64, ScalarType.ComplexFloat32,
        ];
        var tensors = types.ToDictionary(type => type.ToString(), type => arange(6).reshape(2, 3).to(type));
        tensors["empty"] = zeros(0, 4);
        tensors["scalar"] = tensor(1.5f);
        tensors["transposed"] = arange(6).reshape(2, 3).t();
        tensors["odd name é\"\\"] = ones(1, dtype: ScalarType.Byte);
        WeightsFile.Write(folder.At("a.safetensors"), tensors, new Dictionary<string, string> { ["epoch"] = "3", ["note"] = "é" });
        using var weights = WeightsFile.Read(folder.At("a.safetensors"));
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), weights.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("3", "é"), (weights.Metadata["epoch"], weights.Metadata["note"]));
        foreach (var (name, tensor) in tensors)
        {
            var read = weights.Load(name);
            Assert.Equal(tensor.dtype, read.dtype);
            Assert.Equal(tensor.shape, read.shape);
            Assert.True(TorchCures.AreEqual(tensor, read));
        }
    }

    [Fact]
    public void Numbers_begin_at_a_multiple_of_eight_and_each_tensor_at_one_of_its_numbers()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["a"] = ones(3, dtype: ScalarType.Byte), ["b"] = ones(1, dtype: ScalarType.Float64), ["c"] = ones(3, dtype: ScalarType.Float16) };
        WeightsFile.Write(folder.At("a"), tensors);
        using var weights = WeightsFile.Read(folder.At("a"));
        Assert.Equal(["b", "c", "a"], weights.Tensors.Select(tensor => tensor.Name));
        Assert.All(weights.Tensors, tensor => Assert.Equal(0, tensor.Place.Start % tensor.Place.Type.Bytes));
        Assert.Equal(0, weights.Tensors[0].Place.Start % 8);
    }

    [Fact]
    public void The_plain_reader_of_the_golden_tests_agrees()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "tests", "golden"), "*.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(20).ToArray();
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        WeightsFile.Write(folder.At("own.safetensors"), new Dictionary<string, Tensor> { ["x"] = randn(3, 5), ["y"] = randn(7) });
        foreach (var file in (string[])[folder.At("own.safetensors"), .. files])
        {
            using var weights = WeightsFile.Read(file);
            var plain = SafetensorsFile.Read(file);
            Assert.Equal(plain.Keys.Order(StringComparer.Ordinal), weights.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
            foreach (var (name, tensor) in plain)
            {
                var read = weights.Load(name);
                Assert.Equal(tensor.Shape, read.shape.Select(side => (int)side));
                Assert.Equal(tensor.Data, read.numel() == 0 ? [] : read.bytes.ToArray());
                read.Dispose();
            }
        }
    }

    [Fact]
    public void Writing_refuses_what_the_format_cannot_hold_and_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        File.WriteAllText(folder.At("a"), "old");
        Assert.Contains("'x' comes twice", Refused([new("x", ones(1)), new("x", ones(1))]));
        Assert.Contains("'__metadata__' is safetensors' own", Refused([new("__metadata__", ones(1))]));
        Assert.Contains("type ComplexFloat64, which safetensors does not name", Refused([new("x", ones(1, dtype: ScalarType.ComplexFloat64))]));
        Assert.Equal("old", File.ReadAllText(folder.At("a")));
        Assert.Single(Directory.GetFiles(folder.At("")));

        string Refused(KeyValuePair<string, Tensor>[] tensors) => Assert.Throws<InputException>(() => WeightsFile.Write(folder.At("a"), tensors)).Message;
    }

    [Theory]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "")]
    [InlineData("{}", 0, "")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}   ", 8, "")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 9, "end at byte")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 7, "'x' lies at bytes 0 to 8 of 7")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8, "'x' lies at bytes 8 to 0")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8, "shape [3] has 8 bytes")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,8]}}", 8, "has 8 bytes")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,0],\"data_offsets\":[0,0]}}", 0, "has 0 bytes")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8, "whole numbers from 0 on")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}", 8, "whole numbers from 0 on")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}", 8, "whole numbers from 0 on")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8]}}", 8, "lacks dtype, shape or both data_offsets")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "lacks dtype, shape or both data_offsets")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "a field 'dtype' twice")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":1}}", 8, "one that safetensors does not know")]
    [InlineData("{\"x\":{\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[0,1]}}", 1, "type 'F4', which is not read")]
    [InlineData("{\"x\":{\"dtype\":\"C128\",\"shape\":[1],\"data_offsets\":[0,16]}}", 16, "type 'C128', which is not read")]
    [InlineData("{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", 2, "names 'x' twice")]
    [InlineData("{\"x\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"y\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", 3, "'y' starts at byte 1 of the numbers, inside of")]
    [InlineData("{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"y\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[2,3]}}", 3, "with a gap after")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", 0, "Number where String belongs")]
    [InlineData("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "metadata names 'a' twice")]
    [InlineData("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "names '__metadata__' twice")]
    [InlineData("{\"x\":[[[[[[]]]]]]}", 0, "StartArray where StartObject belongs")]
    [InlineData("{\"x\":{\"shape\":[[[[]]]]}}", 0, "its header")]
    [InlineData("{} {}", 0, "its header")]
    [InlineData("{\"x\":", 0, "its header")]
    [InlineData("{\"\\ud800\":{}}", 0, "its header")]
    public void A_header_follows_the_rules_of_the_format_or_is_refused(string header, int numbers, string sentence)
    {
        var text = Encoding.UTF8.GetBytes(header);
        byte[] file = [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[numbers]];
        if (sentence.Length == 0)
        {
            using var weights = WeightsFile.Read(new MemorySource("x", file));
            Assert.All(weights.Tensors, tensor => weights.Load(tensor.Name).Dispose());
            return;
        }

        var message = Assert.Throws<InputException>(() => WeightsFile.Read(new MemorySource("x", file))).Message;
        Assert.Contains(sentence, message);
        Assert.StartsWith("'x'", message);
    }

    [Fact]
    public void A_header_longer_than_the_file_or_the_limit_is_refused_without_memory_for_it()
    {
        Assert.Contains("neither a safetensors file nor", Message([.. BitConverter.GetBytes(1L << 40), (byte)'{', (byte)'}']));
        Assert.Contains("neither a safetensors file nor", Message([255, 255, 255, 255, 255, 255, 255, 255, (byte)'{']));
        byte[] large = [.. BitConverter.GetBytes(100_000_001L), (byte)'{', .. new byte[100_000_000]];
        var start = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("its header claims 100000001 bytes", Message(large));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 0, 100_000);

        static string Message(byte[] file) => Assert.Throws<InputException>(() => WeightsFile.Read(new MemorySource("x", file))).Message;
    }

    [Fact]
    public void Files_of_other_kinds_and_no_files_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.At("empty"), []);
        File.WriteAllText(folder.At("text"), "hello");
        File.WriteAllBytes(folder.At("pickle"), [0x80, 4, (byte)'N', (byte)'.']);
        Assert.Contains("is empty; a file of weights is expected", Refused("empty"));
        Assert.Contains("is neither a safetensors file nor one of torch.save", Refused("text"));
        Assert.Contains("is a bare Python pickle", Refused("pickle"));
        Assert.Contains("cannot be read", Refused("missing"));
        Assert.Contains("cannot be read", Refused(""));

        string Refused(string name) => Assert.Throws<InputException>(() => WeightsFile.Read(folder.At(name))).Message;
    }

    [Fact]
    public void A_section_of_a_file_without_sections_and_a_name_that_is_not_there_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        WeightsFile.Write(folder.At("a"), new Dictionary<string, Tensor> { ["conv1.weight"] = ones(1) });
        Assert.Contains("has no sections", Assert.Throws<InputException>(() => WeightsFile.Read(folder.At("a"), "model")).Message);
        using var weights = WeightsFile.Read(folder.At("a"));
        Assert.EndsWith("has no tensor 'conv1.wieght'. Did you mean 'conv1.weight'?", Assert.Throws<InputException>(() => weights.Load("conv1.wieght")).Message);
    }

    [Fact]
    public void A_file_that_became_shorter_after_it_was_opened_gives_a_sentence()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "An open file cannot be cut on Windows.");
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        WeightsFile.Write(folder.At("a"), new Dictionary<string, Tensor> { ["x"] = ones(1000) });
        using var weights = WeightsFile.Read(folder.At("a"));
        using (var file = new FileStream(folder.At("a"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) file.SetLength(100);
        Assert.Contains("became shorter while it was read", Assert.Throws<InputException>(() => weights.Load("x")).Message);
    }
}

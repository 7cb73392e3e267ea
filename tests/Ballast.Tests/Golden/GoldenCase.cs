using System.Text.Json;

namespace Ballast.Tests.Golden;

/// <summary>One case of reference values: a JSON file "golden/1", with its large tensors in a safetensors file beside it.</summary>
public sealed class GoldenCase : IDisposable
{
    private readonly JsonDocument _document;
    private readonly Dictionary<string, Tensor> _tensors;
    private readonly float _relative;
    private readonly float _absolute;

    private GoldenCase(string path)
    {
        _document = JsonDocument.Parse(File.ReadAllBytes(path));
        Assert.Equal("golden/1", Root.GetProperty("format").GetString());
        (_relative, _absolute) = (Tolerance("rtol"), Tolerance("atol"));
        _tensors = Root.TryGetProperty("tensors_file", out var file) ? SafetensorsFile.Read(Path.Combine(Path.GetDirectoryName(path)!, file.GetString()!)) : [];
    }

    public JsonElement Parameters => Root.GetProperty("params");

    /// <summary>A part of the file that only this kind of case has.</summary>
    public JsonElement Section(string name) => Root.GetProperty(name);

    /// <summary>A tolerance; one that the case does not give lets nothing pass.</summary>
    public float Tolerance(string name) => Root.GetProperty("tol").TryGetProperty(name, out var value) ? value.GetSingle() : float.NaN;

    private JsonElement Root => _document.RootElement;

    /// <summary>Every case file of a component, as "component/case"; throws, which fails the test, when there is none.</summary>
    public static TheoryData<string> All(string component)
    {
        var folder = Path.Combine(Folder(), component);
        var cases = Directory.GetFiles(folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal).ToList();
        if (cases.Count == 0) throw new DirectoryNotFoundException($"'{folder}' holds no golden cases.");
        return [.. cases.Select(name => $"{component}/{name}")];
    }

    public static GoldenCase Load(string name) => new(Path.Combine(Folder(), name + ".json"));

    public bool Has(string name) => _tensors.ContainsKey(name) || Find(name) is not null;

    /// <summary>Names of the large tensors that start so.</summary>
    public IEnumerable<string> Names(string start) => _tensors.Keys.Where(name => name.StartsWith(start, StringComparison.Ordinal));

    public float[] Floats(string name) => _tensors.TryGetValue(name, out var tensor) ? tensor.Floats() : [.. Data(name, "f32").Select(value => value.GetSingle())];

    public double[] Doubles(string name) => [.. Data(name, "f64").Select(value => value.GetDouble())];

    /// <summary>A tensor of either precision.</summary>
    public double[] Shares(string name) => [.. Data(name, "f32", "f64").Select(value => value.GetDouble())];

    /// <summary>An input or output that is no tensor.</summary>
    public JsonElement Plain(string name) => Find(name) ?? throw new KeyNotFoundException($"The case has no '{name}'.");

    public int[] Integers(string name) => _tensors.TryGetValue(name, out var tensor) ? tensor.Integers() : [.. Data(name, "i64", "i32", "bool", "u8").Select(value => value.GetInt32())];

    public int[] Shape(string name)
        => _tensors.TryGetValue(name, out var tensor) ? tensor.Shape : [.. Find(name)!.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())];

    /// <summary>Boxes of a tensor of any shape whose elements are fours.</summary>
    public BoxArray Boxes(string name)
    {
        var values = Floats(name);
        var boxes = new BoxArray(values.Length / 4);
        for (var i = 0; i < values.Length; i += 4) boxes.Add(new(values[i], values[i + 1], values[i + 2], values[i + 3]));
        return boxes;
    }

    public float Number(string name, float otherwise) => Parameters.TryGetProperty(name, out var value) ? value.GetSingle() : otherwise;

    /// <summary>An input that is a plain number; null when there is none of the name.</summary>
    public float? Input(string name) => Find($"inputs:{name}") is { ValueKind: JsonValueKind.Number } number ? number.GetSingle() : null;

    public bool Flag(string name, bool otherwise) => Parameters.TryGetProperty(name, out var value) ? value.GetBoolean() : otherwise;

    public float[] Numbers(string name) => [.. Parameters.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];

    /// <summary>Asserts |x - ref| &lt;= atol + rtol |ref| for every element.</summary>
    public void AssertClose(string name, ReadOnlySpan<float> actual)
    {
        var expected = Floats(name);
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(actual[i] - expected[i]) <= _absolute + (_relative * Math.Abs(expected[i])),
                $"{name}[{i}] is {actual[i]}; the reference is {expected[i]}.");
        }
    }

    public void AssertClose(string name, BoxArray actual)
    {
        var values = new float[actual.Count * 4];
        for (var i = 0; i < actual.Count; i++) (values[4 * i], values[(4 * i) + 1], values[(4 * i) + 2], values[(4 * i) + 3]) = actual[i];
        AssertClose(name, values);
    }

    public void Dispose() => _document.Dispose();

    private static string Folder() => Environment.GetEnvironmentVariable("BALLAST_GOLDEN") is { Length: > 0 } given ? given : Path.Combine(Repository.Root, "tests", "golden");

    private JsonElement.ArrayEnumerator Data(string name, params string[] types)
    {
        var tensor = Find(name) ?? throw new KeyNotFoundException($"The case has no tensor '{name}'.");
        Assert.Contains(tensor.GetProperty("dtype").GetString(), types);
        return tensor.GetProperty("data").EnumerateArray();
    }

    /// <summary>Looks a name up in the inputs, then the outputs; "outputs:name" and "grads:name" say where.</summary>
    private JsonElement? Find(string name)
    {
        var parts = name.Split(':');
        foreach (var side in parts.Length == 2 ? [parts[0]] : (string[])["inputs", "outputs"])
        {
            if (Root.TryGetProperty(side, out var tensors) && tensors.TryGetProperty(parts[^1], out var tensor)) return tensor;
        }

        return null;
    }
}

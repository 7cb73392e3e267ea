namespace Ballast;

public sealed partial class Diagnosis
{
    /// <summary>Images, boxes and classes: the head of everything a person sees.</summary>
    public DatasetCounts Counts => new(Summary, _data.Count > 0 ? _data[0] : null);

    /// <summary>What the data are called: "bccd", or "a with b, c drawn over it".</summary>
    public string Name => _data.Count switch
    {
        0 => "saved counts",
        1 => _data[0].Name,
        _ => $"{_data[0].Name} with {string.Join(", ", _data.Skip(1).Select(each => each.Name))} drawn over it",
    };

    /// <summary>A command of this program on the same data, as a person can paste it: "ballast check bccd".</summary>
    public string CommandFor(string verb) => $"ballast {verb} {Shell.Quote(_data.Count > 0 ? _data[0].Source.Path : "DATA")}";
}

namespace Ballast;

/// <summary>
/// Every number a rule can name: counts of the data set, flaws by code, every measure of every finding (with the finding's id before a dot, or without where only one
/// finding has it), and numbers of single classes.
/// </summary>
internal sealed class PolicyMeasures
{
    private const string First = "class-foreground";

    /// <summary>Measures that never need anchors, by the names a rule may use without their finding.</summary>
    private static readonly string[] Cheap =
    [
        "boxes", "images", "ignored", "classes", "empty-classes", "leaks", "flaws",
        "ratio", "gini", "cv", "evenness", "kl", "share", "frequency",
    ];

    private static readonly string[] AnchorFindings = ["class-background", "iou-distribution"];

    private readonly Diagnosis _diagnosis;
    private readonly Dictionary<string, (Measure Measure, Finding? Finding)> _measures = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ambiguous = new(StringComparer.Ordinal);
    private readonly PolicyClassMeasures _classes;

    public PolicyMeasures(Diagnosis diagnosis)
    {
        _diagnosis = diagnosis;
        _classes = new(diagnosis.Summary);
        AddFindings();
        AddAbsent();
        AddCounts();
        AddFlaws();
    }

    /// <summary>Whether a rule's measure may be one that only anchors give; when that is not known it may.</summary>
    public static bool NeedsAnchors(PolicyRule rule)
        => !IsFlaw(rule.Measure) && (rule.Measure.Split('.') is [var finding, _] ? AnchorFindings.Contains(finding) : !Cheap.Contains(rule.Measure));

    /// <summary>The values a rule is held against.</summary>
    /// <exception cref="InputException">The measure is not known.</exception>
    public IEnumerable<(string? Class, Measure Measure)> Of(PolicyRule rule)
    {
        if (rule.Class is null && !rule.EveryClass) return [(null, Find(rule).Measure)];
        if (!PolicyClassMeasures.Names.Contains(rule.Measure)) throw Unknown(rule, PolicyClassMeasures.Names, PolicyClassMeasures.Names, " of a class");
        return rule.EveryClass
            ? _diagnosis.Summary.Classes.Select((name, index) => ((string?)name, _classes.Of(rule.Measure, index)))
            : [(rule.Class, _classes.Of(rule.Measure, rule.Class!))];
    }

    /// <summary>The best remedy of the finding a measure belongs to.</summary>
    public string RemedyOf(PolicyRule rule)
    {
        if (IsFlaw(rule.Measure)) return $"{_diagnosis.CommandFor("check")} --flaws lists them";
        var finding = rule.Class is null && !rule.EveryClass ? Find(rule).Finding : FindingOf(PolicyClassMeasures.FindingOf(rule.Measure));
        if ((finding ?? FindingOf("class-foreground"))?.Remedies is not [var advice, ..]) return "";
        return $"What helps: {advice.Title}{(advice.CommandExists ? $": {advice.Command}" : "")}";
    }

    private Finding? FindingOf(string id) => _diagnosis.Findings.FirstOrDefault(finding => finding.Id == id);

    private static bool IsFlaw(string measure) => measure == "flaws" || measure.StartsWith("flaws.", StringComparison.Ordinal);

    private (Measure Measure, Finding? Finding) Find(PolicyRule rule)
    {
        if (_ambiguous.Contains(rule.Measure))
        {
            var full = _measures.Keys.Where(name => name.EndsWith($".{rule.Measure}", StringComparison.Ordinal));
            throw new InputException($"Rule '{rule}': several findings have a measure '{rule.Measure}'; write one of {string.Join(", ", full)}.");
        }

        return _measures.TryGetValue(rule.Measure, out var found) ? found : throw Unknown(rule, _measures.Keys, Listed(), "");
    }

    private static InputException Unknown(PolicyRule rule, IEnumerable<string> known, IEnumerable<string> listed, string where)
    {
        return new($"Rule '{rule}': '{rule.Measure}' is no measure{where}.{NearestWord.Hint(rule.Measure, known)} Known are: {string.Join(", ", listed)}.");
    }

    /// <summary>Names to suggest: short ones where they suffice, and of the flaws those that occur.</summary>
    private IEnumerable<string> Listed()
        => _measures.Keys
            .Where(name => IsFlaw(name) ? name == "flaws" || _measures[name].Measure.Value > 0 : !name.Contains('.') || !_measures.ContainsKey(name.Split('.')[1]))
            .Order(StringComparer.Ordinal);

    private void AddFindings()
    {
        foreach (var finding in _diagnosis.Findings)
        {
            foreach (var measure in finding.Measures) Add(Explained(measure, finding), finding);
        }
    }

    /// <summary>Anchors that were not matched leave their findings without numbers, which a rule may name all the same.</summary>
    private void AddAbsent()
    {
        if (AnchorFindings.All(id => FindingOf(id) is not { Verdict: Verdict.CannotTell })) return;
        foreach (var (id, names) in MeasureNames.All)
        {
            if (FindingOf(id) is not { } finding) continue;
            foreach (var name in names.Where(name => !_measures.ContainsKey($"{id}.{name}"))) Add(Explained(new(name, double.NaN, null, null, ""), finding), finding);
        }
    }

    /// <summary>A measure without a value says why, in its finding's words.</summary>
    private static Measure Explained(Measure measure, Finding finding)
    {
        if (!double.IsNaN(measure.Value) || finding is not { Verdict: Verdict.CannotTell, Id: not "data" }) return measure;
        return measure with { Meaning = measure.Meaning.Length == 0 ? finding.Headline : $"{measure.Meaning.TrimEnd('.')}; {finding.Headline}" };
    }

    /// <summary>A short name that several findings have means that of the class finding, where it is one of them, and nothing otherwise.</summary>
    private void Add(Measure measure, Finding finding)
    {
        _measures[$"{finding.Id}.{measure.Name}"] = (measure, finding);
        if (_ambiguous.Contains(measure.Name) || _measures.TryAdd(measure.Name, (measure, finding)) || _measures[measure.Name].Finding?.Id == First) return;
        _measures.Remove(measure.Name);
        _ambiguous.Add(measure.Name);
    }

    private void AddCounts()
    {
        var counts = _diagnosis.Counts;
        AddCount("images", counts.Images, "images");
        AddCount("boxes", counts.Boxes, "objects, flawed ones included");
        AddCount("ignored", counts.Ignored, "crowds and ignore regions");
        AddCount("classes", counts.Classes.Count, "classes");
        AddLeaks();
        AddCount("empty-classes", counts.Classes.Count(each => each.Boxes == 0), "classes without a box");
    }

    /// <summary>Images in more than one part: listed twice by the annotations, or copied byte for byte. With two parts and no image to compare nobody can tell.</summary>
    private void AddLeaks()
    {
        var listed = _diagnosis.Summary.Flaws.GetValueOrDefault(FlawCode.LeakedImage.Code);
        var (copied, data) = _measures.GetValueOrDefault("data.leaked");
        var parts = _measures.GetValueOrDefault("data.parts").Measure;
        var count = copied is { Value: var value } && !double.IsNaN(value) ? listed + value : listed > 0 || parts is null or { Value: < 2 } ? listed : double.NaN;
        _ambiguous.Remove("leaks");
        _measures["leaks"] = (new("leaks", count, null, null, "the images were not found, so copies cannot be told: name their folder with --images"), data);
    }

    private void AddFlaws()
    {
        var flaws = _diagnosis.Summary.Flaws;
        var aboveNotes = FlawCode.All.Where(code => code.Severity != FlawSeverity.Note);
        AddCount("flaws", aboveNotes.Sum(code => flaws.GetValueOrDefault(code.Code)), "flaws that are more than a note");
        foreach (var code in FlawCode.All) AddCount($"flaws.{code.Code}", flaws.GetValueOrDefault(code.Code), code.Meaning);
    }

    /// <summary>A count of the data set goes before a finding's measure of the same short name.</summary>
    private void AddCount(string name, long count, string meaning)
    {
        _ambiguous.Remove(name);
        _measures[name] = (new(name, count, null, null, meaning), null);
    }
}

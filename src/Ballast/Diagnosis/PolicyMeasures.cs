namespace Ballast;

/// <summary>
/// Every number a rule can name: counts of the data set, flaws by code, every measure of every finding (with the finding's id before a dot, or without where only one
/// finding has it), and numbers of single classes.
/// </summary>
internal sealed class PolicyMeasures
{
    /// <summary>Measures that a finding leaves out when it cannot tell.</summary>
    internal static readonly (string Finding, string[] Measures)[] Conditional =
    [
        ("class-background",
            ["background-per-positive", "background-over-usual", "ignored-fraction", "positive-fraction", "anchors-per-image", "matched", "matched-worst", "unmatched-objects", "positives-per-object"]),
        ("iou-distribution", ["mean-iou", "mean-iou-over-usual", "best-possible-recall", "low-iou-fraction", "high-iou-fraction", "iou-evenness"]),
    ];

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

    /// <summary>Whether a rule's measure is one that only anchors give.</summary>
    public static bool NeedsAnchors(PolicyRule rule)
        => Conditional.Any(group => group.Measures.Contains(rule.Measure) || rule.Measure.StartsWith($"{group.Finding}.", StringComparison.Ordinal));

    /// <summary>The values a rule is held against.</summary>
    /// <exception cref="InputException">The measure is not known.</exception>
    public IEnumerable<(string? Class, Measure Measure)> Of(PolicyRule rule)
    {
        if (rule.Class is null && !rule.EveryClass) return [(null, Find(rule).Measure)];
        if (!PolicyClassMeasures.Names.Contains(rule.Measure)) throw Unknown(rule, PolicyClassMeasures.Names, " of a class");
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
        return advice.CommandExists ? $"{advice.Title}: {advice.Command}" : advice.Title;
    }

    private Finding? FindingOf(string id) => _diagnosis.Findings.FirstOrDefault(finding => finding.Id == id);

    private static bool IsFlaw(string measure) => measure == "flaws" || measure.StartsWith("flaws.", StringComparison.Ordinal);

    private (Measure Measure, Finding? Finding) Find(PolicyRule rule)
    {
        if (_ambiguous.Contains(rule.Measure))
            throw new InputException($"Rule '{rule}': several findings have a measure '{rule.Measure}'; write one of {string.Join(", ", _measures.Keys.Where(name => name.EndsWith($".{rule.Measure}", StringComparison.Ordinal)))}.");
        return _measures.TryGetValue(rule.Measure, out var found) ? found : throw Unknown(rule, Listed(), "");
    }

    private static InputException Unknown(PolicyRule rule, IEnumerable<string> known, string where)
    {
        var names = known.ToList();
        var nearest = NearestWord.Of(rule.Measure, names) is { } word ? $" Did you mean '{word}'?" : "";
        return new($"Rule '{rule}': '{rule.Measure}' is no measure{where}.{nearest} Known are: {string.Join(", ", names)}.");
    }

    /// <summary>Names to suggest: short ones where they suffice, and of the flaws those that occur.</summary>
    private IEnumerable<string> Listed()
        => _measures.Keys.Where(name => IsFlaw(name) ? name == "flaws" || _measures[name].Measure.Value > 0 : !name.Contains('.') || !_measures.ContainsKey(name[(name.IndexOf('.') + 1)..]))
            .Order(StringComparer.Ordinal);

    private void AddFindings()
    {
        foreach (var finding in _diagnosis.Findings)
        {
            foreach (var measure in finding.Measures)
            {
                _measures[$"{finding.Id}.{measure.Name}"] = (measure, finding);
                if (!_ambiguous.Contains(measure.Name) && !_measures.TryAdd(measure.Name, (measure, finding)))
                {
                    _measures.Remove(measure.Name);
                    _ambiguous.Add(measure.Name);
                }
            }
        }
    }

    /// <summary>Measures that could not be taken are known all the same; why there is no value is what their finding says.</summary>
    private void AddAbsent()
    {
        foreach (var (id, names) in Conditional)
        {
            if (FindingOf(id) is not { } finding) continue;
            foreach (var name in names)
            {
                var absent = (new Measure(name, double.NaN, null, null, finding.Headline), finding);
                _measures.TryAdd($"{id}.{name}", absent);
                if (!_ambiguous.Contains(name)) _measures.TryAdd(name, absent);
            }
        }
    }

    private void AddCounts()
    {
        var counts = _diagnosis.Counts;
        AddCount("images", counts.Images, "images");
        AddCount("boxes", counts.Boxes, "objects, flawed ones included");
        AddCount("ignored", counts.Ignored, "crowds and ignore regions");
        AddCount("classes", counts.Classes.Count, "classes");
        AddCount("empty-classes", counts.Classes.Count(each => each.Boxes == 0), "classes without a box");
    }

    private void AddFlaws()
    {
        var flaws = _diagnosis.Summary.Flaws;
        AddCount("flaws", FlawCode.All.Where(code => code.Severity != FlawSeverity.Note).Sum(code => flaws.GetValueOrDefault(code.Code)), "flaws that are more than a note");
        foreach (var code in FlawCode.All) AddCount($"flaws.{code.Code}", flaws.GetValueOrDefault(code.Code), code.Meaning);
    }

    /// <summary>A count of the data set goes before a finding's measure of the same short name.</summary>
    private void AddCount(string name, long count, string meaning)
    {
        _ambiguous.Remove(name);
        _measures[name] = (new(name, count, null, null, meaning), null);
    }
}

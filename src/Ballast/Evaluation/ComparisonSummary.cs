using System.Globalization;
using System.Text.Json;

namespace Ballast;

/// <summary>A comparison with what it was made of, and what it says in sentences.</summary>
public sealed class ComparisonSummary
{
    private ComparisonSummary(DetectionDataset truth, IReadOnlyList<ComparedDetector> detectors, ComparisonOptions options)
    {
        (Truth, Detectors, Options) = (truth, detectors, options);
        Comparison = Comparison.Of(truth, detectors, options);
    }

    /// <summary>What the detectors were measured against.</summary>
    public DetectionDataset Truth { get; }

    /// <summary>The detectors, in the order they were given.</summary>
    public IReadOnlyList<ComparedDetector> Detectors { get; }

    /// <summary>How they were compared.</summary>
    public ComparisonOptions Options { get; }

    /// <summary>The figures.</summary>
    public Comparison Comparison { get; }

    /// <summary>Compares detectors on a truth.</summary>
    /// <exception cref="InputException">There are fewer than two detectors, two have one name, one has no detections table, or the primary endpoint does not exist.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ComparisonSummary Of(DetectionDataset truth, IReadOnlyList<ComparedDetector> detectors, ComparisonOptions? options = null)
    {
        if (detectors.GroupBy(detector => detector.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"Two detectors are named '{twice.Key}'; name them apart: first={twice.Key}.json second=...");
        return new(truth, detectors, options ?? new());
    }

    /// <summary>What is said of a pair: better, worse or cannot tell, by how much, and what difference this truth can show at all; one or two sentences.</summary>
    public string Verdict(ComparedPair pair)
    {
        var figure = pair.Primary;
        var range = double.IsNaN(figure.Low) ? "" : $", 95 %: {Signed(figure.Low)} to {Signed(figure.High)}";
        var numbers = $"{Figure(figure.Second)} against {Figure(figure.First)} ({Signed(figure.Difference)}{range})";
        var resolvable = double.IsNaN(figure.Resolvable)
            ? $"{figure.Objects} objects are too few to say what difference this truth can show."
            : figure.Resolvable == 0 ? "They give the same figure in every draw." : $"This truth shows differences from {Figure(figure.Resolvable)} on.";
        if (figure.BeyondTheseImages != ComparisonVerdict.CannotTell) return $"{pair.Second} is {Word(figure.BeyondTheseImages)} than {pair.First} in {figure.Endpoint}: {numbers}. {resolvable}";
        return figure.OnTheseImages == ComparisonVerdict.CannotTell
            ? $"Cannot tell {pair.Second} and {pair.First} apart in {figure.Endpoint}: {numbers}. {resolvable}"
            : $"On images such as these {pair.Second} as trained is {Word(figure.OnTheseImages)} than {pair.First} in {figure.Endpoint}: {numbers}; {WhyNotBeyond(pair)}. {resolvable}";
    }

    /// <summary>
    /// Writes the comparison as JSON: <c>truth</c>, <c>primary</c>, <c>detectors [{name, runs}]</c>, <c>pairs [{first, second, verdict, sentence, primary {...}, others
    /// [{endpoint, first, second, difference, low, high, p, onTheseImages, beyondTheseImages, resolvable, objects}]}]</c>. Undefined numbers are null.
    /// </summary>
    public void WriteJson(Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteString("truth", Truth.Name);
        writer.WriteNumber("images", Truth.Images.Count);
        writer.WriteString("primary", Comparison.Primary);
        writer.WriteString("groups", Comparison.Groups.Rule);
        writer.WriteNumber("seed", Options.Seed);
        writer.WriteNumber("replicates", Options.Replicates);
        writer.WriteStartArray("detectors");
        foreach (var detector in Detectors) Write(writer, detector);
        writer.WriteEndArray();
        writer.WriteStartArray("pairs");
        foreach (var pair in Comparison.Pairs) Write(writer, pair);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>A verdict as one word: better, worse, cannot tell.</summary>
    public static string Word(ComparisonVerdict verdict) => verdict == ComparisonVerdict.CannotTell ? "cannot tell" : verdict.ToString().ToLowerInvariant();

    private string WhyNotBeyond(ComparedPair pair)
    {
        var runs = Detectors.Where(detector => detector.Name == pair.First || detector.Name == pair.Second).Min(detector => Runs(detector));
        return runs < Comparison.FewestRuns
            ? $"whether the method is, cannot be told under {Comparison.FewestRuns} seeds a side"
            : "whether the method is, cannot be told: seeds disagree or differ as much";
    }

    /// <summary>Folds are one run.</summary>
    private static int Runs(ComparedDetector detector) => DetectionTable.AreFolds(detector.Runs) ? 1 : detector.Runs.Count;

    private static void Write(Utf8JsonWriter writer, ComparedDetector detector)
    {
        writer.WriteStartObject();
        writer.WriteString("name", detector.Name);
        writer.WriteNumber("runs", Runs(detector));
        writer.Texts("mapping", detector.Runs.Select(run => run.Mapping));
        writer.WriteNumber("flaws", detector.Runs.Sum(run => run.Flaws.Count));
        writer.WriteEndObject();
    }

    private void Write(Utf8JsonWriter writer, ComparedPair pair)
    {
        writer.WriteStartObject();
        writer.WriteString("first", pair.First);
        writer.WriteString("second", pair.Second);
        writer.WriteString("verdict", Word(pair.Primary.BeyondTheseImages));
        writer.WriteString("sentence", Verdict(pair));
        writer.WritePropertyName("primary");
        Write(writer, pair.Primary);
        writer.WriteStartArray("others");
        foreach (var figure in pair.Others) Write(writer, figure);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ComparedFigure figure)
    {
        writer.WriteStartObject();
        writer.WriteString("endpoint", figure.Endpoint);
        writer.Figure("first", figure.First);
        writer.Figure("second", figure.Second);
        writer.Figure("difference", figure.Difference);
        writer.Figure("low", figure.Low);
        writer.Figure("high", figure.High);
        writer.Figure("p", figure.PValue);
        writer.WriteString("onTheseImages", Word(figure.OnTheseImages));
        writer.WriteString("beyondTheseImages", Word(figure.BeyondTheseImages));
        writer.Figure("resolvable", figure.Resolvable);
        writer.WriteNumber("objects", figure.Objects);
        writer.WriteEndObject();
    }

    private static string Figure(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
}

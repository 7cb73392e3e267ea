using System.Globalization;
using System.Text;

namespace Ballast;

/// <summary>A comparison as tables: CSV for programs, LaTeX for papers.</summary>
public static class ComparisonTables
{
    /// <summary>One line for each pair and endpoint, the primary first; undefined numbers are empty.</summary>
    public static string ToCsv(this Comparison comparison)
    {
        var text = new StringBuilder("first,second,endpoint,is_primary,first_value,second_value,difference,low,high,p,on_these_images,beyond_these_images,resolvable,objects\n");
        foreach (var (pair, figure, isPrimary) in Rows(comparison))
        {
            string[] fields =
            [
                Quote(pair.First), Quote(pair.Second), Quote(figure.Endpoint), isPrimary ? "1" : "0", Number(figure.First), Number(figure.Second), Number(figure.Difference), Number(figure.Low),
                Number(figure.High), Number(figure.PValue), Word(figure.OnTheseImages), Word(figure.BeyondTheseImages), Number(figure.Resolvable), figure.Objects.ToString(CultureInfo.InvariantCulture),
            ];
            text.AppendJoin(',', fields).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Writes <see cref="ToCsv"/> into a file, whole or not at all.</summary>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    public static void SaveCsv(this Comparison comparison, string path) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(comparison.ToCsv())));

    /// <summary>Writes <see cref="ToLatex"/> into a file, whole or not at all.</summary>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    public static void SaveLatex(this Comparison comparison, string path) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(comparison.ToLatex())));

    /// <summary>A table for the booktabs package: points of AP (times 100), the primary endpoint set apart.</summary>
    public static string ToLatex(this Comparison comparison)
    {
        var text = new StringBuilder("\\begin{tabular}{lrrrrl}\n\\toprule\n");
        foreach (var pair in comparison.Pairs)
        {
            text.Append(CultureInfo.InvariantCulture, $"Endpoint & {Escape(pair.First)} & {Escape(pair.Second)} & Difference & 95\\,\\% interval & Verdict \\\\\n\\midrule\n");
            AppendRow(text, pair.Primary);
            text.Append("\\midrule\n");
            foreach (var figure in pair.Others) AppendRow(text, figure);
            text.Append(pair == comparison.Pairs[^1] ? "\\bottomrule\n" : "\\midrule\n");
        }

        return text.Append("\\end{tabular}\n").ToString();
    }

    private static void AppendRow(StringBuilder text, ComparedFigure figure)
    {
        var interval = double.IsNaN(figure.Low) ? "--" : $"[{Points(figure.Low)}, {Points(figure.High)}]";
        text.Append($"{Escape(figure.Endpoint)} & {Points(figure.First)} & {Points(figure.Second)} & {Points(figure.Difference)} & {interval} & {Word(figure.BeyondTheseImages)} \\\\\n");
    }

    private static IEnumerable<(ComparedPair Pair, ComparedFigure Figure, bool IsPrimary)> Rows(Comparison comparison)
    {
        foreach (var pair in comparison.Pairs)
        {
            yield return (pair, pair.Primary, true);
            foreach (var figure in pair.Others) yield return (pair, figure, false);
        }
    }

    private static string Word(ComparisonVerdict judgement) => judgement == ComparisonVerdict.CannotTell ? "cannot tell" : judgement == ComparisonVerdict.Better ? "better" : "worse";

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Points(double value) => double.IsNaN(value) ? "--" : (value * 100).ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>Quotes a field that holds a comma, a quote or a line break.</summary>
    private static string Quote(string field)
        => field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if ("&%$#_{}".Contains(c, StringComparison.Ordinal)) escaped.Append('\\').Append(c);
            else if (c == '\\') escaped.Append("\\textbackslash{}");
            else if (c == '~') escaped.Append("\\textasciitilde{}");
            else if (c == '^') escaped.Append("\\textasciicircum{}");
            else escaped.Append(c);
        }

        return escaped.ToString();
    }
}

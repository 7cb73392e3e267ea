using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ballast.Tests.Reports;

public partial class ReportPageTests
{
    [Fact]
    public void The_page_without_data_is_under_one_and_a_half_megabytes()
    {
        var data = DemoReport.Make();
        var page = Bytes(data).Length - JsonSerializer.SerializeToUtf8Bytes(data, ReportJson.Default.ReportData).Length;
        Assert.InRange(page, 1_000_000, 1_500_000);
    }

    [Fact]
    public void No_text_of_the_data_can_end_its_script_element()
    {
        var json = DataOf(Html(HostileReport.Make()));
        Assert.DoesNotContain('<', json);
        Assert.DoesNotContain('>', json);
        Assert.DoesNotContain('&', json);
        Assert.DoesNotContain('\u2028', json);
        Assert.DoesNotContain('\u2029', json);
    }

    [Fact]
    public void The_data_in_the_page_is_the_data_that_was_given()
    {
        using var document = JsonDocument.Parse(DataOf(Html(HostileReport.Make())));
        Assert.Equal(HostileReport.Script, document.RootElement.GetProperty("title").GetString());
        var names = document.RootElement.GetProperty("datasets")[0].GetProperty("classes").EnumerateArray().Select(item => item.GetProperty("name").GetString()!);
        Assert.Equal(HostileReport.Names.Where(name => !name.Contains('\uD800')), names.Where(name => !name.Contains('\uFFFD')));
    }

    [Fact]
    public void The_policy_allows_exactly_the_scripts_and_the_style_of_the_page()
    {
        var html = Html(DemoReport.Make());
        var policy = Policy().Match(html).Groups[1].Value;
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        var scripts = Element("script", "(?: type=\"module\")?").Matches(html).Select(match => Hash(match.Groups[1].Value)).ToArray();
        Assert.Equal(2, scripts.Length);
        Assert.Contains($"script-src {string.Join(' ', scripts)};", policy, StringComparison.Ordinal);
        Assert.Contains($"style-src {Hash(Element("style").Match(html).Groups[1].Value)};", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("'unsafe-inline'", policy.Replace("style-src-attr 'unsafe-inline'", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_data_makes_the_same_bytes() => Assert.Equal(Bytes(DemoReport.Make()), Bytes(DemoReport.Make()));

    [Fact]
    public void A_report_that_cannot_be_written_leaves_no_file()
    {
        var folder = Directory.CreateTempSubdirectory("ballast-report-");
        try
        {
            var blocked = Path.Combine(folder.FullName, "file");
            File.WriteAllText(blocked, "");
            Assert.ThrowsAny<Exception>(() => ReportPage.Write(DemoReport.Make(), Path.Combine(blocked, "report.html")));
            Assert.Equal([blocked], Directory.GetFileSystemEntries(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static byte[] Bytes(ReportData data)
    {
        using var stream = new MemoryStream();
        ReportPage.Write(data, stream);
        return stream.ToArray();
    }

    private static string Html(ReportData data) => Encoding.UTF8.GetString(Bytes(data));

    private static string DataOf(string html)
    {
        const string start = "<script type=\"application/json\" id=\"data\">";
        var from = html.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return html[from..html.IndexOf("</script>", from, StringComparison.Ordinal)];
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static Regex Element(string tag, string attributes = "") => new($"<{tag}{attributes}>(.*?)</{tag}>", RegexOptions.Singleline);

    [GeneratedRegex("Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();
}

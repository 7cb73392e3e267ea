namespace Ballast.Tests.Formats;

public sealed class AtomicFileTests : IDisposable
{
    private readonly AnnotationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_report_or_summary_replaces_its_like_and_never_annotations()
    {
        const string Annotations = """{"images":[],"annotations":[],"categories":[]}""";
        var path = _folder.Add("a.json", Annotations)["a.json"];
        var diagnosis = Diagnosis.Of(MadeData.WithCounts([3, 1], 2), new DiagnosisOptions { Anchors = false });
        Assert.Contains("no HTML page", Assert.Throws<InputException>(() => diagnosis.Save(path)).Message, StringComparison.Ordinal);
        Assert.Contains("no summary", Assert.Throws<InputException>(() => diagnosis.Summary.Save(path)).Message, StringComparison.Ordinal);
        Assert.Equal(Annotations, File.ReadAllText(path));
        for (var time = 0; time < 2; time++)
        {
            diagnosis.Save(_folder["report.html"]);
            diagnosis.Summary.Save(_folder["summary.json"]);
        }

        Assert.Equal(2, DatasetSummary.Load(_folder["summary.json"]).Images);
        Assert.Equal(3, Directory.GetFiles(_folder.Root).Length);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_told_in_a_sentence()
    {
        _folder.Add("file", "x");
        var error = Assert.Throws<InputException>(() => AtomicFile.Write(_folder["file/below"], stream => stream.WriteByte(1)));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }
}

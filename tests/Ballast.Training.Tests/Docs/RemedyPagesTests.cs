using Ballast.Benchmarks;
using Ballast.Tests;

namespace Ballast.Training.Tests;

/// <summary>The pages of remedies and imbalances: complete, up to date, and what they show as code is code.</summary>
public sealed class RemedyPagesTests(RemedyPagesTests.Demo demo) : IClassFixture<RemedyPagesTests.Demo>
{
    private const string Script = "run: dotnet run --project benchmarks/Ballast.Benchmarks -c Release -- remedies docs";

    private static readonly string[] Sections =
        ["## Formula", "## When it helps, when it harms", "## Options", "## In a recipe", "## In code", "## Measured effect", "## Paper"];

    public static TheoryData<string> Kinds => [.. Remedies.All.Select(remedy => remedy.Kind)];

    public static TheoryData<string> Pages => [.. PageText.All];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_page_of_a_remedy_has_the_fixed_sections_and_is_up_to_date(string kind)
    {
        var remedy = Remedies.Named(kind);
        var text = PageText.Read(remedy.Docs);
        Assert.Equal(Sections, text.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
        Assert.True(text == demo.Pages.Remedy(remedy, text), $"{remedy.Docs} is out of date; {Script}");
    }

    [Fact]
    public void The_pages_of_imbalances_and_the_index_are_up_to_date()
    {
        foreach (var imbalance in Imbalance.All)
        {
            var text = PageText.Read(imbalance.Docs);
            Assert.True(text == RemedyPages.Imbalance(imbalance, text), $"{imbalance.Docs} is out of date; {Script}");
        }

        var index = PageText.Read("docs/remedies/README.md");
        Assert.True(index == RemedyPages.Index(index), $"docs/remedies/README.md is out of date; {Script}");
    }

    [Fact]
    public void There_is_no_page_of_what_there_is_not()
        => Assert.Equal(
            Remedies.All.Select(remedy => remedy.Docs).Concat(Imbalance.All.Select(imbalance => imbalance.Docs)).Append("docs/remedies/README.md").Order(StringComparer.Ordinal),
            PageText.All);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Recipes_of_a_page_are_read_as_parts_of_a_detector(string page)
    {
        foreach (var block in PageText.Blocks(PageText.Read(page), "json")) RemedyRecipe.Detector(block.Trim()[1..^1]);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_of_a_page_is_compiled_somewhere(string page)
    {
        var compiled = page.StartsWith("docs/remedies/", StringComparison.Ordinal) ? Remedies.All.Where(remedy => remedy.Docs == page).Select(remedy => RemedyCode.Text(remedy.Kind)) : Snippets(page);
        Assert.Equal(compiled, PageText.Blocks(PageText.Read(page), "csharp"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_of_a_page_lead_to_files(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        Assert.All(PageText.Links(PageText.Read(page)), link => Assert.True(File.Exists(Path.Combine(folder, link)), link));
    }

    [Fact]
    public void The_snippets_run()
    {
        DocsSnippets.ClassBackground(demo.Data);
        DocsSnippets.ClassForeground(demo.Data);
        DocsSnippets.Objectives();
    }

    /// <summary>The blocks of <see cref="DocsSnippets"/> that belong to a page.</summary>
    private static IEnumerable<string> Snippets(string page)
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests/Ballast.Training.Tests/Docs/DocsSnippets.cs"));
        return source.Split("// snippet ").Skip(1).Where(part => part.StartsWith(page + "\n", StringComparison.Ordinal))
            .Select(part => string.Join('\n', part.Split('\n').Skip(1).TakeWhile(line => line.Trim() != "// end").Select(line => line.Length > 8 ? line[8..] : line.Trim())));
    }

    /// <summary>The demo data set and the pages that are made of it.</summary>
    public sealed class Demo : IDisposable
    {
        private readonly DemoFolder _folder = DemoFolder.Draw();

        public Demo() => Pages = new(new(_folder.Data));

        public DetectionDataset Data => _folder.Data;

        internal RemedyPages Pages { get; }

        public void Dispose() => _folder.Dispose();
    }
}

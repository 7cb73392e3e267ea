using System.Reflection;
using System.Text.Json.Serialization;
using Ballast.Tests;

namespace Ballast.Training.Tests;

/// <summary>The catalogue and the records, held to each other both ways.</summary>
public class CatalogueTests
{
    /// <summary>Families of records that are no remedies: they say how something is drawn or laid out, or are the detector and its training themselves.</summary>
    private static readonly string[] NoRemedies =
    [
        "Ballast.AnchorRule", "Ballast.Figure", "Ballast.Training.RoILevelRule", "Ballast.Training.BackboneOptions", "Ballast.Training.DetectorOptions",
        "Ballast.Training.OptimizerOptions", "Ballast.Training.RateSchedule", "Ballast.PixelOperation", "Ballast.TelemetryLine",
    ];

    /// <summary>What a detector is without a remedy: SSD's own maps, which pyramids are the remedy for.</summary>
    private static readonly string[] NoRemedyKinds = ["extra-maps"];

    /// <summary>Families of how training shows images: their records have no pages yet. Class-aware and repeat-factor sampling are listed by their functions.</summary>
    private static readonly string[] WithoutPages = ["Ballast.Training.ImageSampler", "Ballast.Training.Augmentation"];

    private static readonly Type[] Types = [.. new[] { typeof(Remedy), typeof(BoxLoss) }.SelectMany(half => half.Assembly.GetTypes())];

    public static TheoryData<string> Kinds => [.. Remedies.All.Select(remedy => remedy.Kind)];

    [Fact]
    public void Every_kind_of_every_family_is_in_the_catalogue_and_the_other_way_round()
    {
        var records = from family in Families()
                      from kind in family.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
                      where !NoRemedyKinds.Contains(kind.TypeDiscriminator)
                      select $"{family.FullName}: {kind.TypeDiscriminator} is {kind.DerivedType.FullName}";
        var listed = Remedies.All.Where(remedy => remedy.Family.Type.Length > 0).Select(remedy => $"{remedy.Family.Type}: {remedy.Kind} is {remedy.Type}");
        Assert.Equal(records.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_concrete_record_of_a_family_has_a_kind()
    {
        var bases = Families().ToArray();
        var concrete = Types.Where(type => !type.IsAbstract && bases.Any(type.IsSubclassOf)).Select(type => type.FullName);
        var kinds = bases.SelectMany(family => family.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)).Select(kind => kind.DerivedType.FullName);
        Assert.Equal(concrete.Order(StringComparer.Ordinal), kinds.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_family_of_records_is_a_family_of_the_catalogue()
        => Assert.Equal(
            Families().Select(family => family.FullName).Order(StringComparer.Ordinal),
            RemedyFamily.All.Where(family => family.Type.Length > 0).Select(family => family.Type).Order(StringComparer.Ordinal));

    [Fact]
    public void Kinds_are_unique_and_each_has_its_code()
    {
        Assert.Equal(Remedies.All.Count, Remedies.All.DistinctBy(remedy => remedy.Kind).Count());
        Assert.Equal(Remedies.All.Select(remedy => remedy.Kind).Order(StringComparer.Ordinal), RemedyCode.Kinds.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Its_code_compiles_and_makes_its_type(string kind)
    {
        var remedy = Remedies.Named(kind);
        Assert.Equal(remedy.Code, RemedyCode.Text(kind));
        if (!RemedyTypes.Of(remedy).IsAbstract) Assert.IsType(RemedyTypes.Of(remedy), RemedyCode.Make(kind));
        else Assert.NotNull(RemedyCode.Make(kind));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_detectors_recipe_with_it_reads_as_what_its_code_makes(string kind)
    {
        var remedy = Remedies.Named(kind);
        Assert.Equal(remedy.Member.Length > 0, remedy.Recipe.Length > 0);
        if (remedy.Recipe.Length > 0) Assert.Equal(RemedyCode.Make(kind), RemedyRecipe.Of(remedy));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Its_options_are_explained_with_defaults(string kind)
    {
        var remedy = Remedies.Named(kind);
        if (!RemedyTypes.Of(remedy).IsAbstract) Assert.NotEqual("", RemedyTypes.Summary(remedy));
        Assert.All(RemedyTypes.Options(remedy), option => Assert.All([option.Name, option.Takes, option.Default, option.Meaning], text => Assert.NotEqual("", text)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_says_when_it_helps_and_when_it_harms_and_where_it_comes_from(string kind)
    {
        var remedy = Remedies.Named(kind);
        Assert.All([remedy.Helps, remedy.Harms], sentence => Assert.EndsWith(".", sentence, StringComparison.Ordinal));
        var papers = File.ReadAllText(Path.Combine(Repository.Root, "PAPERS.md"));
        Assert.All(remedy.Papers, paper => Assert.Contains(paper.ArXiv.Length > 0 ? $"arXiv:{paper.ArXiv}" : paper.Title, papers, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_are_what_the_record_says_of_itself()
    {
        var gamma = RemedyTypes.Options(Remedies.Named("focal"))[0];
        Assert.Equal(new("gamma", "number", "2", "0 or more", "How strongly easy candidates are weighed down; 0 is cross entropy. The article's lambda."), gamma);
        var form = RemedyTypes.Options(Remedies.Named("iou"))[0];
        Assert.Equal(("form", "log, linear, square", "\"log\"", ""), (form.Name, form.Takes, form.Default, form.Rule));
        var loss = RemedyTypes.Options(Remedies.Named("class-balanced"))[0];
        Assert.Equal(("loss", "a classification loss", "required"), (loss.Name, loss.Takes, loss.Default));
        var k = RemedyTypes.Options(Remedies.Named("atss"))[0];
        Assert.Equal(("nearestPerLevel", "whole number", "9", "at least 1"), (k.Name, k.Takes, k.Default, k.Rule));
    }

    [Fact]
    public void An_unknown_kind_gets_the_nearest()
        => Assert.Contains("did you mean 'focal'?", Assert.Throws<InputException>(() => Remedies.Named("fokal")).Message, StringComparison.Ordinal);

    private static IEnumerable<Type> Families()
        => Types.Where(type => type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Any() && !NoRemedies.Contains(type.FullName) && !WithoutPages.Contains(type.FullName));
}

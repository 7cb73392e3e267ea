using Ballast.Tests;

namespace Ballast.Training.Tests;

/// <summary>The recipes in samples/recipes: each is read, is its record, and builds; and there is one for every remedy that a detector takes.</summary>
[Collection(nameof(Alone))]
public class SampleRecipeTests
{
    /// <summary>Remedies that only guided anchoring takes, in a member of its own.</summary>
    private static readonly string[] Elsewhere = ["approx-max-iou"];

    private static readonly string Folder = Path.Combine(Repository.Root, "samples", "recipes");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Kinds => [.. Remedies.All.Where(remedy => remedy.RecipeLine.Length > 0 && !Elsewhere.Contains(remedy.Kind)).Select(remedy => remedy.Kind)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recipe_is_its_record_and_builds(string name)
    {
        var recipe = Load(name);
        Assert.Equal(recipe, RecipeReader.Parse<TrainingRecipe>(RecipeReader.ToJson(recipe)));
        Assert.EndsWith(".", recipe.About, StringComparison.Ordinal);
        recipe.Validate();
        using var detector = recipe.Detector.Build(PaintedScenes.Facts);
        Assert.Equal(3, detector.Classes);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_remedy_has_a_recipe_of_its_name_with_the_remedy_in_its_slot(string kind)
    {
        var remedy = Remedies.Named(kind);
        var detector = Load(kind).Detector;
        var slot = detector.GetType().GetProperty(char.ToUpperInvariant(remedy.Member[0]) + remedy.Member[1..]);
        Assert.NotNull(slot);
        Assert.Equal(remedy.Type, slot.GetValue(detector)!.GetType().FullName);
    }

    [Fact]
    public void The_recipes_for_BCCD_have_their_detectors_own_anchors_at_its_input_size()
    {
        Assert.Equal(DetectorProfile.RetinaNet with { Input = new() { Short = 240, Long = 320 } }, Load("bccd-retinanet").Detector.Profile);
        Assert.Equal(DetectorProfile.FasterRCNN with { Input = new() { Short = 240, Long = 320 } }, Load("bccd-faster-rcnn").Detector.Profile);
    }

    [Fact]
    public void A_word_that_is_wrong_gets_its_line_its_member_and_the_right_word()
    {
        var error = Assert.Throws<InputException>(() => RecipeReader.Parse<TrainingRecipe>("""
            {
              "detector": {
                "type": "retinanet",
                "boxLos": "giou"
              }
            }
            """, "mine.json"));
        Assert.Equal("'mine.json', line 4, detector.boxLos: 'boxLos' is no member of RetinaNetOptions; did you mean 'boxLoss'?", error.Message);
    }

    [Fact]
    public void Settings_reach_the_detector_of_a_recipe()
    {
        var recipe = RecipeSetting.Apply(Load("focal"), new[] { "detector.boxLoss.type=ciou", "detector.profile.input.short=240", "data=../bccd" }.Select(RecipeSetting.Parse));
        Assert.Equal(new CIoUBoxLoss(), Assert.IsType<RetinaNetOptions>(recipe.Detector).BoxLoss);
        Assert.Equal((240, "../bccd"), (recipe.Detector.Profile.Input.Short, recipe.Data));
        Assert.Equal(new SsdOptions(), RecipeSetting.Apply(recipe, [RecipeSetting.Parse("detector.type=ssd")]).Detector);
    }

    private static TrainingRecipe Load(string name) => RecipeReader.Load<TrainingRecipe>(Path.Combine(Folder, name + ".json"));
}

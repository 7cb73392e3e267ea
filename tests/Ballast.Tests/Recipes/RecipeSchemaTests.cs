using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ballast.Training;

namespace Ballast.Tests.Recipes;

public class RecipeSchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(RecipeSchema.Of<TrainingRecipe>())!.AsObject();

    [Fact]
    public void Every_reference_leads_to_a_definition()
    {
        var references = Descendants(Schema).OfType<JsonObject>().Select(each => each["$ref"]?.GetValue<string>()).OfType<string>().Distinct().ToArray();
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(Schema["$defs"]![reference["#/$defs/".Length..]]));
    }

    [Fact]
    public void A_family_takes_every_kind_as_a_word_and_as_an_object()
    {
        var words = Schema["$defs"]!["BoxLoss"]!["anyOf"]![0]!["enum"]!.AsArray().Select(word => word!.GetValue<string>());
        var kinds = typeof(BoxLoss).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false).Cast<JsonDerivedTypeAttribute>().Select(kind => (string)kind.TypeDiscriminator!);
        Assert.Equal(kinds, words);
        Assert.Equal("giou", Schema["$defs"]!["GIoUBoxLoss"]!["properties"]!["type"]!["const"]!.GetValue<string>());
    }

    [Fact]
    public void Members_have_defaults_and_meanings_and_no_others_are_let_in()
    {
        var epochs = Schema["$defs"]!["TrainingOptions"]!["properties"]!["epochs"]!;
        Assert.Equal("integer", epochs["type"]!.GetValue<string>());
        Assert.Equal(12, epochs["default"]!.GetValue<int>());
        Assert.StartsWith("How often each image is seen", epochs["description"]!.GetValue<string>());
        Assert.False(Schema["additionalProperties"]!.GetValue<bool>());
    }

    [Fact]
    public void The_reader_takes_each_default_that_the_schema_names()
    {
        var recipe = new JsonObject();
        foreach (var (name, member) in Schema["properties"]!.AsObject())
        {
            if (member!["default"] is { } value) recipe[name] = value.DeepClone();
        }

        Assert.Equal(new TrainingRecipe(), RecipeReader.Parse<TrainingRecipe>(recipe.ToJsonString()));
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node) => node switch
    {
        JsonObject branch => branch.Select(member => member.Value).OfType<JsonNode>().SelectMany(Descendants).Prepend(node),
        JsonArray list => list.OfType<JsonNode>().SelectMany(Descendants).Prepend(node),
        _ => [node],
    };
}

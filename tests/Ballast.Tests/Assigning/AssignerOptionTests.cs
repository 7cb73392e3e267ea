using System.Reflection;
using System.Text.Json.Serialization;

namespace Ballast.Tests.Assigning;

/// <summary>No option of an assigner does nothing.</summary>
public class AssignerOptionTests
{
    private static readonly AnchorGrid Single = Grid(1);
    private static readonly AnchorGrid Nine = Grid(9);

    /// <summary>Settings under which options count that do not count by default.</summary>
    private static readonly Assigner[] Settings =
    [
        new MaxIoUAssigner { IgnoreIoF = 0.3f },
        new ApproxMaxIoUAssigner { Rule = new() { IgnoreIoF = 0.3f } },
    ];

    public static TheoryData<string> Kinds => [.. All.Select(assigner => assigner.GetType().Name)];

    private static IEnumerable<Assigner> All => typeof(Assigner).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => (Assigner)Activator.CreateInstance(kind.DerivedType)!);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_option_changes_what_is_assigned(string kind)
    {
        Assigner[] records = [.. All.Concat(Settings).Where(assigner => assigner.GetType().Name == kind)];
        Assert.Empty(OptionWalk.Idle(records, Assign, new MaxIoUAssigner { PositiveIoU = 0.7f }));
    }

    /// <summary>Objects of all sizes, one of them as near to four anchors, and a region to ignore.</summary>
    private static float[]? Assign(Assigner assigner)
    {
        var truths = new Truths();
        foreach (var box in (Box[])[new(95, 95, 105, 105), new(20, 30, 60, 65), new(100, 90, 230, 210), new(150, 20, 175, 50), new(30, 120, 90, 190)]) truths.Add(box, 0);
        truths.Ignored.Add(new(200, 10, 280, 100));
        var result = new Assignment();
        try
        {
            assigner.Assign(AnchorSet.Of(assigner is RegionAssigner ? Single : Nine), truths, result);
        }
        catch (InputException)
        {
            return null;
        }

        return [.. result.Truths, .. result.Overlaps];
    }

    private static AnchorGrid Grid(int perPlace)
    {
        float[] ratios = perPlace == 1 ? [1] : [0.5f, 1, 2];
        return new AnchorOptions
        {
            Rule = new ExactAnchors(),
            Levels = [.. ((int[])[8, 16, 32]).Select((stride, level) => new AnchorLevelOptions
            {
                Name = $"P{level + 3}",
                Stride = stride,
                Sizes = perPlace == 1 ? [4 * stride] : [4 * stride, 5 * stride, 6.3f * stride],
                Ratios = [.. ratios],
            })],
        }.Grid(288, 256);
    }
}

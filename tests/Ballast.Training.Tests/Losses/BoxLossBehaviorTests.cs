namespace Ballast.Training.Tests;

/// <summary>The behaviour table, measured, against what the papers' formulas say.</summary>
public class BoxLossBehaviorTests
{
    [Theory]
    [InlineData("l2", "by encoding", "centre, size", "grows", "linear", false)]
    [InlineData("l1", "by encoding", "centre, size", "constant", "constant", false)]
    [InlineData("smooth-l1", "by encoding", "centre, size", "constant", "linear", false)]
    [InlineData("balanced-l1", "by encoding", "centre, size", "constant", "linear", false)]
    [InlineData("kl", "by encoding", "centre, size", "constant", "linear", false)]
    [InlineData("iou", "yes", "none", "none", "constant", true)]
    [InlineData("bounded-iou", "yes", "size", "none", "linear", false)]
    [InlineData("giou", "yes", "centre, size", "falls", "constant", true)]
    [InlineData("diou", "yes", "centre, size", "falls", "constant", true)]
    [InlineData("ciou", "yes", "centre, size", "falls", "constant", true)]
    [InlineData("efficient-iou", "yes", "centre, size", "falls", "constant", true)]
    [InlineData("siou", "yes", "centre, size", "falls", "constant", true)]
    [InlineData("extended-iou", "yes", "centre, size", "falls", "linear", true)]
    [InlineData("nwd", "no", "centre, size", "falls", "constant", true)]
    public void Words_are_those_of_the_formulas(string kind, string scale, string apart, string far, string near, bool joint)
    {
        var behavior = BoxLossBehavior.Of(kind, BoxLossKinds.Read(kind));
        Assert.Equal((scale, apart, far, near, joint), (behavior.ScaleInvariant, behavior.PullApart, behavior.Far, behavior.Near, behavior.Joint));
        Assert.True(behavior.PullApart is "none" or "size" || behavior.CenterPullApart > 0, "It draws the box to its object.");
    }

    [Fact]
    public void Values_and_gradients_are_the_formulas_own()
    {
        var l1 = BoxLossBehavior.Of("l1", new L1BoxLoss());
        Assert.All(l1.ByOffset, point => Assert.Equal(point.At, point.Value, 1e-12));
        Assert.All(l1.ByOffset, point => Assert.Equal(1, point.Gradient, 1e-12));
        var linear = BoxLossBehavior.Of("iou", new IoUBoxLoss { Form = IoULossForm.Linear });
        Assert.All(linear.ByIoU, point => Assert.Equal(1 - point.At, point.Value, 1e-6));
        Assert.All(linear.BySide, point => Assert.Equal(0.5, point.Value, 1e-6));
        Assert.All(linear.ByOffset, point => Assert.Equal(point.At < 1 ? 1 - ((1 - point.At) / (1 + point.At)) : 1, point.Value, 1e-6));

        // d/dx of 1 - (1 - x) / (1 + x) is 2 / (1 + x)^2; near the object the slope by the sides adds next to nothing.
        Assert.All(linear.ByOffset.Where(point => point.At <= 0.25), point => Assert.Equal(2 / Math.Pow(1 + point.At, 2), point.Gradient, 1e-2));
    }

    [Fact]
    public void Every_way_to_an_overlap_has_that_overlap()
    {
        foreach (var overlap in BoxLossBehavior.Overlaps)
        {
            foreach (var side in BoxLossBehavior.Sides)
            {
                var loss = new IoUBoxLoss { Form = IoULossForm.Linear };
                Assert.All(BoxLossBehavior.AtOverlap(loss, overlap, side, 64), value => Assert.Equal(1 - overlap, value, 1e-6));
            }
        }
    }

    [Fact]
    public void Kinds_are_all_that_stand_without_parts_and_recipes_are_read_too()
    {
        Assert.Contains("giou", BoxLossKinds.All);
        Assert.DoesNotContain("sum", BoxLossKinds.All);
        Assert.All(BoxLossKinds.All, kind => Assert.NotNull(BoxLossKinds.Read(kind)));
        Assert.Equal(new AlphaIoUBoxLoss { Alpha = 2 }, BoxLossKinds.Read("""{ "type": "alpha-iou", "alpha": 2 }"""));
        Assert.Contains("did you mean 'giou'?", Assert.Throws<InputException>(() => BoxLossKinds.Read("gious")).Message);
    }

    [Fact]
    public void The_page_holds_every_loss_and_figure_eleven()
    {
        using var folder = new TemporaryFolder();
        BoxLossReport.Save([.. new[] { "l2", "giou", "ghm-r" }.Select(kind => BoxLossBehavior.Of(kind, BoxLossKinds.Read(kind)))], folder.At("losses.html"));
        var page = File.ReadAllText(folder.At("losses.html"));
        Assert.All(["l2", "giou", "ghm-r", "shifted diagonally", "equal-iou"], word => Assert.Contains($"\"{word}\"", page));
        Assert.DoesNotContain("src=\"http", page);
    }

    [Theory]
    [InlineData("The box loss giou by itself", "differ by a factor of 1.096 under giou\"", "giou weighs objects of all sizes alike and moves and resizes boxes apart", "giou")]
    [InlineData("The box loss iou by itself", "cost the same under iou\"", "iou weighs objects of all sizes alike and teaches nothing to boxes apart", "iou")]
    [InlineData("The box loss nwd by itself", "under nwd\"", "nwd weighs objects by their size and moves and resizes boxes apart", "nwd")]
    [InlineData("2 box losses beside each other", "of 1.096 under giou\"", "1 of 2 losses weigh objects of all sizes alike", "l2", "giou")]
    public void The_page_speaks_of_one_loss_as_of_one(string summary, string equalIoU, string behaviour, params string[] kinds)
    {
        using var folder = new TemporaryFolder();
        BoxLossReport.Save([.. kinds.Select(kind => BoxLossBehavior.Of(kind, BoxLossKinds.Read(kind)))], folder.At("losses.html"));
        var page = File.ReadAllText(folder.At("losses.html"));
        Assert.All([summary, equalIoU, behaviour], words => Assert.Contains(words, page, StringComparison.Ordinal));
        Assert.DoesNotContain("1 box losses", page, StringComparison.Ordinal);
    }
}

namespace Ballast.Tests.Assigning;

public class AssignmentTests
{
    [Fact]
    public void Truths_become_candidates_of_their_own_after_the_others()
    {
        var (assignment, truths) = (new Assignment(), new Truths());
        truths.Add(new(0, 0, 10, 10), 4);
        truths.Add(new(5, 5, 9, 9), 2);
        assignment.Reset(3, Assignment.Background);
        assignment.Truths[1] = Assignment.Ignored;
        assignment.Overlaps[1] = 0.45f;
        assignment.AppendTruths(truths);
        Assert.Equal([Assignment.Background, Assignment.Ignored, Assignment.Background, 0, 1], assignment.Truths.ToArray());
        Assert.Equal([0, 0.45f, 0, 1, 1], assignment.Overlaps.ToArray());
        assignment.AppendTruths(new());
        Assert.Equal(5, assignment.Count);
        assignment.Reset(5, 0);
        Assert.Equal(new float[5], assignment.Overlaps.ToArray());
    }

    [Fact]
    public void Candidates_over_the_edge_are_left_out()
    {
        var (assignment, boxes) = (new Assignment(), new BoxArray());
        boxes.AddRange([new(0, 0, 10, 10), new(-1, 0, 10, 10), new(0, 0, 99, 49), new(0, 0, 100, 49), new(0, 0, 99, 50), new(0, -2, 101, 10)]);
        assignment.Reset(6, 0);
        assignment.LeaveOutOutside(AnchorSet.Of(boxes), 100, 50, 0);
        Assert.Equal([0, Assignment.Ignored, 0, Assignment.Ignored, Assignment.Ignored, Assignment.Ignored], assignment.Truths.ToArray());
        assignment.Reset(6, 0);
        assignment.LeaveOutOutside(AnchorSet.Of(boxes), 100, 50, 2);
        Assert.All(assignment.Truths.ToArray(), truth => Assert.Equal(0, truth));
    }
}

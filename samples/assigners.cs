#:project ../src/Ballast/Ballast.csproj

// How each assigner divides the candidates of the same image into objects, background and what is left out. Run it: dotnet run samples/assigners.cs
using Ballast;

var truths = new Truths();
truths.Add(new Box(60, 80, 380, 400), 0);
truths.Add(new Box(420, 100, 470, 150), 1);
truths.Add(new Box(500, 300, 516, 314), 1);

// Nine anchors at each cell as RetinaNet has them, and one square for the assigners that want a single one.
var many = AnchorSet.Of(DetectorProfile.RetinaNet.Anchors.Grid(640, 480));
int[] strides = [8, 16, 32, 64, 128];
var single = AnchorSet.Of(new AnchorOptions
{
    Rule = new ExactAnchors(),
    Levels = [.. strides.Select(stride => new AnchorLevelOptions { Name = $"stride {stride}", Stride = stride, Sizes = [8 * stride], Ratios = [1] })],
}.Grid(640, 480));

(string Name, Assigner Assigner, AnchorSet Anchors)[] runs =
[
    ("max-IoU, RetinaNet's", DetectorProfile.RetinaNet.Assigner, many),
    ("max-IoU, no low-quality matches", DetectorProfile.RetinaNet.Assigner with { LowQuality = LowQualityRule.None }, many),
    ("approx-max-IoU, nine a place", new ApproxMaxIoUAssigner(), many),
    ("ATSS, one square a cell", new AtssAssigner(), single),
    ("region, one square a cell", new RegionAssigner(), single),
];

Console.WriteLine($"{"assigner",-33} objects of each truth   left out   background");
foreach (var (name, assigner, anchors) in runs)
{
    var assignment = new Assignment();
    assigner.Assign(anchors, truths, assignment);
    var perTruth = Enumerable.Range(0, truths.Count).Select(truth => assignment.Truths.Count(truth));
    Console.WriteLine($"{name,-33} {string.Join(" + ", perTruth),-21} {assignment.Truths.Count(Assignment.Ignored),10:N0} {assignment.Truths.Count(Assignment.Background),12:N0}");
}

#:project ../src/Ballast/Ballast.csproj

// What each sampler picks from the same candidates: RetinaNet's anchors on an image with three objects, two of one class. Run it: dotnet run samples/samplers.cs
using Ballast;

var truths = new Truths();
truths.Add(new Box(60, 80, 380, 400), 0);
truths.Add(new Box(420, 100, 470, 150), 1);
truths.Add(new Box(500, 300, 540, 350), 1);

var anchors = AnchorSet.Of(DetectorProfile.RetinaNet.Anchors.Grid(640, 480));
var assignment = new Assignment();
DetectorProfile.RetinaNet.Assigner.Assign(anchors, truths, assignment);

// A head is asked only by samplers that need it. This one takes what overlaps an object for that object.
void Losses(Span<float> losses)
{
    for (var i = 0; i < losses.Length; i++)
        losses[i] = assignment.Truths[i] >= 0 ? 1 - assignment.Overlaps[i] : 2 * assignment.Overlaps[i];
}

void Predictions(Span<float> scores, BoxArray boxes)
{
    for (var i = 0; i < scores.Length; i++)
    {
        scores[i] = assignment.Overlaps[i];
        boxes.Add(anchors.Boxes[i]);
    }
}

var candidates = new Candidates();
candidates.Load(anchors, truths, assignment, Losses, Predictions);
Sampler[] samplers =
[
    new NoSampler(),
    new RandomSampler { Count = 64 },
    new HardNegativeMiningSampler(),
    new OnlineHardExampleMiningSampler { Count = 64 },
    new IoUBalancedNegativeSampler { Count = 64, BinRange = IoUBinRange.Negatives },
    new InstanceBalancedPositiveSampler { Count = 64 },
    new OnlineForegroundBalancedSampler { Count = 64 },
    new ImportanceReweightingSampler { Count = 64 },
    new CombinedSampler { Positives = new InstanceBalancedPositiveSampler { Count = 64 }, Negatives = new IoUBalancedNegativeSampler { Count = 64 } },
];

Console.WriteLine($"{"sampler",-34} objects of each truth   background   its mean IoU   sum of w");
foreach (var sampler in samplers)
{
    var random = RandomState.Of(seed: 1, step: 0);
    var weights = new float[candidates.Count];
    sampler.Weigh(candidates, ref random, weights);
    var (perTruth, background, overlap) = (new int[truths.Count], 0, 0.0);
    for (var i = 0; i < weights.Length; i++)
    {
        if (weights[i] == 0) continue;
        if (assignment.Truths[i] >= 0) perTruth[assignment.Truths[i]]++;
        else (background, overlap) = (background + 1, overlap + assignment.Overlaps[i]);
    }

    Console.WriteLine($"{sampler.GetType().Name,-34} {string.Join(" + ", perTruth),-21} {background,12:N0} {overlap / Math.Max(1, background),14:F3} {weights.Sum(),10:N1}");
}

#:project ../src/Ballast.Training/Ballast.Training.csproj
#:property UsesTorch=true
#:property RestorePackagesWithLockFile=false

// Box losses: what they cost and teach, alone and together. Run with: dotnet run samples/box-losses.cs
using Ballast;
using Ballast.Training;
using static TorchSharp.torch;

using var scope = NewDisposeScope();

// Two predictions of one object: shifted a little, and far away.
var truth = tensor(new[] { 20f, 20, 60, 60, 20, 20, 60, 60 }, [2, 4]);
var predicted = tensor(new[] { 25f, 20, 65, 60, 90, 20, 130, 60 }, [2, 4]);
BoxLoss[] losses =
[
    new IoUBoxLoss { Form = IoULossForm.Linear },
    new GIoUBoxLoss(),
    new DIoUBoxLoss(),
    new CIoUBoxLoss(),
    new EfficientIoUBoxLoss { FocalGamma = 0.5f },
    new ExtendedIoUBoxLoss(),
    new SIoUBoxLoss(),
    new BoundedIoUBoxLoss(),
    new NormalizedWassersteinBoxLoss { ConstantPixels = 32 },
    new AlphaIoUBoxLoss { Form = AlphaIoUForm.DIoU, Alpha = 3 },

    // A recipe is the same record: GIoU for boxes that hardly overlap, alpha-IoU for those that do.
    RecipeReader.Parse<BoxLoss>("""
        { "type": "sum", "parts": [
            { "loss": "giou", "schedule": { "over": "ioU", "at": [0.4, 0.6], "factors": [1, 0] } },
            { "loss": { "type": "alpha-iou", "alpha": 3 }, "schedule": { "over": "ioU", "at": [0.4, 0.6], "factors": [0, 1] } } ] }
        """),
];
foreach (var loss in losses)
{
    var boxes = predicted.clone().requires_grad_();
    var values = loss.Compute(BoxPairs.OfCorners(boxes, truth)).reshape(2, -1).sum(-1);
    Backward.Run(values.sum());
    var pull = boxes.grad!.abs().sum(-1);
    Console.WriteLine($"{loss.GetType().Name,-28} near {values[0].item<float>():0.000}, far {values[1].item<float>():0.000}; the far box is pulled by {pull[1].item<float>():0.0000}");
}

// Losses of encoded deltas: an error of a tenth, and one of 1.5.
foreach (var loss in new BoxLoss[] { new L1BoxLoss(), new L2BoxLoss(), new SmoothL1BoxLoss { Beta = 0.11f }, new BalancedL1BoxLoss(), new GradientHarmonizedBoxLoss(), new KLBoxLoss() })
{
    var deltas = tensor(new[,] { { 0.1f, 0, 0, 0 }, { 1.5f, 0, 0, 0 } }, requires_grad: true);
    Backward.Run(loss.Compute(BoxPairs.OfDeltas(deltas, zeros(2, 4), loss.ExtraOutputs > 0 ? zeros(2, loss.ExtraOutputs) : null), loss.State()).sum());
    var pull = deltas.grad!.abs().sum(-1);
    Console.WriteLine($"{loss.GetType().Name,-28} pulls the near box by {pull[0].item<float>():0.000}, the far one by {pull[1].item<float>():0.000}");
}

// L1 first, GIoU at the end: the trainer tells the loss how far it is.
var overTime = new SumBoxLoss
{
    Parts =
    [
        new() { Loss = new L1BoxLoss(), Schedule = new() { At = [0.5f, 1], Factors = [1, 0] } },
        new() { Loss = new GIoUBoxLoss(), Weight = 2, Schedule = new() { At = [0.5f, 1], Factors = [0, 1] } },
    ],
};
var state = overTime.State()!;
var pairs = new BoxPairs(full([2, 4], 0.2f), zeros(2, 4), () => (predicted, truth));
foreach (var done in (double[])[0, 0.75, 1])
{
    TrainingProgress.Set(state, done);
    Console.WriteLine($"after {done:0 %} of the training: {overTime.Compute(pairs, state).mean().item<float>():0.000}");
}

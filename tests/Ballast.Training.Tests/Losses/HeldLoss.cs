using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>Losses that hold a term fixed in their gradient, written out with that term taken once, where the gradient is asked for.</summary>
internal static class HeldLoss
{
    /// <summary>The loss with its held terms as they are at <paramref name="predicted"/>; null when it holds none.</summary>
    public static Func<Tensor, Tensor>? Of(BoxLoss loss, Tensor predicted, Tensor target) => loss switch
    {
        CIoUBoxLoss ciou => Complete(ciou, predicted.detach(), target),
        EfficientIoUBoxLoss { FocalGamma: { } gamma } => Focal(gamma, predicted.detach(), target),
        GradientHarmonizedBoxLoss ghm => Harmonized(ghm, predicted.detach(), target),
        AlphaIoUBoxLoss { Form: AlphaIoUForm.CIoU } alpha => Alpha(alpha, predicted.detach(), target),
        SumBoxLoss { Parts: [{ Schedule.Over: ScheduleAxis.IoU }, ..] } sum => Scheduled(sum, predicted.detach(), target),
        _ => null,
    };

    private static Func<Tensor, Tensor> Alpha(AlphaIoUBoxLoss loss, Tensor predicted, Tensor target)
    {
        var v = Aspect(predicted, target);
        var a = v / (1 - IoU(predicted, target) + v);
        return boxes => (loss with { Form = AlphaIoUForm.DIoU }).Compute(BoxPairs.OfCorners(boxes, target)) + (a * Aspect(boxes, target)).pow(loss.Alpha);
    }

    private static Func<Tensor, Tensor> Scheduled(SumBoxLoss loss, Tensor predicted, Tensor target)
    {
        var factor = loss.Parts[0].Schedule!.Factors[0] + ((loss.Parts[0].Schedule!.Factors[1] - loss.Parts[0].Schedule!.Factors[0]) * IoU(predicted, target));
        return boxes =>
        {
            var pairs = BoxPairs.OfCorners(boxes, target);
            return (factor * loss.Parts[0].Loss.Compute(pairs)) + loss.Parts[1].Loss.Compute(pairs).sum(-1);
        };
    }

    private static Func<Tensor, Tensor> Complete(CIoUBoxLoss loss, Tensor predicted, Tensor target)
    {
        var iou = IoU(predicted, target);
        var v = Aspect(predicted, target);
        var a = v / (1 - iou + v);
        if (loss.Gate) a = a * (iou > 0.5).to(ScalarType.Float64);
        return boxes =>
        {
            var value = new DIoUBoxLoss { Rule = loss.Rule }.Compute(BoxPairs.OfCorners(boxes, target)) + (a * Aspect(boxes, target));
            return loss.Gate ? value.clamp(0, 2) : value;
        };
    }

    private static Func<Tensor, Tensor> Focal(float gamma, Tensor predicted, Tensor target)
    {
        var factor = IoU(predicted, target).pow(gamma);
        return boxes => factor * new EfficientIoUBoxLoss().Compute(BoxPairs.OfCorners(boxes, target));
    }

    private static Func<Tensor, Tensor> Harmonized(GradientHarmonizedBoxLoss loss, Tensor predicted, Tensor target)
    {
        Tensor Plain(Tensor deltas) => ((deltas - target).pow(2) + ((double)loss.Mu * loss.Mu)).sqrt() - loss.Mu;
        var weights = loss.Compute(BoxPairs.OfDeltas(predicted, target), loss.State()) / Plain(predicted);
        return deltas => weights * Plain(deltas);
    }

    private static Tensor IoU(Tensor p, Tensor g) => 1 - new IoUBoxLoss { Form = IoULossForm.Linear, Epsilon = 1e-30f }.Compute(BoxPairs.OfCorners(p, g));

    private static Tensor Aspect(Tensor p, Tensor g)
    {
        static Tensor Angle(Tensor box) => ((box[.., 2] - box[.., 0]) / (box[.., 3] - box[.., 1])).atan();
        return 4 / (Math.PI * Math.PI) * (Angle(g) - Angle(p)).pow(2);
    }
}

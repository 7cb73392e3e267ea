using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Where background stands in the rows of a box head's weights: last here, first in torchvision. What is loaded from or saved for torchvision goes through this
/// by name; everything but <c>cls_score</c> and <c>bbox_pred</c> of the second stage stays as it is.
/// </summary>
public static class BackgroundRows
{
    /// <summary>Rows with background first, put last.</summary>
    /// <param name="options">What the detector was built from.</param>
    /// <param name="classes">Number of classes, K.</param>
    /// <param name="name">The weight's name in the detector.</param>
    /// <param name="weight">[rows, ...].</param>
    public static Tensor Last(FasterRCNNOptions options, int classes, string name, Tensor weight) => Move(options, classes, name, weight, first: 1);

    /// <summary>Rows with background last, put first.</summary>
    /// <inheritdoc cref="Last"/>
    public static Tensor First(FasterRCNNOptions options, int classes, string name, Tensor weight) => Move(options, classes, name, weight, first: classes);

    /// <summary>Puts the groups of rows from one on before those that stand before it.</summary>
    private static Tensor Move(FasterRCNNOptions options, int classes, string name, Tensor weight, int first)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(weight);
        var isScore = name.Contains("box_predictor.cls_score.", StringComparison.Ordinal) && options.ClassificationLoss.Channels(classes) == classes + 1;
        var isBox = name.Contains("box_predictor.bbox_pred.", StringComparison.Ordinal) && !options.ClassAgnostic;
        if (!isScore && !isBox) return weight;
        var each = weight.shape[0] / (classes + 1);
        return cat([weight.narrow(0, first * each, weight.shape[0] - (first * each)), weight.narrow(0, 0, first * each)], 0);
    }
}

namespace Ballast;
public sealed partial class PascalVocFormat
{
    internal override IReadOnlyList<FormatLoss> Write(DetectionDataset dataset, string folder, CancellationToken cancellation) => throw new NotImplementedException();
    internal override IReadOnlyList<FormatLoss> LossOf(DetectionDataset dataset) => throw new NotImplementedException();
}
public sealed partial class YoloFormat
{
    internal override IReadOnlyList<FormatLoss> Write(DetectionDataset dataset, string folder, CancellationToken cancellation) => throw new NotImplementedException();
    internal override IReadOnlyList<FormatLoss> LossOf(DetectionDataset dataset) => throw new NotImplementedException();
}
public sealed partial class OpenImagesFormat
{
    internal override IReadOnlyList<FormatLoss> Write(DetectionDataset dataset, string folder, CancellationToken cancellation) => throw new NotImplementedException();
    internal override IReadOnlyList<FormatLoss> LossOf(DetectionDataset dataset) => throw new NotImplementedException();
}

namespace Ballast;

/// <summary>A measure of how two boxes lie to each other.</summary>
public enum OverlapKind
{
    /// <summary>Intersection over union, 0 to 1.</summary>
    IoU,

    /// <summary>Intersection over the area of the first box (the foreground), 0 to 1.</summary>
    IoF,

    /// <summary>Generalized IoU (Rezatofighi et al. 2019, arXiv:1902.09630): IoU minus the share of the hull that neither box covers, -1 to 1.</summary>
    GIoU,

    /// <summary>
    /// Distance IoU (Zheng et al. 2020, arXiv:1911.08287): IoU minus the squared distance of the centres over the hull's squared diagonal, -1 to 1.
    /// </summary>
    DIoU,

    /// <summary>Complete IoU (same paper): DIoU minus the weighted difference of the aspect ratios.</summary>
    CIoU,
}

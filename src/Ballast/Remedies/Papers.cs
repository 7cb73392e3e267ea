namespace Ballast;

/// <summary>The papers of the remedies. PAPERS.md lists every paper of the project.</summary>
internal static class Papers
{
    public static Paper FasterRCNN { get; } = new(
        "Faster R-CNN: Towards Real-Time Object Detection with Region Proposal Networks", "Ren et al.", "NeurIPS", 2015, "1506.01497");

    public static Paper FastRCNN { get; } = new("Fast R-CNN", "Girshick", "ICCV", 2015, "1504.08083");

    public static Paper Ssd { get; } = new("SSD: Single Shot MultiBox Detector", "Liu et al.", "ECCV", 2016, "1512.02325");

    public static Paper Ohem { get; } = new(
        "Training Region-based Object Detectors with Online Hard Example Mining", "Shrivastava et al.", "CVPR", 2016, "1604.03540");

    public static Paper Focal { get; } = new("Focal Loss for Dense Object Detection", "Lin et al.", "ICCV", 2017, "1708.02002");

    public static Paper Ghm { get; } = new("Gradient Harmonized Single-Stage Detector", "Li et al.", "AAAI", 2019, "1811.05181");

    public static Paper GeneralizedFocal { get; } = new(
        "Generalized Focal Loss: Learning Qualified and Distributed Bounding Boxes for Dense Object Detection", "Li et al.", "NeurIPS", 2020, "2006.04388");

    public static Paper Varifocal { get; } = new("VarifocalNet: An IoU-aware Dense Object Detector", "Zhang et al.", "CVPR", 2021, "2008.13367");

    public static Paper ApLoss { get; } = new("Towards Accurate One-Stage Object Detection with AP-Loss", "Chen et al.", "CVPR", 2019, "1904.06373");

    public static Paper Alrp { get; } = new(
        "A Ranking-based, Balanced Loss Function Unifying Classification and Localisation in Object Detection", "Oksuz et al.", "NeurIPS", 2020, "2009.13592");

    public static Paper RankSort { get; } = new("Rank & Sort Loss for Object Detection and Instance Segmentation", "Oksuz et al.", "ICCV", 2021, "2107.11669");

    public static Paper Atss { get; } = new(
        "Bridging the Gap Between Anchor-based and Anchor-free Detection via Adaptive Training Sample Selection", "Zhang et al.", "CVPR", 2020, "1912.02424");

    public static Paper Libra { get; } = new("Libra R-CNN: Towards Balanced Learning for Object Detection", "Pang et al.", "CVPR", 2019, "1904.02701");

    public static Paper Generator { get; } = new(
        "Generating Positive Bounding Boxes for Balanced Training of Object Detectors", "Oksuz et al.", "WACV", 2020, "1909.09777");

    public static Paper Effective { get; } = new("Class-Balanced Loss Based on Effective Number of Samples", "Cui et al.", "CVPR", 2019, "1901.05555");

    public static Paper Seesaw { get; } = new("Seesaw Loss for Long-Tailed Instance Segmentation", "Wang et al.", "CVPR", 2021, "2008.10032");

    public static Paper Equalization { get; } = new(
        "Equalization Loss v2: A New Gradient Balance Approach for Long-tailed Object Detection", "Tan et al.", "CVPR", 2021, "2012.08548");

    public static Paper Lvis { get; } = new("LVIS: A Dataset for Large Vocabulary Instance Segmentation", "Gupta et al.", "CVPR", 2019, "1908.03195");

    public static Paper Relay { get; } = new(
        "Relay Backpropagation for Effective Learning of Deep Convolutional Neural Networks", "Shen et al.", "ECCV", 2016, "1512.05830");

    public static Paper Fpn { get; } = new("Feature Pyramid Networks for Object Detection", "Lin et al.", "CVPR", 2017, "1612.03144");

    public static Paper Panet { get; } = new("Path Aggregation Network for Instance Segmentation", "Liu et al.", "CVPR", 2018, "1803.01534");

    public static Paper Cascade { get; } = new("Cascade R-CNN: Delving into High Quality Object Detection", "Cai and Vasconcelos", "CVPR", 2018, "1712.00726");

    public static Paper GuidedAnchoring { get; } = new("Region Proposal by Guided Anchoring", "Wang et al.", "CVPR", 2019, "1901.03278");

    public static Paper UnitBox { get; } = new("UnitBox: An Advanced Object Detection Network", "Yu et al.", "ACM MM", 2016, "1608.01471");

    public static Paper BoundedIoU { get; } = new(
        "Improving Object Localization with Fitness NMS and Bounded IoU Loss", "Tychsen-Smith and Petersson", "CVPR", 2018, "1711.00164");

    public static Paper GIoU { get; } = new(
        "Generalized Intersection over Union: A Metric and A Loss for Bounding Box Regression", "Rezatofighi et al.", "CVPR", 2019, "1902.09630");

    public static Paper DIoU { get; } = new(
        "Distance-IoU Loss: Faster and Better Learning for Bounding Box Regression", "Zheng et al.", "AAAI", 2020, "1911.08287");

    public static Paper Kl { get; } = new("Bounding Box Regression with Uncertainty for Accurate Object Detection", "He et al.", "CVPR", 2019, "1809.08545");

    public static Paper EfficientIoU { get; } = new(
        "Focal and Efficient IOU Loss for Accurate Bounding Box Regression", "Zhang et al.", "Neurocomputing", 2021, "2101.08158");

    public static Paper ExtendedIoU { get; } = new(
        "A Systematic IoU-Related Method: Beyond Simplified Regression for Better Localization", "Peng and Yu", "IEEE TIP", 2021, "");

    public static Paper SIoU { get; } = new("SIoU Loss: More Powerful Learning for Bounding Box Regression", "Gevorgyan", "arXiv", 2022, "2205.12740");

    public static Paper AlphaIoU { get; } = new(
        "Alpha-IoU: A Family of Power Intersection over Union Losses for Bounding Box Regression", "He et al.", "NeurIPS", 2021, "2110.13675");

    public static Paper Wasserstein { get; } = new(
        "A Normalized Gaussian Wasserstein Distance for Tiny Object Detection", "Wang et al.", "arXiv", 2021, "2110.13389");

    public static Paper Prime { get; } = new("Prime Sample Attention in Object Detection", "Cao et al.", "CVPR", 2020, "1904.04821");

    public static Paper Guided { get; } = new(
        "Is Sampling Heuristics Necessary in Training Deep Object Detectors?", "Chen et al.", "arXiv", 2019, "1909.04868");

    public static Paper Uncertainty { get; } = new(
        "Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and Semantics", "Kendall et al.", "CVPR", 2018, "1705.07115");

    public static Paper GradNorm { get; } = new(
        "GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask Networks", "Chen et al.", "ICML", 2018, "1711.02257");

    public static Paper Review { get; } = new("Imbalance Problems in Object Detection: A Review", "Oksuz et al.", "TPAMI", 2020, "1909.00169");

    public static Paper WeightAverage { get; } = new("End-to-End Multi-Task Learning with Attention", "Liu et al.", "CVPR", 2019, "1803.10704");
}

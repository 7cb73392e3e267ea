using Ballast.Benchmarks;

return args switch
{
    ["generate-coco", .. var options] => CocoGenerator.Run(options),
    ["generate-detections", .. var options] => DetectionGenerator.Run(options),
    ["evaluate", var truth, var detections, .. var options] => EvaluateBenchmark.Run(truth, detections, options),
    ["load", var file, ..] => LoadBenchmark.Run(file, held: true),
    ["load-once", var file, ..] => LoadBenchmark.Run(file, held: false),
    ["images"] => ImageBenchmark.Run(),
    ["geometry", var file] => GeometryBenchmark.Run(file),
    ["sampling"] => SamplingBenchmark.Run(),
    ["operators", .. var options] => OperatorBenchmark.Run(options),
    ["losses", .. var options] => LossBenchmark.Run(options),
    ["losses-focal", .. var options] => LossBenchmark.RunFocal(options),
    ["performance", .. var options] => PerformanceRunner.Run(options),
    ["remedies", var docs] => RemediesRunner.Run(docs),
    ["remedies", var docs, var real] => RemediesRunner.Run(docs, real),
    ["empty"] => 0,
    ["tokens", var file] => TokenBenchmark.Run(file),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        generate-coco --images N --boxes N [--classes N] [--polygons] [--seed N] -o FILE   writes a COCO file of train2017's shape
        generate-detections --truth FILE --count N [--seed N] -o FILE        writes COCO results of a detector that finds most of it, scores with three digits
        evaluate TRUTH DETECTIONS [--bootstrap] [--all]                      measures them: CPU seconds, wall seconds, peak memory
        load FILE                                                           loads it: CPU seconds, wall seconds, peak and held memory
        load-once FILE                                                      the same without a second, warm load
        tokens FILE                                                         the platform's Utf8JsonReader over all tokens, as a yardstick
        images                                                              decoding, encoding and resampling: CPU milliseconds an image
        geometry FILE                                                       matching anchors (sparse, dense), suppressing overlapping boxes
        sampling                                                            assigning and sampling 200,000 candidates: CPU milliseconds
        operators [--rounds N] [--threads N] [--python PROGRAM] [-o FILE]   RoIAlign, deformable convolution, suppression beside torchvision: a section of FILE
        losses [--rounds N] [--threads N] [--python PROGRAM] [-o FILE]      every loss; focal loss beside torchvision: a section of FILE
        performance [--quick] [--rounds N] -o FILE                          all of it with whole commands, as a page: docs/performance.md
        remedies DOCS [DATA]                                                the generated parts of docs/remedies and docs/imbalances, below the folder DOCS; samplers on DATA too
        empty                                                               nothing: what the process itself costs
        """);
    return 2;
}

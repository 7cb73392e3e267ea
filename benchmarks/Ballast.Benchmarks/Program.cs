using Ballast.Benchmarks;

return args switch
{
    ["generate-coco", .. var options] => CocoGenerator.Run(options),
    ["load", var file, ..] => LoadBenchmark.Run(file, held: true),
    ["load-once", var file, ..] => LoadBenchmark.Run(file, held: false),
    ["empty"] => 0,
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        generate-coco --images N --boxes N [--polygons] [--seed N] -o FILE   writes a COCO file of train2017's shape
        load FILE                                                           loads it: CPU seconds, wall seconds, peak and held memory
        load-once FILE                                                      the same without a second, warm load
        empty                                                               nothing: what the process itself costs
        """);
    return 2;
}

using Ballast.Benchmarks;

return args switch
{
    ["generate-coco", .. var options] => CocoGenerator.Run(options),
    ["load", var file, ..] => LoadBenchmark.Run(file, held: true),
    ["load-once", var file, ..] => LoadBenchmark.Run(file, held: false),
    ["images"] => ImageBenchmark.Run(),
    ["empty"] => 0,
    ["tokens", var file] => TokenBenchmark.Run(file),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        generate-coco --images N --boxes N [--polygons] [--seed N] -o FILE   writes a COCO file of train2017's shape
        load FILE                                                           loads it: CPU seconds, wall seconds, peak and held memory
        load-once FILE                                                      the same without a second, warm load
        tokens FILE                                                         the platform's Utf8JsonReader over all tokens, as a yardstick
        images                                                              decoding, encoding and resampling: CPU milliseconds an image
        empty                                                               nothing: what the process itself costs
        """);
    return 2;
}

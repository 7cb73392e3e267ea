namespace Ballast.Tests.Evaluation;

/// <summary>Scenes drawn from a known world: every image holds a Poisson number of objects, each found with a known chance, and false alarms between them.</summary>
internal static class RandomScene
{
    public sealed record World(double ObjectsPerImage = 0.3, double Found = 0.8, double FalseAlarmsPerImage = 1, double Jitter = 0.12, double ScoreGap = 0.3);

    public static Scene Draw(World world, int images, Random random, int classes = 1)
    {
        var scene = Scene.With(classes, images);
        for (var image = 0; image < images; image++)
        {
            for (var k = 0; k < classes; k++)
            {
                var objects = Poisson(random, world.ObjectsPerImage);
                for (var i = 0; i < objects; i++)
                {
                    // A cell of its own for each, so that objects do not compete for detections.
                    var (x, y, size) = (100.0 * i, 120.0 * k, 20 + (70 * random.NextDouble()));
                    scene.Object(image, k, x, y, size, size);
                    if (random.NextDouble() >= world.Found) continue;
                    var shift = world.Jitter * size * Math.Abs(Normal(random));
                    scene.Found(image, k, x + shift, y, size, size, Math.Clamp(0.5 + (world.ScoreGap / 2) + (0.2 * Normal(random)), 0, 1));
                }

                var alarms = Poisson(random, world.FalseAlarmsPerImage);
                for (var i = 0; i < alarms; i++)
                    scene.Found(image, k, 5000 + (100 * i), 120.0 * k, 30, 30, Math.Clamp(0.5 - (world.ScoreGap / 2) + (0.2 * Normal(random)), 0, 1));
            }
        }

        return scene;
    }

    public static int Poisson(Random random, double mean)
    {
        var (count, product, least) = (0, random.NextDouble(), Math.Exp(-mean));
        while (product > least)
        {
            count++;
            product *= random.NextDouble();
        }

        return count;
    }

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

using CsCheck;

namespace Ballast.Tests.Evaluation;

/// <summary>Small scenes full of what decides edge cases: objects on top of each other, crowds, areas at the borders of ranges, tied scores and overlaps, ids out of order.</summary>
internal static class MessyScene
{
    public static readonly Gen<Scene> Any = Gen.Int[0, int.MaxValue].Select(seed => Draw(new Random(seed), distinct: false));

    /// <summary>Scenes whose scores and overlaps all differ.</summary>
    public static readonly Gen<Scene> Distinct = Gen.Int[0, int.MaxValue].Select(seed => Draw(new Random(seed), distinct: true));

    private static Scene Draw(Random random, bool distinct)
    {
        var scene = new Scene();
        var classes = random.Next(1, 4);
        for (var k = 0; k < classes; k++) scene.AddClass($"class{k}");
        var ids = Enumerable.Range(1, random.Next(1, 7)).OrderBy(_ => random.Next()).ToArray();
        foreach (var id in ids) scene.AddImage(id * 10);
        for (var image = 0; image < ids.Length; image++)
        {
            var objects = random.Next(0, 6);
            for (var i = 0; i < objects; i++)
            {
                var (x, y, width, height) = Place(random, distinct);
                scene.Object(image, random.Next(classes), x, y, width, height, random.Next(8) == 0 ? BoxMarks.Crowd : BoxMarks.None);
            }
        }

        foreach (var truth in scene.Truths.ToArray())
        {
            var tries = random.Next(0, 4);
            for (var i = 0; i < tries; i++)
            {
                var shift = distinct ? random.NextDouble() * 0.4 : random.Next(0, 3) * 0.125;
                var @class = random.Next(5) == 0 ? random.Next(classes) : truth.Class;
                scene.Found(truth.Image, @class, truth.X + (shift * truth.Width), truth.Y, truth.Width, truth.Height, Score(random, distinct));
            }
        }

        for (var i = random.Next(0, 8); i > 0; i--)
        {
            var (x, y, width, height) = Place(random, distinct);
            scene.Found(random.Next(ids.Length), random.Next(classes), x, y, width, height, Score(random, distinct));
        }

        return scene;
    }

    private static (double X, double Y, double Width, double Height) Place(Random random, bool distinct)
    {
        double[] sides = [8, 16, 32, 96, 128];
        return distinct
            ? (random.NextDouble() * 200, random.NextDouble() * 200, 5 + (random.NextDouble() * 120), 5 + (random.NextDouble() * 120))
            : (random.Next(0, 5) * 16, random.Next(0, 5) * 16, sides[random.Next(sides.Length)], sides[random.Next(sides.Length)]);
    }

    private static double Score(Random random, bool distinct) => distinct ? random.NextDouble() : random.Next(1, 6) / 8.0;
}

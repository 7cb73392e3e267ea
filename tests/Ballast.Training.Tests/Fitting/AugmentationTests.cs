namespace Ballast.Training.Tests;

public class AugmentationTests
{
    private static readonly Box[] Objects = [new(10, 20, 30, 60), new(60, 5, 95, 45)];

    [Fact]
    public void Boxes_stay_on_what_they_show_whatever_is_done_to_the_image()
    {
        Augmentation[] all = [new FlipAugmentation { VerticalProbability = 0.5 }, new MultiScaleAugmentation { ShortSides = [60, 100, 200] }, new ScaleJitterAugmentation(), new CropAugmentation { Probability = 1 }];
        for (var step = 0; step < 300; step++)
        {
            var (placement, size, moved) = Place(all, step);
            for (var i = 0; i < moved.Count; i++)
            {
                // A point of the original at the middle of the moved box must lie in the middle of what is seen of the object.
                var (x, y) = Back(placement, size, moved.Boxes[i].CenterX, moved.Boxes[i].CenterY);
                var original = Objects[moved.Classes[i]];
                var seen = new Box(Math.Max(original.X1, placement.Window.X1), Math.Max(original.Y1, placement.Window.Y1), Math.Min(original.X2, placement.Window.X2), Math.Min(original.Y2, placement.Window.Y2));
                Assert.Equal(seen.CenterX, x, 0.01);
                Assert.Equal(seen.CenterY, y, 0.01);
                Assert.True(seen.Area >= 0.3 * original.Area);
                Assert.True(moved.Boxes[i] is { X1: >= 0, Y1: >= 0 } box && box.X2 <= size.Width + 0.001f && box.Y2 <= size.Height + 0.001f);
            }
        }
    }

    [Fact]
    public void A_flip_mirrors_boxes_and_two_flips_give_them_back()
    {
        var once = Move(new(true, false));
        Assert.Equal(new Box(70, 20, 90, 60), once);
        Assert.Equal(new Box(10, 40, 30, 80), Move(new(false, true)));

        static Box Move(Flips flips)
        {
            var placement = new Placement(100, 100) { FlipX = flips.FlipX, FlipY = flips.FlipY };
            var truths = new Truths();
            truths.Add(Objects[0], 0);
            return placement.Move(truths, (100, 100)).Boxes[0];
        }
    }

    [Fact]
    public void Probabilities_are_those_of_the_options()
    {
        var (horizontal, vertical, cut) = (0, 0, 0);
        for (var step = 0; step < 4000; step++)
        {
            var (placement, _, _) = Place([new FlipAugmentation { HorizontalProbability = 0.25, VerticalProbability = 0.75 }, new CropAugmentation { Probability = 0.5 }], step);
            horizontal += placement.FlipX ? 1 : 0;
            vertical += placement.FlipY ? 1 : 0;
            cut += placement.Window.Width < 100 || placement.Window.Height < 100 ? 1 : 0;
        }

        Assert.InRange(horizontal, 860, 1140);
        Assert.InRange(vertical, 2860, 3140);
        Assert.InRange(cut, 1850, 2150);
    }

    [Fact]
    public void A_crop_shows_an_object_where_there_is_one()
    {
        for (var step = 0; step < 300; step++)
        {
            var (placement, _, moved) = Place([new CropAugmentation { Probability = 1, SmallestFraction = 0.2 }], step);
            Assert.True(moved.Count > 0);
            Assert.True(placement.Window is { X1: >= 0, Y1: >= 0, X2: <= 100, Y2: <= 100, Width: >= 20, Height: >= 20 });
        }
    }

    [Fact]
    public void Jitter_gives_objects_between_the_two_factors_of_their_size()
    {
        var factors = new List<double>();
        for (var step = 0; step < 500; step++)
        {
            var (placement, size, _) = Place([new ScaleJitterAugmentation { Smallest = 0.5, Largest = 2 }], step);
            factors.Add(size.Width / placement.Window.Width);
            Assert.InRange(size.Width, 49, 101);
        }

        Assert.InRange(factors.Min(), 0.49, 0.55);
        Assert.InRange(factors.Max(), 1.85, 2.05);
    }

    [Fact]
    public void Multi_scale_takes_every_side_of_its_list()
    {
        var sides = Enumerable.Range(0, 200).Select(step => Place([new MultiScaleAugmentation { ShortSides = [50, 80, 120] }], step).Size.Width).ToHashSet();
        Assert.Equal([50, 80, 120], sides.Order());
    }

    [Fact]
    public void Colours_change_and_places_do_not()
    {
        var (placement, size, moved) = Place([new PhotometricAugmentation { Probability = 1 }], 1);
        Assert.Equal((100, 100), size);
        Assert.Equal(Objects, Enumerable.Range(0, 2).Select(i => moved.Boxes[i]));
        var operation = Assert.IsType<ColorOperation>(Assert.Single(placement.Operations));
        Assert.InRange(operation.Brightness, 0.875, 1.125);
        Assert.NotEqual(1, operation.Contrast);
    }

    [Fact]
    public void Values_out_of_range_are_refused_by_name()
    {
        Assert.Contains("FlipAugmentation.HorizontalProbability is 1.5", Assert.Throws<InputException>(() => new FlipAugmentation { HorizontalProbability = 1.5 }).Message);
        Assert.Contains("MultiScaleAugmentation.ShortSides is []", Assert.Throws<InputException>(() => new MultiScaleAugmentation { ShortSides = [] }).Message);
        Assert.Contains("CropAugmentation.SmallestFraction is 0", Assert.Throws<InputException>(() => new CropAugmentation { SmallestFraction = 0 }).Message);
        Assert.Throws<InputException>(() => new ScaleJitterAugmentation { Largest = 0.5 });
        Assert.Throws<InputException>(() => new PhotometricAugmentation { Hue = 1 });
    }

    private static (Placement Placement, (int Width, int Height) Size, Truths Moved) Place(Augmentation[] augmentations, long step)
    {
        var (placement, truths, random) = (new Placement(100, 100), new Truths(), RandomState.Of(1, step));
        for (var i = 0; i < Objects.Length; i++) truths.Add(Objects[i], i);
        foreach (var augmentation in augmentations) augmentation.Apply(placement, truths, ref random);
        var size = placement.Size(new() { Short = 100, Long = 400 });
        return (placement, size, placement.Move(truths, size));
    }

    private static (double X, double Y) Back(Placement placement, (int Width, int Height) size, double x, double y)
    {
        if (placement.FlipX) x = size.Width - x;
        if (placement.FlipY) y = size.Height - y;
        return (placement.Window.X1 + (x * placement.Window.Width / size.Width), placement.Window.Y1 + (y * placement.Window.Height / size.Height));
    }

    private readonly record struct Flips(bool FlipX, bool FlipY);
}

using System.Collections.Concurrent;

namespace Ballast.Training.Tests;

public class BatchLoaderTests
{
    private static readonly LoaderOptions Everything = new()
    {
        BatchSize = 3,
        Augmentations =
        [
            new FlipAugmentation { VerticalProbability = 0.5 }, new MultiScaleAugmentation { ShortSides = [24, 32, 40] }, new ScaleJitterAugmentation(),
            new CropAugmentation(), new PhotometricAugmentation(),
        ],
    };

    [Fact]
    public void One_thread_or_four_asked_in_order_or_not_give_the_same_bits()
    {
        using var set = new LoaderSet();
        using var plain = new BatchLoader(set.Data, LoaderSet.Transform, Everything with { Threads = 1, Ahead = 0 }, 7);
        using var busy = new BatchLoader(set.Data, LoaderSet.Transform, Everything with { Threads = 4, Ahead = 5 }, 7);
        long[] steps = [0, 1, 2, 3, 9, 4, 9, 0, 1_000_000];
        foreach (var step in steps) AssertSame(plain.Load(step), busy.Load(step));
        Assert.NotEqual(plain.Load(0).Pixels, plain.Load(1).Pixels);
        using var other = new BatchLoader(set.Data, LoaderSet.Transform, Everything, 8);
        Assert.NotEqual(plain.Load(0).Pixels, other.Load(0).Pixels);
    }

    [Fact]
    public void Without_augmentation_a_batch_is_what_the_detector_s_transform_makes()
    {
        using var set = new LoaderSet();
        using var loader = new BatchLoader(set.Data, LoaderSet.Transform, new() { BatchSize = 2, Augmentations = [] }, 1);
        for (var step = 0; step < 3; step++)
        {
            var batch = loader.Load(step);
            var images = batch.Items.Select(item => Decode(set, (int)item.Id)).ToArray();
            var expected = LoaderSet.Transform.Apply([.. images.Select(PlanarImage.Of)], [.. batch.Items.Select(item => TruthsOf(set, (int)item.Id))]);
            Assert.Equal((expected.Width, expected.Height), (batch.Width, batch.Height));
            Assert.Equal(expected.Pixels, batch.Pixels);
            for (var i = 0; i < 2; i++)
            {
                var (a, b) = (expected.Items[i], batch.Items[i]);
                Assert.Equal((a.Width, a.Height, a.InputWidth, a.InputHeight), (b.Width, b.Height, b.InputWidth, b.InputHeight));
                AssertSame(a.Truths, b.Truths);
            }
        }
    }

    [Fact]
    public void An_epoch_shows_every_image_once_and_the_next_in_another_order()
    {
        using var set = new LoaderSet();
        using var loader = new BatchLoader(set.Data, LoaderSet.Transform, new() { BatchSize = 3 }, 1);
        Assert.Equal(2, loader.StepsPerEpoch);
        var ids = Enumerable.Range(0, 8).Select(step => loader.Load(step).Items.Select(item => item.Id).ToArray()).ToArray();
        for (var epoch = 0; epoch < 4; epoch++) Assert.Equal([0, 1, 2, 3, 4, 5], ids[2 * epoch].Concat(ids[(2 * epoch) + 1]).Order());
        Assert.Contains(Enumerable.Range(1, 3), epoch => !ids[2 * epoch].SequenceEqual(ids[0]));
    }

    [Fact]
    public void Crowds_are_regions_to_ignore()
    {
        using var set = new LoaderSet();
        using var loader = new BatchLoader(set.Data, LoaderSet.Transform, new() { BatchSize = 6, Augmentations = [] }, 1);
        var crowd = loader.Load(0).Items.Single(item => item.Id == 1).Truths;
        Assert.Equal((1, 1), (crowd.Count, crowd.Ignored.Count));
    }

    [Fact]
    public void An_image_that_cannot_be_decoded_is_replaced_and_named_or_ends_the_training()
    {
        using var set = new LoaderSet();
        File.WriteAllText(set.At("2.png"), "no image");
        File.Delete(set.At("3.png"));
        using var first = new BatchLoader(set.Data, LoaderSet.Transform, Everything with { Threads = 1 }, 3);
        using var second = new BatchLoader(set.Data, LoaderSet.Transform, Everything with { Threads = 3 }, 3);
        for (var step = 0; step < 4; step++)
        {
            var batch = first.Load(step);
            Assert.DoesNotContain(batch.Items, item => item.Id is 2 or 3);
            AssertSame(batch, second.Load(step));
        }

        Assert.Equal([2, 3], first.Skipped.Keys.Order());
        Assert.Contains("'2.png' is no JPEG", first.Skipped[2]);
        Assert.Contains("'3.png' is not found", first.Skipped[3]);
        using var strict = new BatchLoader(set.Data, LoaderSet.Transform, Everything with { BatchSize = 6, Strict = true }, 3);
        Assert.Throws<InputException>(() => strict.Load(0));
    }

    [Fact]
    public void Data_of_which_nothing_can_be_decoded_give_a_sentence_not_a_loop()
    {
        using var set = new LoaderSet(2);
        foreach (var name in (string[])["0.png", "1.png"]) File.Delete(set.At(name));
        using var loader = new BatchLoader(set.Data, LoaderSet.Transform, Everything, 3);
        Assert.Contains("is not found", Assert.Throws<InputException>(() => loader.Load(0)).Message);
    }

    [Fact]
    public void What_depends_on_the_objects_alone_is_prepared_on_a_loader_s_thread()
    {
        using var set = new LoaderSet();
        var threads = new ConcurrentBag<string?>();
        using var loader = new BatchLoader(set.Data, LoaderSet.Transform, new() { BatchSize = 2, Threads = 2 }, 1, prepare: batch =>
        {
            threads.Add(Thread.CurrentThread.Name);
            batch.Prepared = batch.Items.Sum(item => item.Truths.Count);
        });
        var batch = loader.Load(0);
        Assert.Equal(batch.Items.Sum(item => item.Truths.Count), batch.Prepared);
        Assert.All(threads, name => Assert.StartsWith("Ballast loader", name));
    }

    [Fact]
    public void What_goes_wrong_on_a_thread_is_thrown_where_the_batch_is_asked_for()
    {
        using var set = new LoaderSet();
        using var loader = new BatchLoader(set.Data, LoaderSet.Transform, new() { BatchSize = 2 }, 1, prepare: batch =>
        {
            if (batch.Step == 1) throw new InvalidOperationException("not this one");
        });
        Assert.Equal(0, loader.Load(0).Step);
        Assert.Equal("not this one", Assert.Throws<InvalidOperationException>(() => loader.Load(1)).Message);
        Assert.Equal(2, loader.Load(2).Step);
    }

    [Fact]
    public void No_more_batches_are_made_ahead_than_asked_for()
    {
        using var set = new LoaderSet();
        var most = 0L;
        using (var loader = new BatchLoader(set.Data, LoaderSet.Transform, new() { BatchSize = 1, Ahead = 3, Threads = 2 }, 1, prepare: batch => InterlockedMax(ref most, batch.Step)))
        {
            loader.Load(0);
            for (var waits = 0; waits < 2000 && Interlocked.Read(ref most) < 3; waits++) Thread.Sleep(5);
        }

        Assert.Equal(3, most);
    }

    [Fact]
    public void Views_are_shown_in_place_of_images()
    {
        using var set = new LoaderSet();
        var mosaic = new View
        {
            Width = 64,
            Height = 32,
            Layers = [new() { Image = 0, Matrix = Homography.Scale(0.5, 0.5) }, new() { Image = 2, Matrix = Homography.Scale(0.5, 0.5).Then(Homography.Move(32, 0)) }],
        };
        using var loader = new BatchLoader(set.Data, LoaderSet.Transform, new() { BatchSize = 1, Augmentations = [] }, 1, [mosaic, View.Of(4)]);
        Assert.Equal(2, loader.StepsPerEpoch);
        var batches = new[] { loader.Load(0), loader.Load(1) };
        Assert.Equal([0, 4], batches.Select(batch => batch.Items[0].Id).Order());
        var item = batches.Single(batch => batch.Items[0].Id == 0).Items[0];
        Assert.Equal((64, 32), (item.Width, item.Height));
        Assert.Equal(4, item.Truths.Count);
        Assert.Contains(new Box(25.5f, 2.25f, 30, 6), Enumerable.Range(0, 4).Select(box => item.Truths.Boxes[box]));
    }

    [Fact]
    public void Options_are_their_own_json()
    {
        var json = RecipeReader.ToJson(Everything with { Images = new RepeatFactorImageSampler { ThresholdFraction = 0.1 } });
        Assert.Equal(Everything with { Images = new RepeatFactorImageSampler { ThresholdFraction = 0.1 } }, RecipeReader.Parse<LoaderOptions>(json));
        Assert.Equal(new ClassAwareImageSampler(), RecipeReader.Parse<ImageSampler>("\"class-aware\""));
        Assert.Throws<InputException>(() => new LoaderOptions { BatchSize = 0 });
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var known = Interlocked.Read(ref most); known < value; known = Interlocked.Read(ref most)) Interlocked.CompareExchange(ref most, value, known);
    }

    private static Pixels Decode(LoaderSet set, int image)
    {
        using var file = File.OpenRead(set.At($"{image}.png"));
        return ImageFile.Decode(file).Pixels;
    }

    private static Truths TruthsOf(LoaderSet set, int image)
    {
        var truths = new Truths();
        View.Of(image).Truths(set.Data, index => (set.Data.Images.Width(index), set.Data.Images.Height(index)), truths);
        return truths;
    }

    private static void AssertSame(LoadedBatch a, LoadedBatch b)
    {
        Assert.Equal((a.Step, a.Width, a.Height, a.Items.Count), (b.Step, b.Width, b.Height, b.Items.Count));
        Assert.Equal(a.Pixels, b.Pixels);
        for (var i = 0; i < a.Items.Count; i++)
        {
            Assert.Equal(a.Items[i] with { Truths = b.Items[i].Truths }, b.Items[i]);
            AssertSame(a.Items[i].Truths, b.Items[i].Truths);
        }
    }

    private static void AssertSame(Truths a, Truths b)
    {
        Assert.Equal(a.Classes, b.Classes);
        Assert.Equal(a.Ignored.Count, b.Ignored.Count);
        for (var i = 0; i < a.Count; i++) Assert.Equal(a.Boxes[i], b.Boxes[i]);
        for (var i = 0; i < a.Ignored.Count; i++) Assert.Equal(a.Ignored[i], b.Ignored[i]);
    }
}

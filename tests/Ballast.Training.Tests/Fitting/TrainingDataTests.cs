namespace Ballast.Training.Tests;

public sealed class TrainingDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Data_without_a_box_is_refused_with_a_command_to_look_at_it()
    {
        var path = PaintedSet.Write(_folder.At(""), "empty", [0, 1, 2], boxes: false);
        var error = Assert.Throws<InputException>(() => TrainingData.Open(new() { Data = path }));
        Assert.Contains("3 images", Refusal(path).Message, StringComparison.Ordinal);
        Assert.Contains("no box", error.Message, StringComparison.Ordinal);

        InputException Refusal(string data) => Assert.Throws<InputException>(() => TrainingData.Open(new() { TrainOn = data, ValidateOn = data }));
    }

    [Fact]
    public void Classes_that_differ_are_named_and_another_order_is_none()
    {
        var train = PaintedSet.Write(_folder.At(""), "a", [0, 1]);
        var turned = PaintedSet.Write(_folder.At(""), "b", [2, 3], classes: ["blue", "red", "green"]);
        var other = PaintedSet.Write(_folder.At(""), "c", [2, 3], classes: ["red", "green", "blue", "cube"]);
        using (var data = TrainingData.Open(new() { TrainOn = train, ValidateOn = turned }))
        {
            Assert.Equal(data.Train.Classes, data.Validation.Classes);
            // Scene 2 has one object, a red one.
            Assert.Equal("red", data.Validation.Classes[data.Validation.Boxes.Class(0)]);
        }

        var error = Assert.Throws<InputException>(() => TrainingData.Open(new() { TrainOn = train, ValidateOn = other }));
        Assert.Contains("has cube", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_that_cannot_be_used_are_left_out_and_counted_or_refused_under_strict()
    {
        var train = PaintedSet.Write(_folder.At(""), "a", [0, 1, 2, 3]);
        File.Delete(Path.Combine(_folder.At(""), "images", "a-1.png"));
        File.WriteAllText(Path.Combine(_folder.At(""), "images", "a-2.png"), "no image");
        using (var data = TrainingData.Open(new() { TrainOn = train, ValidateOn = train }))
        {
            Assert.Equal(2, data.Train.Images.Count);
            Assert.Contains(data.Notes, note => note.Contains("2 images are left out", StringComparison.Ordinal) && note.Contains("'images/a-1.png' was not found", StringComparison.Ordinal));
            Assert.Contains(data.Notes, note => note.Contains("2 images are trained on and validated on", StringComparison.Ordinal));
        }

        var error = Assert.Throws<InputException>(() => TrainingData.Open(new() { TrainOn = train, ValidateOn = train }, new() { Flaws = FlawPolicy.Strict }));
        Assert.Contains("leave --strict out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_are_found_by_what_they_mean_joined_and_refused_by_name()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.At(""), "parts")).FullName;
        PaintedSet.Write(folder, "instances_train", [0, 1, 2]);
        PaintedSet.Write(folder, "instances_val", [3, 4]);
        PaintedSet.Write(folder, "instances_test", [5]);
        using (var data = TrainingData.Open(new() { Data = folder })) Assert.Equal((3, 2, null), (data.Train.Images.Count, data.Validation.Images.Count, data.Split));
        using (var data = TrainingData.Open(new() { Data = folder, TrainOn = "trainval", ValidateOn = "test" })) Assert.Equal((5, 1), (data.Train.Images.Count, data.Validation.Images.Count));
        using (var data = TrainingData.Open(new() { Data = folder, TrainOn = "train,val", ValidateOn = "test" })) Assert.Equal((5, 1), (data.Train.Images.Count, data.Validation.Images.Count));
        using (var data = TrainingData.Open(new() { Data = folder, TrainOn = "test" })) Assert.Equal((1, 2), (data.Train.Images.Count, data.Validation.Images.Count));
        Assert.Contains("'trian'", Assert.Throws<InputException>(() => TrainingData.Open(new() { Data = folder, TrainOn = "trian" })).Message, StringComparison.Ordinal);
        Assert.Contains("names no data", Assert.Throws<InputException>(() => TrainingData.Open(new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_outlook_names_who_matches_no_anchor()
    {
        var path = PaintedSet.Write(_folder.At(""), "a", Enumerable.Range(0, 60));
        using var data = TrainingData.Open(new() { TrainOn = path, ValidateOn = path });
        var small = SmallDetectors.Of("retinanet");
        var large = small with { Profile = small.Profile with { Anchors = new() { Levels = [new() { Name = "P5", Stride = 32, Sizes = [256], Ratios = [1] }] } } };
        Assert.True(TrainingOutlook.Of(data.Train, large).Unmatched > TrainingOutlook.Of(data.Train, small).Unmatched);
        var outlook = TrainingOutlook.Of(data.Train, large);
        Assert.Contains(outlook.Concerns, finding => finding.Id == "class-background");
        Assert.NotEmpty(outlook.Helps);
        Assert.InRange(TrainingOutlook.Of(data.Train, small).FactsOf(data.Train).PositiveAnchorFraction!.Value, 1e-6, 0.5);
    }
}

namespace Ballast.Tests.Telemetry;

public class RunTelemetryTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        using var made = new MadeRun();
        ProbeLine[] looks = [.. MadeRun.Looks([1, 2, 3], [1, 1, 1], double.NaN, 5, MadeRun.Stage("head", 2, 3))];
        RecallLine[] recalls = [.. MadeRun.Recalls([5, 6], [4, 6], [3, 3], [1, 2])];
        StepLine[] steps = [.. MadeRun.Steps(3)];
        var run = made.With([.. steps, .. looks, .. recalls]);
        Assert.Equal(steps, run.Steps);
        Assert.Equal(looks, run.Probes);
        Assert.Equal(recalls, run.Recalls);
        Assert.Equal([150, 200, 250], run.Settled.Select(probe => probe.Step));
    }

    [Fact]
    public void A_file_is_read_as_its_folder_is_and_a_line_that_is_not_finished_does_not_count()
    {
        using var made = new MadeRun();
        made.With(MadeRun.Steps(3));
        File.AppendAllText(made.At("telemetry.jsonl"), """{"kind":"step","step":4,"lo""");
        Assert.Equal(3, RunTelemetry.Read(made.At("telemetry.jsonl")).Steps.Count);
    }

    [Fact]
    public void A_folder_without_telemetry_is_named()
    {
        using var made = new MadeRun();
        Assert.Contains("holds no training run: there is no telemetry.jsonl", Assert.Throws<InputException>(() => RunTelemetry.Read(made.Folder)).Message);
        Assert.Contains("holds no training run", Assert.Throws<InputException>(() => RunTelemetry.Read(made.At("nothing"))).Message);
    }

    [Fact]
    public void An_empty_file_is_a_run_that_recorded_nothing()
    {
        using var made = new MadeRun();
        made.WithText("");
        var run = RunTelemetry.Read(made.Folder);
        Assert.Empty(run.Steps);
        Assert.Empty(run.Settled);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"kind":"weather","step":1}""")]
    [InlineData("""{"kind":"step","step":1}""")]
    [InlineData("""{"kind":"step","step":1,"loss":1,"terms":null,"rate":1,"gradientNorm":1,"seconds":1,"images":1}""")]
    [InlineData("""{"kind":"step","step":"one","loss":1,"terms":[],"rate":1,"gradientNorm":1,"seconds":1,"images":1}""")]
    [InlineData("""{"kind":"probe","step":1,"levels":["P3"],"classificationGradients":[1],"boxGradients":[1],"cosines":[1],"stages":[{"stage":"head"}],"seconds":0}""")]
    public void A_line_that_is_no_telemetry_is_named(string line)
    {
        using var made = new MadeRun();
        made.WithText($"{System.Text.Encoding.UTF8.GetString(TelemetryFile.Bytes(MadeRun.Steps(1).Single()))}\n{line}\n");
        var exception = Assert.Throws<InputException>(() => RunTelemetry.Read(made.Folder));
        Assert.Contains("line 2", exception.Message);
    }

    [Fact]
    public void Lines_that_cannot_be_are_named_with_what_is_wrong_in_them()
    {
        var look = MadeRun.Looks([1, 1, 1], [1, 1, 1], stages: MadeRun.Stage("head", 2, 3)).First();
        var stage = look.Stages[0];
        AssertSaid(look with { Step = 0 }, "step is 0");
        AssertSaid(look with { BoxGradients = [1] }, "boxGradients has 1 numbers; it must have 3");
        AssertSaid(look with { BoxGradients = [] }, "differ in length");
        AssertSaid(look with { ClassificationGradients = [1, -1, 1] }, "a length cannot be less than 0");
        AssertSaid(look with { Stages = [null!] }, "a stage is null");
        AssertSaid(look with { Stages = [stage with { Positives = [1, 2] }] }, "head.positives has 2 numbers; it must have 6");
        AssertSaid(look with { Stages = [stage with { StartOverlaps = [] }] }, "head.startOverlaps has 0 numbers; it must have 20");
        AssertSaid(look with { Stages = [stage with { EndOverlaps = MadeRun.At((3, -1)) }] }, "head.endOverlaps has -1; a count must be from 0");
        AssertSaid(look with { Stages = [stage with { EndOverlaps = MadeRun.At((3, long.MaxValue)) }] }, "a count must be from 0");
        AssertSaid(look with { Stages = [stage with { OtherGradients = [1] }] }, "head.otherGradients has 1 numbers; it must have 2");
        AssertSaid(look with { Stages = [stage with { Assigned = new(1, -5, 0) }] }, "head.assigned has -5");
        var recall = MadeRun.Recalls([5, 6], [4, 6], [3, 3], [1, 2]).First();
        AssertSaid(recall with { TrainingFound = [6, 6] }, "trainingFound has 6 of 5 objects of class 0");
        AssertSaid(recall with { ValidationObjects = [3] }, "validationObjects has 1 numbers; it must have 2");

        static void AssertSaid(TelemetryLine line, string words)
        {
            using var made = new MadeRun();
            var exception = Assert.Throws<InputException>(() => made.With([line]));
            Assert.Contains(", line 1: ", exception.Message);
            Assert.Contains(words, exception.Message);
        }
    }

    [Fact]
    public void Any_byte_that_is_changed_gives_a_run_or_a_sentence()
    {
        using var made = new MadeRun();
        made.With([.. MadeRun.Steps(2), .. MadeRun.Looks([1, 1, 1], [1, 1, 1], count: 1, stages: MadeRun.Stage("head", 1, 3)), .. MadeRun.Recalls([5], [4], [3], [1])]);
        var bytes = File.ReadAllBytes(made.At("telemetry.jsonl"));
        var random = RandomState.Of(1, 2);
        for (var i = 0; i < 2000; i++)
        {
            var at = random.Below(bytes.Length);
            var before = bytes[at];
            bytes[at] = (byte)random.Below(256);
            File.WriteAllBytes(made.At("telemetry.jsonl"), bytes);
            try
            {
                RunTelemetry.Read(made.Folder);
            }
            catch (InputException)
            {
            }

            bytes[at] = before;
        }
    }
}

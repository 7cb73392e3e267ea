namespace Ballast.Tests.Telemetry;

public sealed class TelemetryFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-tests-").FullName;

    private string File => Path.Combine(_folder, "telemetry.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_numbers_that_are_none_too()
    {
        TelemetryLine[] lines = [Step(1), Step(2) with { GradientNorm = double.PositiveInfinity }, Epoch(2) with { AP = double.NaN }];
        Write(0, lines);
        Assert.Equal(lines, TelemetryFile.Read(File));
        Assert.Equal(3, System.IO.File.ReadAllLines(File).Length);
    }

    [Fact]
    public void A_resumed_run_keeps_the_lines_up_to_its_checkpoint_and_no_others()
    {
        Write(0, Step(1), Step(2), Epoch(2), Step(3), Step(4));
        Write(2, Step(3) with { Loss = 9 });
        Assert.Equal([Step(1), Step(2), Epoch(2), Step(3) with { Loss = 9 }], TelemetryFile.Read(File));
    }

    [Fact]
    public void A_new_run_begins_with_nothing()
    {
        Write(0, Step(1));
        Write(0);
        Assert.Empty(TelemetryFile.Read(File));
    }

    [Fact]
    public void A_line_that_a_killed_process_left_unfinished_does_not_count()
    {
        Write(0, Step(1), Step(2));
        var bytes = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, bytes[..^5]);
        Assert.Equal([Step(1)], TelemetryFile.Read(File));
        Write(5, Step(6));
        Assert.Equal([Step(1), Step(6)], TelemetryFile.Read(File));
    }

    [Fact]
    public void A_line_that_is_no_telemetry_is_named()
    {
        Write(0, Step(1));
        System.IO.File.AppendAllText(File, "{\"kind\":\"soup\",\"step\":2}\n");
        Assert.Contains("line 2", Assert.Throws<InputException>(() => TelemetryFile.Read(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_is_no_telemetry() => Assert.Empty(TelemetryFile.Read(File));

    private void Write(long step, params TelemetryLine[] lines)
    {
        using var writer = new TelemetryWriter(File, step);
        foreach (var line in lines) writer.Write(line);
    }

    private static StepLine Step(long step)
        => new() { Step = step, Loss = 1.5, Terms = [new("head", false, 1, 1), new("head", true, 0.25, 2)], Rate = 0.01, GradientNorm = 3, Seconds = 0.5, Images = 4 };

    private static EpochLine Epoch(long step) => new() { Step = step, Epoch = 1, AP = 0.25, AP50 = 0.5, ClassAP = [0.25], ClassAP50 = [0.5], Seconds = 2, PeakMiB = 300 };
}

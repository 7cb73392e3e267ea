using System.Text;

namespace Ballast.Tests.Telemetry;

public class TensorBoardFileTests
{
    /// <summary>
    /// The bytes of a file with its version, one step and one look inside it, put together by a script of its own: a bit-by-bit CRC-32C (0xE3069283 for "123456789"), and the
    /// fields of event.proto and summary.proto by their numbers.
    /// </summary>
    private const string Expected = """
        1800000000000000a37f4b220900002040fc54d9411a0d627261696e2e4576656e743a322b3531106c00000000000000f5dab0d70900002040fc54d94110ac02
        2a5e0a110a0a6c6f73732f746f74616c150000c03f0a160a0f6c6f73732f6865616420626f786573150000403f0a0b0a0472617465150ad7233c0a140a0d6772
        616469656e74206e6f726d15000000400a0e0a077365636f6e6473150000803e512bf93bde01000000000000dd68360f0900002040fc54d94110ac022acf030a
        1e0a17666f726567726f756e642061737369676e65642f726f69150000003e0a1d0a16666f726567726f756e642073616d706c65642f726f69150000803e0a8d
        030a15496f55206f662063616e646964617465732f726f692af30209000000000000e03f119a9999999999e93f190000000000001840213433333333330d4029
        ae47e17a146e024032a0019a9999999999a93f9a9999999999b93f333333333333c33f9a9999999999c93f000000000000d03f333333333333d33f6666666666
        66d63f9a9999999999d93fcdccccccccccdc3f000000000000e03f9a9999999999e13f333333333333e33fcdcccccccccce43f666666666666e63f0000000000
        00e83f9a9999999999e93f333333333333eb3fcdccccccccccec3f666666666666ee3f000000000000f03f3aa001000000000000000000000000000000000000
        00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
        00000000104000000000000000000000000000000000000000000000000000000000000000000000000000000040000000000000000000000000000000000000
        000000000000000000000000000005a4ce34
        """;

    [Fact]
    public void Bytes_are_those_of_records_and_protocol_buffers()
    {
        using var folder = new MadeRun();
        var path = folder.At(TensorBoardFile.NameFor(0));
        using (var file = new TensorBoardFile(path, ["a"], new Noon()))
        {
            file.Write(new StepLine { Step = 300, Loss = 1.5, Terms = [new("head", true, 0.75, 2)], Rate = 0.01, GradientNorm = 2, Seconds = 0.25, Images = 4 });
            file.Write(Look());
        }

        Assert.Equal(Expected.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal), Convert.ToHexStringLower(File.ReadAllBytes(path)));
    }

    [Fact]
    public void The_checksum_is_Castagnoli_rotated_and_moved()
    {
        const uint castagnoli = 0xE3069283;
        Assert.Equal(unchecked(((castagnoli >> 15) | (castagnoli << 17)) + 0xA282EAD8), TensorBoardFile.MaskedChecksum(Encoding.ASCII.GetBytes("123456789")));
    }

    [Fact]
    public void A_name_that_TensorBoard_would_not_look_at_is_refused()
    {
        using var folder = new MadeRun();
        var exception = Assert.Throws<InputException>(() => new TensorBoardFile(folder.At("events.log"), ["a"]));
        Assert.Contains("has no \"tfevents\" in its name", exception.Message);
    }

    [Fact]
    public void A_line_without_values_writes_no_event()
    {
        using var folder = new MadeRun();
        var path = folder.At(TensorBoardFile.NameFor(7));
        long before;
        using (var file = new TensorBoardFile(path, [], new Noon()))
        {
            file.Flush();
            before = new FileInfo(path).Length;
            file.Write(new RecallLine { Step = 1, Epoch = 1, Overlap = 0.5, TrainingObjects = [], TrainingFound = [], ValidationObjects = [], ValidationFound = [], Seconds = 0 });
        }

        Assert.Equal(40, before);
        Assert.Equal(before, new FileInfo(path).Length);
    }

    private static ProbeLine Look() => new()
    {
        Step = 300,
        Levels = ["P3"],
        ClassificationGradients = [],
        BoxGradients = [],
        Cosines = [],
        Seconds = 0,
        Stages = [MadeRun.Stage("roi", classes: 1, levels: 1) with { Assigned = new(1, 7, 0), Sampled = new(1, 3, 0), StartOverlaps = MadeRun.At((10, 4), (15, 2)) }],
    };

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_500);
    }
}

using static Ballast.Training.Tests.ArchiveBytes;

namespace Ballast.Training.Tests;

/// <summary>Files made to run something, to crash or to take memory.</summary>
public class HostileFileTests
{
    private static readonly object[] FourTensor =
    [
        Name("torch._utils", "_rebuild_tensor_v2"), '(', .. Tuple("storage", Name("torch", "FloatStorage"), "0", "cpu", Whole(4)), 'Q', Whole(0), .. Tuple(Whole(4)),
        .. Tuple(Whole(1)), 0x89, ')', 't', 'R',
    ];

    private static readonly byte[] FourNumbers = [.. ((float[])[1, 2, 3, 4]).SelectMany(BitConverter.GetBytes)];

    [Fact]
    public void A_pickle_that_names_a_function_of_the_system_is_refused_before_anything_is_made()
    {
        foreach (var (module, name) in ((string, string)[])[("os", "system"), ("posix", "system"), ("builtins", "eval"), ("builtins", "getattr"), ("subprocess", "Popen"),
            ("torch", "load"), ("torch.hub", "load"), ("torch._utils", "_rebuild_wrapper_subclass"), ("numpy", "load"), ("runpy", "run_path"), ("torch.storage", "_load_from_bytes")])
        {
            var sentence = Refused(Pickle(Name(module, name), '(', "echo", 't', 'R'));
            Assert.Contains($"asks to run '{module}.{name}' of Python", sentence);
            Assert.Contains($"asks to run '{module}.{name}' of Python", Refused(Pickle(module, name, 0x93)));
        }
    }

    [Fact]
    public void A_name_in_a_sentence_is_short_and_printable()
        => Assert.Contains($"'{new string('a', 60)}....b?' of Python", Refused(Pickle(Name(new string('a', 500), "b\u001b"))));

    [Theory]
    [InlineData("R", "calls what is no function")]
    [InlineData("i", "0x69")]
    [InlineData("o", "0x6f")]
    [InlineData("P", "0x50")]
    [InlineData("I", "0x49")]
    [InlineData("L", "0x4c")]
    [InlineData("V", "0x56")]
    public void Operations_that_make_objects_or_that_only_old_protocols_have_are_refused(string operation, string sentence)
        => Assert.Contains(sentence, Refused(Pickle("os", ')', operation[0])));

    [Fact]
    public void Calls_of_listed_names_with_other_arguments_are_refused()
    {
        Assert.Contains("gives torch._utils._rebuild_tensor_v2 what it does not take", Refused(Pickle(Name("torch._utils", "_rebuild_tensor_v2"), ')', 'R')));
        Assert.Contains("gives torch.FloatStorage what it does not take", Refused(Pickle(Name("torch", "FloatStorage"), ')', 'R')));
        Assert.Contains("dictionary of what are no pairs", Refused(Pickle(Name("collections", "OrderedDict"), '(', ']', "ab", 'a', 't', 'R')));
        Assert.Contains("refers to something that is no storage", Refused(Pickle("storage", 'Q')));
        Assert.Contains("gives a state to what has none", Refused(Pickle("x", '}', 'b')));
    }

    [Fact]
    public void Lengths_that_the_file_does_not_have_are_refused()
    {
        foreach (var code in (byte[][])[[0x8b, 255, 255, 255, 127], [0x8b, 255, 255, 255, 255], [(byte)'X', 255, 255, 255, 255], [0x8d, 255, 255, 255, 255, 255, 255, 255, 255],
            [0x8e, 255, 255, 255, 255, 255, 255, 255, 127], [0x8a, 200], [(byte)'c', 97]])
        {
            Assert.Contains("ends", Refused(Pickle(code)));
        }
    }

    [Fact]
    public void A_whole_number_of_two_hundred_bytes_is_data_that_nothing_looks_at()
    {
        using var weights = Open(Pickle(['}', '(', "x", (byte[])[0x8a, 200, .. new byte[200]], "w", .. FourTensor, 'u']));
        Assert.Equal(["w"], weights.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(["x"], weights.Others);
    }

    [Fact]
    public void Nesting_of_a_million_levels_ends_in_a_sentence()
    {
        Assert.Contains("no dictionary of named tensors", Refused(Pickle(new byte[1_000_000].Select(_ => (byte)']').ToArray(), new byte[999_999].Select(_ => (byte)'a').ToArray())));
        Assert.Contains("no dictionary of named tensors", Refused(Pickle(new byte[1_000_000].Select(_ => (byte)'(').ToArray(), new byte[1_000_000].Select(_ => (byte)'t').ToArray())));
        Assert.Contains("no named tensors", Refused(Pickle([.. Enumerable.Repeat((object[])['}', "model"], 10_000).SelectMany(x => x), '}', .. Enumerable.Repeat((object)'s', 10_000)])));
    }

    [Fact]
    public void A_dictionary_that_holds_itself_is_searched_once()
        => Assert.Contains("no named tensors", Refused(Pickle('}', (byte[])[(byte)'q', 0], "model", (byte[])[(byte)'h', 0], 's')));

    [Fact]
    public void Dictionaries_that_double_at_each_level_are_searched_once_each()
    {
        var levels = Enumerable.Range(0, 200).SelectMany(level => (object[])
            ['}', (byte[])[(byte)'q', (byte)(level + 1)], '(', "a", (byte[])[(byte)'h', (byte)level], "b", (byte[])[(byte)'h', (byte)level], 'u']);
        Assert.Contains("no named tensors", Refused(Pickle(['}', (byte[])[(byte)'q', 0], .. levels])));
    }

    [Fact]
    public void The_memo_takes_any_index_and_no_memory_for_those_between()
    {
        Assert.Contains("no named tensors", Refused(Pickle('}', (byte[])[(byte)'r', 255, 255, 255, 255])));
        Assert.Contains("recalls what it never kept", Refused(Pickle((byte[])[(byte)'j', 255, 255, 255, 127])));
    }

    [Fact]
    public void Stacks_and_marks_that_are_not_there_are_refused()
    {
        foreach (var code in (string[])["0", "1", "t", "u", "e", "s", "a", "2", "b", "(0", "((a", "(\x85", "]ta", "R", "\x93", "\x94", "q\0"])
            Assert.Contains("its pickle", Refused([0x80, 2, .. code.Select(letter => (byte)letter), (byte)'.']));
    }

    [Fact]
    public void A_pickle_with_more_steps_than_weights_need_is_refused()
        => Assert.Contains("takes more than 4000000 steps", Refused(Pickle(new byte[4_100_000].Select(_ => (byte)'N').ToArray())));

    [Theory]
    [InlineData(new long[] { 5 }, new long[] { 1 }, 0, 4, "goes on after the end of its storage")]
    [InlineData(new long[] { 2 }, new long[] { 1 }, 3, 4, "goes on after the end of its storage")]
    [InlineData(new long[] { 4 }, new long[] { 1 }, 0, 5, "has 16 bytes for 5 numbers")]
    [InlineData(new long[] { 4 }, new long[] { 1 }, 0, long.MaxValue, "has 16 bytes for")]
    [InlineData(new long[] { -4 }, new long[] { 1 }, 0, 4, "is impossible")]
    [InlineData(new long[] { 4 }, new long[] { -1 }, 3, 4, "is impossible")]
    [InlineData(new long[] { 4 }, new long[] { 1 }, -1, 4, "before its storage")]
    [InlineData(new long[] { 4, 1 }, new long[] { 1 }, 0, 4, "is impossible")]
    [InlineData(new long[] { 1 }, new long[] { 1 }, long.MaxValue, 4, "is impossible")]
    [InlineData(new long[] { long.MaxValue, long.MaxValue }, new long[] { 0, 0 }, 0, 4, "is impossible")]
    [InlineData(new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue }, 0, 4, "is impossible")]
    [InlineData(new long[] { 1_000_000, 1_000_000 }, new long[] { 0, 0 }, 0, 4, "repeats the same numbers 1000000000000 times")]
    public void Shapes_that_do_not_fit_the_numbers_are_refused(long[] shape, long[] strides, long offset, long elements, string sentence)
        => Assert.Contains(sentence, Refused(TensorPickle(shape, strides, offset, elements)));

    [Fact]
    public void A_storage_that_the_archive_lacks_is_refused()
        => Assert.Contains("lacks the numbers of storage '../../etc/passwd'", Refused(TensorPickle([4], [1], key: "../../etc/passwd")));

    [Fact]
    public void Compressed_entries_are_refused_whatever_size_they_claim()
    {
        var bomb = Zip([("a/data.pkl", TensorPickle([4], [1])), ("a/data/0", FourNumbers)], method: 8, claimed: 2_000_000_000);
        Assert.Contains("is compressed or encrypted", Message(bomb));
        Assert.Contains("is compressed or encrypted", Message(Zip([("a/data.pkl", TensorPickle([4], [1])), ("a/data/0", FourNumbers)], claimed: 2_000_000_000)));
    }

    [Fact]
    public void An_archive_with_64_bit_fields_is_read()
    {
        using var weights = WeightsFile.Read(new MemorySource("x.pth", Zip([("a/data.pkl", TensorPickle([2, 2], [1, 2])), ("a/data/0", FourNumbers)], large: true)));
        using var tensor = weights.Load("w");
        Assert.Equal([1f, 3, 2, 4], tensor.data<float>().ToArray());
    }

    [Fact]
    public void An_archive_that_is_cut_anywhere_gives_a_sentence()
    {
        foreach (var whole in (byte[][])[Torch(TensorPickle([4], [1]), ("0", FourNumbers)), Zip([("a/data.pkl", TensorPickle([4], [1])), ("a/data/0", FourNumbers)], large: true)])
        {
            for (var length = 0; length < whole.Length; length++) Assert.NotEmpty(Message(whole[..length]));
        }
    }

    [Fact]
    public void Archives_of_something_else_are_told_from_weights()
    {
        Assert.Contains("torch.save did not write: it has 0 files data.pkl", Message(Zip([("word/document.xml", [1])])));
        Assert.Contains("it has 2 files data.pkl", Message(Zip([("a/data.pkl", [1]), ("b/data.pkl", [1])])));
        Assert.Contains("it has 'a' twice", Message(Zip([("a", [1]), ("a", [1])])));
        Assert.Contains("big-endian", Message(Zip([("a/data.pkl", TensorPickle([4], [1])), ("a/byteorder", "big"u8.ToArray())])));
    }

    [Fact]
    public void A_name_that_comes_twice_is_refused() => Assert.Contains("names 'w' twice", Refused(Pickle(['}', '(', "w", .. FourTensor, "w", .. FourTensor, 'u'])));

    [Fact]
    public void Types_without_a_storage_class_are_described_and_not_read()
    {
        byte[] pickle = Pickle(
        [
            '}', "w", Name("torch._utils", "_rebuild_tensor_v3"), '(', .. Tuple("storage", Name("torch.storage", "UntypedStorage"), "0", "cpu", Whole(16)), 'Q', Whole(1),
            .. Tuple(Whole(7)), .. Tuple(Whole(1)), 0x89, ')', Name("torch", "uint16"), 't', 'R', 's',
        ]);
        using var weights = Open(pickle);
        Assert.Equal("w U16 [7]", weights.Tensors[0].ToString());
        Assert.Contains("numbers of type U16, which TorchSharp has not", Assert.Throws<InputException>(() => weights.Load("w")).Message);
    }

    private static WeightsFile Open(byte[] pickle) => WeightsFile.Read(new MemorySource("x.pth", Torch(pickle, ("0", FourNumbers))));

    private static string Refused(byte[] pickle) => Message(Torch(pickle, ("0", FourNumbers)));

    private static string Message(byte[] file)
    {
        var start = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<InputException>(() => WeightsFile.Read(new MemorySource("x.pth", file)).Dispose()).Message;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 0, (200L * file.Length) + 200_000);
        Assert.Contains("'x.pth'", message);
        return message;
    }
}

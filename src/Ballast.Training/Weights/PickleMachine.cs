using System.Buffers.Binary;
using System.Text;

namespace Ballast.Training;

/// <summary>
/// Python's pickle machine, protocols 2 to 5, over a list of names (<see cref="PickleNames"/>). It imports nothing and calls nothing: REDUCE and its relatives
/// make values of this library's own, or refuse. Memory is bounded by the number of steps, which the pickle's length bounds.
/// </summary>
internal ref partial struct PickleMachine
{
    /// <summary>A state dictionary takes about 50 steps a tensor.</summary>
    private const int StepLimit = 4_000_000;

    private const int DimensionLimit = 64;
    private const byte Stop = (byte)'.';

    private readonly WeightsSource _source;
    private readonly ReadOnlySpan<byte> _pickle;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<uint, object?> _memo = [];
    private int _at;

    private PickleMachine(WeightsSource source, ReadOnlySpan<byte> pickle)
    {
        _source = source;
        _pickle = pickle;
    }

    /// <summary>The value that a pickle describes: null, bool, long, double, string, or one of the classes beside this one.</summary>
    /// <exception cref="InputException">It is broken, or wants something that is not on the list.</exception>
    public static object? Run(WeightsSource source, ReadOnlySpan<byte> pickle) => new PickleMachine(source, pickle).Run();

    private object? Run()
    {
        for (var steps = 0; steps < StepLimit; steps++)
        {
            var operation = Take(1)[0];
            if (operation == Stop) return Pop();
            if (!Number(operation) && !Text(operation) && !Stack(operation) && !Collect(operation) && !Make(operation))
                throw _source.Damaged($"its pickle has the operation 0x{operation:x2} at byte {_at - 1}, which no file of weights needs");
        }

        throw new InputException($"'{_source.Name}': its pickle takes more than {StepLimit} steps, which no weights need. Save the state dictionary alone: "
            + "torch.save(model.state_dict(), path).");
    }

    private bool Number(byte operation)
    {
        switch (operation)
        {
            case (byte)'N': Push(null); break;
            case 0x88: Push(Boxes.True); break;
            case 0x89: Push(Boxes.False); break;
            case (byte)'K': Push(Boxes.Small(Take(1)[0])); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case 0x8a: Push(Long(Take(1)[0])); break;
            case 0x8b: Push(Long(Length32())); break;
            default: return false;
        }

        return true;
    }

    private bool Text(byte operation)
    {
        switch (operation)
        {
            case 0x80: Protocol(Take(1)[0]); break;
            case 0x95: Take(8); break;
            case (byte)'X': Push(Unicode(Length32())); break;
            case 0x8c: Push(Unicode(Take(1)[0])); break;
            case 0x8d: Push(Unicode(Length64())); break;
            case (byte)'B' or (byte)'T': Bytes(Length32()); break;
            case (byte)'C' or (byte)'U': Bytes(Take(1)[0]); break;
            case 0x8e or 0x96: Bytes(Length64()); break;
            default: return false;
        }

        return true;
    }

    private bool Stack(byte operation)
    {
        switch (operation)
        {
            case (byte)'(': _marks.Push(_stack.Count); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'2': Push(Top()); break;
            case (byte)'q': _memo[Take(1)[0]] = Top(); break;
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top(); break;
            case 0x94: _memo[(uint)_memo.Count] = Top(); break;
            case (byte)'h': Push(Recall(Take(1)[0])); break;
            case (byte)'j': Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            default: return false;
        }

        return true;
    }

    private bool Collect(byte operation)
    {
        switch (operation)
        {
            case (byte)')': Push(Boxes.Empty); break;
            case 0x85: PushTuple(1); break;
            case 0x86: PushTuple(2); break;
            case 0x87: PushTuple(3); break;
            case (byte)'t': Push(new PickleTuple(PopToMark())); break;
            case (byte)']': Push(new PickleList()); break;
            case (byte)'}': Push(new PickleDictionary()); break;
            case 0x8f: Push(PickleData.Instance); break;
            case 0x91: PopToMark(); Push(PickleData.Instance); break;
            case (byte)'a': Append(PopMany(1)); break;
            case (byte)'e' or 0x90: Append(PopToMark()); break;
            case (byte)'s': SetItems(PopMany(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            default: return false;
        }

        return true;
    }

    private void Protocol(byte version)
    {
        if (version is < 2 or > 5) throw _source.Damaged($"its pickle has protocol {version}; 2 to 5 are read");
    }

    /// <summary>Whole numbers of more than 64 bits are data that nothing looks at.</summary>
    private object Long(int length)
    {
        var bytes = Take(length);
        if (length > 8) return PickleData.Instance;
        var value = length > 0 && bytes[^1] >= 0x80 ? -1L : 0;
        for (var i = length - 1; i >= 0; i--) value = (value << 8) | bytes[i];
        return value;
    }

    private string Unicode(int length)
    {
        try
        {
            return StrictText.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw _source.Damaged($"its pickle has a text at byte {_at - length} that is no UTF-8");
        }
    }

    /// <summary>Bytes are part of numpy's numbers and the like.</summary>
    private void Bytes(int length)
    {
        Take(length);
        Push(PickleData.Instance);
    }

    private string Line()
    {
        var length = _pickle[_at..].IndexOf((byte)'\n');
        if (length < 0) throw _source.Damaged("its pickle ends in the middle of a name");
        var line = Unicode(length);
        _at++;
        return line;
    }

    private void Append(ReadOnlySpan<object?> items)
    {
        if (Top() is PickleData) return;
        if (Top() is not PickleList list) throw _source.Damaged("its pickle appends to what is no list");
        foreach (var item in items) list.Add(item);
    }

    private void SetItems(ReadOnlySpan<object?> items)
    {
        if (items.Length % 2 != 0) throw _source.Damaged("its pickle has a key without a value");
        if (Top() is PickleData) return;
        if (Top() is not PickleDictionary dictionary) throw _source.Damaged("its pickle sets items of what is no dictionary");
        for (var i = 0; i < items.Length; i += 2) dictionary.Add(items[i], items[i + 1]);
    }

    private readonly object? Recall(uint index)
        => _memo.TryGetValue(index, out var value) ? value : throw _source.Damaged("its pickle recalls what it never kept");

    private readonly void Push(object? value) => _stack.Add(value);

    private readonly void PushTuple(int count) => Push(new PickleTuple(PopMany(count)));

    private readonly object? Top() => _stack.Count > Floor() ? _stack[^1] : throw _source.Damaged("its pickle takes more than it gave");

    private readonly object? Pop()
    {
        var value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private readonly object?[] PopMany(int count)
        => _stack.Count - count >= Floor() ? Cut(_stack.Count - count) : throw _source.Damaged("its pickle takes more than it gave");

    private readonly object?[] PopToMark() => _marks.TryPop(out var mark) ? Cut(mark) : throw _source.Damaged("its pickle ends a list that it never began");

    private readonly int Floor() => _marks.TryPeek(out var mark) ? mark : 0;

    private readonly object?[] Cut(int start)
    {
        object?[] items = [.. System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_stack)[start..]];
        _stack.RemoveRange(start, items.Length);
        return items;
    }

    private int Length32() => checked((int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)), int.MaxValue));

    private int Length64() => (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)), int.MaxValue);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _pickle.Length - _at) throw _source.Damaged("its pickle ends too early");
        _at += count;
        return _pickle.Slice(_at - count, count);
    }

    private static readonly UTF8Encoding StrictText = new(false, throwOnInvalidBytes: true);

    /// <summary>Values that a pickle repeats, made once.</summary>
    private static class Boxes
    {
        public static readonly object True = true;
        public static readonly object False = false;
        public static readonly PickleTuple Empty = new([]);
        private static readonly object[] Numbers = [.. Enumerable.Range(0, 256).Select(number => (object)(long)number)];

        public static object Small(byte number) => Numbers[number];
    }
}

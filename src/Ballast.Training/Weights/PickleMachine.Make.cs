namespace Ballast.Training;

/// <summary>What a pickle may make: the values that listed names stand for.</summary>
internal ref partial struct PickleMachine
{
    private bool Make(byte operation)
    {
        switch (operation)
        {
            case (byte)'c': Push(Name(Line(), Line())); break;
            case 0x93: PushNamed(); break;
            case (byte)'R' or 0x81: Reduce(); break;
            case (byte)'b': Build(); break;
            case (byte)'Q': Push(Storage(Pop())); break;
            default: return false;
        }

        return true;
    }

    private void PushNamed()
    {
        if (PopMany(2) is not [string module, string name]) throw _source.Damaged("its pickle names something by what is no text");
        Push(Name(module, name));
    }

    private readonly PickleName Name(string module, string name)
        => PickleNames.Find(module, name) is { } kind ? new(module, name, kind)
            : throw new InputException($"'{_source.Name}' asks to run '{Printable(module)}.{Printable(name)}' of Python; a file of weights needs tensors and "
                + "dictionaries, and nothing in it is ever run. If you trust it, load it in Python and save its weights alone: "
                + "torch.save(model.state_dict(), path).");

    /// <summary>State of an object: PyTorch gives its dictionaries one (versions of modules), which reading does without.</summary>
    private void Build()
    {
        Pop();
        if (Top() is not (PickleDictionary or PickleData)) throw _source.Damaged("its pickle gives a state to what has none");
    }

    private void Reduce()
    {
        if (PopMany(2) is not [PickleName called, PickleTuple arguments]) throw _source.Damaged("its pickle calls what is no function");
        Push(called.Kind switch
        {
            PickleKind.Dictionary => Dictionary(arguments.Items),
            PickleKind.Tensor => arguments.Items is [PickleStorage storage, long offset, PickleTuple shape, PickleTuple strides, ..]
                ? Tensor(storage, storage.Type, offset, shape, strides) : throw Malformed(called),
            PickleKind.TypedTensor => arguments.Items is [PickleStorage storage, long offset, PickleTuple shape, PickleTuple strides, _, _, PickleName type, ..]
                && type.Kind == PickleKind.Dtype ? Tensor(storage, TensorType.OfDtype(type.Name), offset, shape, strides) : throw Malformed(called),
            PickleKind.Parameter => arguments.Items is [PickleTensor tensor, ..] ? tensor : throw Malformed(called),
            PickleKind.Size => arguments.Items is [PickleTuple sides] ? sides : throw Malformed(called),
            PickleKind.Data => PickleData.Instance,
            _ => throw Malformed(called),
        });
    }

    private readonly PickleDictionary Dictionary(object?[] arguments)
    {
        var dictionary = new PickleDictionary();
        if (arguments is [PickleList pairs])
        {
            foreach (var pair in pairs.Items)
            {
                var (key, value) = pair switch
                {
                    PickleTuple { Items: [var first, var second] } => (first, second),
                    PickleList { Items: [var first, var second] } => (first, second),
                    _ => throw _source.Damaged("its pickle makes a dictionary of what are no pairs"),
                };
                dictionary.Add(key, value);
            }
        }
        else if (arguments.Length > 0)
        {
            throw _source.Damaged("its pickle makes a dictionary of what is no list of pairs");
        }

        return dictionary;
    }

    private readonly PickleTensor Tensor(PickleStorage storage, TensorType? type, long offset, PickleTuple shape, PickleTuple strides)
        => offset >= 0 && type is not null ? new(storage, type, offset, Sides(shape), Sides(strides))
            : throw _source.Damaged("its pickle has a tensor without a type or before its storage");

    private readonly long[] Sides(PickleTuple tuple)
        => tuple.Items.Length <= DimensionLimit && Array.TrueForAll(tuple.Items, item => item is long) ? Array.ConvertAll(tuple.Items, item => (long)item!)
            : throw _source.Damaged($"its pickle has a shape that is no list of at most {DimensionLimit} whole numbers");

    private readonly PickleStorage Storage(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", PickleName { Kind: PickleKind.Storage } type, string key, string _, long elements] } || elements < 0)
            throw _source.Damaged("its pickle refers to something that is no storage");
        return new(TensorType.OfStorage(type.Name), key, elements);
    }

    private readonly InputException Malformed(PickleName name) => _source.Damaged($"its pickle gives {name.Module}.{name.Name} what it does not take");

    private static string Printable(string name)
        => string.Concat(name.Take(60).Select(letter => char.IsControl(letter) ? '?' : letter)) + (name.Length > 60 ? "..." : "");
}

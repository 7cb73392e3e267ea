namespace Ballast.Training;

/// <summary>
/// A function or class that a pickle names. Nothing is ever called: a name on the list of <see cref="PickleNames"/> stands for a value that is made here.
/// </summary>
internal sealed record PickleName(string Module, string Name, PickleKind Kind);

/// <summary>What a name stands for.</summary>
internal enum PickleKind
{
    /// <summary>collections.OrderedDict: a dictionary.</summary>
    Dictionary,

    /// <summary>torch._utils._rebuild_tensor_v2.</summary>
    Tensor,

    /// <summary>torch._utils._rebuild_tensor_v3, for types without a storage class.</summary>
    TypedTensor,

    /// <summary>torch._utils._rebuild_parameter.</summary>
    Parameter,

    /// <summary>A storage class.</summary>
    Storage,

    /// <summary>A type of numbers.</summary>
    Dtype,

    /// <summary>torch.Size: its argument.</summary>
    Size,

    /// <summary>Data that lies beside weights in checkpoints and that nothing looks at: options, counters, numpy's numbers.</summary>
    Data,
}

/// <summary>A dictionary, in the order in which it was filled.</summary>
internal sealed class PickleDictionary
{
    private List<(object? Key, object? Value)>? _items;

    public IReadOnlyList<(object? Key, object? Value)> Items => _items ?? [];

    public void Add(object? key, object? value) => (_items ??= []).Add((key, value));
}

/// <summary>A list.</summary>
internal sealed class PickleList
{
    private List<object?>? _items;

    public IReadOnlyList<object?> Items => _items ?? [];

    public void Add(object? item) => (_items ??= []).Add(item);
}

/// <summary>A tuple.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>Data that nothing looks at.</summary>
internal sealed class PickleData
{
    public static readonly PickleData Instance = new();
}

/// <summary>Numbers in a file of the archive.</summary>
internal sealed record PickleStorage(TensorType? Type, string Key, long Elements);

/// <summary>A view of a storage.</summary>
internal sealed record PickleTensor(PickleStorage Storage, TensorType Type, long Offset, long[] Shape, long[] Strides);

namespace Ballast.Training;

/// <summary>The names that a pickle of weights may use. Whatever is not listed is refused where it is named, before anything is made of it.</summary>
internal static class PickleNames
{
    private static readonly HashSet<string> Data =
    [
        "argparse.Namespace", "collections.defaultdict", "collections.Counter", "collections.deque", "__builtin__.set", "__builtin__.frozenset", "builtins.set",
        "builtins.frozenset", "__builtin__.bytearray", "builtins.bytearray", "__builtin__.complex", "builtins.complex", "__builtin__.list", "builtins.list",
        "__builtin__.dict", "builtins.dict", "__builtin__.int", "__builtin__.long", "builtins.int", "__builtin__.float", "builtins.float", "__builtin__.str",
        "__builtin__.unicode", "builtins.str", "_codecs.encode", "datetime.datetime", "datetime.timedelta", "pathlib.PosixPath",
        "pathlib.PurePosixPath", "pathlib.WindowsPath", "torch.device", "numpy.dtype", "numpy.ndarray", "numpy.core.multiarray.scalar",
        "numpy._core.multiarray.scalar", "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
    ];

    /// <summary>What a name stands for; null when it is not on the list.</summary>
    public static PickleKind? Find(string module, string name) => (module, name) switch
    {
        ("collections", "OrderedDict") => PickleKind.Dictionary,
        ("torch._utils", "_rebuild_tensor_v2") => PickleKind.Tensor,
        ("torch._utils", "_rebuild_tensor_v3") => PickleKind.TypedTensor,
        ("torch._utils", "_rebuild_parameter") => PickleKind.Parameter,
        ("torch", "Size") => PickleKind.Size,
        ("torch.storage", "UntypedStorage") => PickleKind.Storage,
        ("torch", _) when TensorType.OfStorage(name) is not null => PickleKind.Storage,
        ("torch", _) when TensorType.OfDtype(name) is not null => PickleKind.Dtype,
        _ => Data.Contains($"{module}.{name}") ? PickleKind.Data : null,
    };
}

using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>A type of numbers as files name it.</summary>
/// <param name="Name">Its name in safetensors files: F32, BF16, I64 ...</param>
/// <param name="Bytes">Size of a number.</param>
/// <param name="Scalar">The type in memory; null for those that TorchSharp has no name for.</param>
/// <param name="Storage">PyTorch's storage class; null when it stores the type without a class of its own.</param>
/// <param name="Dtype">PyTorch's name of the type.</param>
internal sealed record TensorType(string Name, int Bytes, ScalarType? Scalar, string? Storage, string Dtype)
{
    /// <summary>The type whose name PyTorch alone has: safetensors knows no complex numbers of double precision.</summary>
    public const string PyTorchOnly = "C128";

    private static readonly TensorType[] All =
    [
        new("BOOL", 1, ScalarType.Bool, "BoolStorage", "bool"), new("U8", 1, ScalarType.Byte, "ByteStorage", "uint8"),
        new("I8", 1, ScalarType.Int8, "CharStorage", "int8"), new("I16", 2, ScalarType.Int16, "ShortStorage", "int16"),
        new("I32", 4, ScalarType.Int32, "IntStorage", "int32"), new("I64", 8, ScalarType.Int64, "LongStorage", "int64"),
        new("F16", 2, ScalarType.Float16, "HalfStorage", "float16"), new("BF16", 2, ScalarType.BFloat16, "BFloat16Storage", "bfloat16"),
        new("F32", 4, ScalarType.Float32, "FloatStorage", "float32"), new("F64", 8, ScalarType.Float64, "DoubleStorage", "float64"),
        new("C64", 8, ScalarType.ComplexFloat32, "ComplexFloatStorage", "complex64"),
        new(PyTorchOnly, 16, ScalarType.ComplexFloat64, "ComplexDoubleStorage", "complex128"),
        new("U16", 2, null, null, "uint16"), new("U32", 4, null, null, "uint32"), new("U64", 8, null, null, "uint64"),
        new("F8_E4M3", 1, null, null, "float8_e4m3fn"), new("F8_E5M2", 1, null, null, "float8_e5m2"), new("F8_E8M0", 1, null, null, "float8_e8m0fnu"),
    ];

    /// <summary>The type of a safetensors file; null when the format does not name it or its numbers are no whole bytes.</summary>
    public static TensorType? OfSafetensors(string name) => Array.Find(All, type => type.Name == name && name != PyTorchOnly);

    /// <summary>The type that a storage class of PyTorch holds; null when it is no such class.</summary>
    public static TensorType? OfStorage(string storage) => Array.Find(All, type => type.Storage == storage);

    /// <summary>The type by PyTorch's name; null when it has none of that name.</summary>
    public static TensorType? OfDtype(string dtype) => Array.Find(All, type => type.Dtype == dtype);

    /// <summary>The type of a tensor in memory.</summary>
    public static TensorType? Of(ScalarType scalar) => Array.Find(All, type => type.Scalar == scalar);
}

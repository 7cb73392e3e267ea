using System.Runtime.CompilerServices;

namespace Ballast.Training;

/// <summary>The checks of options: each gives the value back, or the sentence that names the record, its member, the value and the rule.</summary>
internal static class Requires
{
    public static float Positive<TRecord>(float value, [CallerMemberName] string member = "")
        => value > 0 && float.IsFinite(value) ? value : throw Error<TRecord>(value, member, "it must be more than 0");

    public static float NonNegative<TRecord>(float value, [CallerMemberName] string member = "")
        => value >= 0 && float.IsFinite(value) ? value : throw Error<TRecord>(value, member, "it must be 0 or more");

    public static float Fraction<TRecord>(float value, [CallerMemberName] string member = "")
        => value is >= 0 and <= 1 ? value : throw Error<TRecord>(value, member, "it must be a fraction from 0 to 1");

    /// <summary>In [0, 1): what a moving average keeps.</summary>
    public static float Momentum<TRecord>(float value, [CallerMemberName] string member = "")
        => value is >= 0 and < 1 ? value : throw Error<TRecord>(value, member, "it must be from 0 to less than 1");

    public static int AtLeastOne<TRecord>(int value, [CallerMemberName] string member = "")
        => value >= 1 ? value : throw Error<TRecord>(value, member, "it must be at least 1");

    public static int NotNegative<TRecord>(int value, [CallerMemberName] string member = "")
        => value >= 0 ? value : throw Error<TRecord>(value, member, "it must be 0 or more");

    private static InputException Error<TRecord>(object value, string member, string rule) => new($"{typeof(TRecord).Name}.{member} is {value}; {rule}.");
}

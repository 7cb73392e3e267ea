using System.Reflection;

namespace Ballast.Tests;

/// <summary>Walks the options of a record, so that a test can hold each to doing something.</summary>
internal static class OptionWalk
{
    private static readonly double[] Numbers = [0, 0.001, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 1, 2, 4, 10, 100, 10_000, -1];

    /// <summary>Names of the options that change nothing, whichever value they get.</summary>
    /// <typeparam name="T">The family.</typeparam>
    /// <param name="records">Records of one type: the defaults, and settings under which options count that do not count by default.</param>
    /// <param name="measure">What a record makes of fixed inputs; null where it refuses them.</param>
    /// <param name="others">Values to try for options that are neither numbers nor choices.</param>
    public static IEnumerable<string> Idle<T>(IReadOnlyList<T> records, Func<T, float[]?> measure, params object[] others)
        where T : class
    {
        var before = records.Select(measure).ToArray();
        foreach (var option in records[0].GetType().GetProperties().Where(property => property.SetMethod is { IsPublic: true }))
        {
            var counts = records.Zip(before).Any(pair => pair.Second is { } was && Variants(pair.First, option, others).Any(variant => measure(variant) is { } now && !now.AsSpan().SequenceEqual(was)));
            if (!counts) yield return option.Name;
        }
    }

    /// <summary>The record with other values of one option, those that it refuses left out.</summary>
    private static IEnumerable<T> Variants<T>(T record, PropertyInfo option, object[] others)
        where T : class
    {
        foreach (var value in Values(option.PropertyType, others).Where(value => !Equals(value, option.GetValue(record))))
        {
            var copy = (T)record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;
            try
            {
                option.SetValue(copy, value);
                copy.GetType().GetMethod("Validate", [])?.Invoke(copy, null);
            }
            catch (TargetInvocationException e) when (e.InnerException is InputException)
            {
                continue;
            }

            yield return copy;
        }
    }

    private static IEnumerable<object?> Values(Type type, object[] others)
    {
        var inner = Nullable.GetUnderlyingType(type);
        if (inner is not null) return [null, .. Values(inner, others)];
        if (type == typeof(bool)) return [false, true];
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>();
        if (type == typeof(float)) return Numbers.Select(number => (object)(float)number);
        if (type == typeof(double)) return Numbers.Select(number => (object)number);
        if (type == typeof(int)) return Numbers.Where(double.IsInteger).Concat([3, 7, 9]).Select(number => (object)(int)number);
        return others.Where(type.IsInstanceOfType);
    }
}

using System.Reflection;
using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>The word that a recipe has for a record: its <c>type</c>.</summary>
public static class RecipeKind
{
    /// <summary>The kind of a record ("giou"), or its type's name when no family lists it.</summary>
    public static string Of(object record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var own = Family(record.GetType()).FirstOrDefault(kind => kind.DerivedType == record.GetType());
        return own is null ? record.GetType().Name : (string)own.TypeDiscriminator!;
    }

    /// <summary>The record's type of a kind in a family, or null.</summary>
    internal static Type? Find(Type declared, string kind) => Family(declared).FirstOrDefault(each => (string)each.TypeDiscriminator! == kind)?.DerivedType;

    /// <summary>The kinds of the family that a record belongs to; none for a record without a family.</summary>
    internal static JsonDerivedTypeAttribute[] Family(Type type)
    {
        for (var family = type; family is not null; family = family.BaseType)
        {
            var kinds = family.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).ToArray();
            if (kinds.Length > 0) return kinds;
        }

        return [];
    }
}

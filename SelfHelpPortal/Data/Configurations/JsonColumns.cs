using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SelfHelpPortal.Data.Configurations;

internal static class JsonColumns
{
    /// <summary>One column; these are read and written as a whole and never searched in.</summary>
    public static void AsJson<T>(this PropertyBuilder<T> property)
    {
        Expression<Func<T, string>> write = value => JsonSerializer.Serialize(value, PolicyJson.Options);
        Expression<Func<string, T>> read = text => JsonSerializer.Deserialize<T>(text, PolicyJson.Options)!;
        property.HasColumnType("jsonb").HasConversion(
            new ValueConverter<T, string>(write, read),
            new ValueComparer<T>(
                (a, b) => JsonSerializer.Serialize(a, PolicyJson.Options) == JsonSerializer.Serialize(b, PolicyJson.Options),
                value => JsonSerializer.Serialize(value, PolicyJson.Options).GetHashCode(StringComparison.Ordinal),
                value => value));
    }
}

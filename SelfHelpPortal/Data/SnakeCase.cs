using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace SelfHelpPortal.Data;

/// <summary>Gives tables, columns, keys and indexes the names that PostgreSQL people type without quotes.</summary>
internal static class SnakeCase
{
    public static void Apply(IMutableModel model)
    {
        foreach (var entity in model.GetEntityTypes())
        {
            if (entity.GetTableName() is not { } table)
            {
                continue;
            }

            if (entity.IsMappedToJson())
            {
                // Its properties are names within the one column.
                entity.SetContainerColumnName(From(entity.GetContainerColumnName()!));
                continue;
            }

            entity.SetTableName(From(table));
            var store = StoreObjectIdentifier.Table(From(table), entity.GetSchema());
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(From(property.GetColumnName(store) ?? property.Name));
            }

            foreach (var key in entity.GetKeys())
            {
                key.SetName(key.GetName() is { } name ? From(name) : null);
            }

            foreach (var foreignKey in entity.GetForeignKeys())
            {
                foreignKey.SetConstraintName(foreignKey.GetConstraintName() is { } name ? From(name) : null);
            }

            foreach (var index in entity.GetIndexes())
            {
                index.SetDatabaseName(index.GetDatabaseName() is { } name ? From(name) : null);
            }
        }
    }

    /// <summary><c>ReleasedAt</c> → <c>released_at</c>; what is lower-case already stays as it is.</summary>
    public static string From(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var startsWord = char.IsUpper(c) && i > 0 && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}

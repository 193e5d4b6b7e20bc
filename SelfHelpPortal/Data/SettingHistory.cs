using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace SelfHelpPortal.Data;

/// <summary>One value that differs between two versions.</summary>
/// <param name="Path">As <c>policies.release.refillDays</c>; places in lists are numbers from 0 on.</param>
/// <param name="Before">Null where there was none.</param>
/// <param name="After">Null where there is none any more.</param>
public sealed record SettingChange(string Path, string? Before, string? After);

/// <summary>Writes and reads the versions of settings, on the caller's connection.</summary>
internal static class SettingHistory
{
    /// <summary>The last version; null when the setting was never changed in the portal.</summary>
    public static Task<SettingVersion?> FindLatestAsync(
        PortalDbContext db, SettingKind kind, string key, CancellationToken cancellationToken) =>
        db.SettingVersions.AsNoTracking().Where(v => v.Kind == kind && v.Key == key).OrderByDescending(v => v.Version)
            .FirstOrDefaultAsync(cancellationToken);

    /// <summary>The last versions of all settings of a kind.</summary>
    public static IQueryable<SettingVersion> Latest(PortalDbContext db, SettingKind kind) =>
        Latest(db.SettingVersions.Where(v => v.Kind == kind));

    /// <summary>The last versions of those settings of a kind that have one of these keys.</summary>
    public static IQueryable<SettingVersion> Latest(PortalDbContext db, SettingKind kind, string[] keys) =>
        Latest(db.SettingVersions.Where(v => v.Kind == kind && keys.Contains(v.Key)));

    /// <summary>
    /// Holds the setting until the end of the caller's transaction and says whether it is still the version that a change was based on.
    /// </summary>
    /// <param name="basedOn">The version that was shown; 0 when there was none.</param>
    public static async Task<bool> HoldAsync(
        PortalDbContext db, SettingKind kind, string key, int basedOn, CancellationToken cancellationToken)
    {
        await LockAsync(db, kind, key, cancellationToken);
        return ((await FindLatestAsync(db, kind, key, cancellationToken))?.Version ?? 0) == basedOn;
    }

    /// <summary>Holds the setting until the end of the caller's transaction.</summary>
    public static Task LockAsync(PortalDbContext db, SettingKind kind, string key, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"SELECT pg_advisory_xact_lock(hashtextextended({$"setting {kind} {key}"}, 0))", cancellationToken);

    /// <summary>Adds the next version and an entry of the audit log, unless nothing is different.</summary>
    /// <param name="before">What held until now: kept as the first version of a setting that had none. Null for a new one.</param>
    /// <param name="by">The account; <see cref="AuditLog.CommandLine"/> for the commands.</param>
    public static async Task AppendAsync(
        PortalDbContext db, SettingKind kind, string key, object? before, object content, Guid by, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var last = await FindLatestAsync(db, kind, key, cancellationToken);
        var (written, known) = (Write(content), last?.Content ?? (before is null ? null : Write(before)));
        var changes = Changes(known, written);
        if (known is not null && changes.Count == 0)
        {
            return;
        }

        if (last is null && known is not null)
        {
            db.SettingVersions.Add(Version(1, AuditLog.CommandLine, known));
        }

        db.SettingVersions.Add(Version((last?.Version ?? (known is null ? 0 : 1)) + 1, by, written));
        await db.SaveChangesAsync(cancellationToken);
        await AuditLog.AppendAsync(db, by, AuditKind.SettingChanged, Subject(kind, key), Summary(changes), now, cancellationToken);

        SettingVersion Version(int number, Guid author, string text) => new()
        {
            Kind = kind,
            Key = key,
            Version = number,
            At = now,
            By = author,
            Content = text,
        };
    }

    public static string Write(object content) => JsonSerializer.Serialize(content, content.GetType(), PolicyJson.Options);

    public static T Read<T>(string content)
        where T : class => PolicyJson.Read<T>(content)
        ?? throw new JsonException($"A stored setting is no {typeof(T).Name} but null; restore the row of setting_version.");

    /// <returns>What differs, by path; everything where there was nothing before.</returns>
    public static IReadOnlyList<SettingChange> Changes(string? before, string after)
    {
        var (old, now) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        if (before is not null)
        {
            Flatten(JsonNode.Parse(before), "", old);
        }

        Flatten(JsonNode.Parse(after), "", now);
        return
        [
            .. old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                .Select(path => new SettingChange(path, old.GetValueOrDefault(path), now.GetValueOrDefault(path)))
                .Where(c => c.Before != c.After),
        ];
    }

    private static IQueryable<SettingVersion> Latest(IQueryable<SettingVersion> versions) =>
        versions.AsNoTracking().GroupBy(v => v.Key).Select(g => g.OrderByDescending(v => v.Version).First());

    private static void Flatten(JsonNode? node, string path, Dictionary<string, string> into)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    Flatten(value, path.Length == 0 ? name : $"{path}.{name}", into);
                }

                break;
            case JsonArray items:
                for (var place = 0; place < items.Count; place++)
                {
                    Flatten(items[place], $"{path}.{place}", into);
                }

                break;
            case null:
                break;
            default:
                into[path] = node.ToString();
                break;
        }
    }

    private static string Subject(SettingKind kind, string key)
    {
        var subject = key.Length == 0 ? kind.ToString() : $"{kind} {key}";
        return subject.Length <= AuditLog.LongestSubject ? subject : subject[..AuditLog.LongestSubject];
    }

    /// <summary>The paths only: what a setting said stands in its versions.</summary>
    private static string Summary(IReadOnlyList<SettingChange> changes) => string.Join(", ", changes.Select(c => c.Path));
}

using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>One version of a setting, as its history shows it.</summary>
/// <param name="Person">Null for the commands, and once the account is gone.</param>
/// <param name="Changes">To the version before.</param>
public sealed record SettingLine(
    int Version, DateTimeOffset At, Guid By, string? Person, IReadOnlyList<SettingChange> Changes, string Content)
{
    /// <returns>All versions of a setting, newest first.</returns>
    internal static async Task<IReadOnlyList<SettingLine>> ReadAsync(
        PortalDbContext db, SettingKind kind, string key, CancellationToken cancellationToken)
    {
        var versions = await (
            from v in db.SettingVersions.AsNoTracking()
            where v.Kind == kind && v.Key == key
            join u in db.Users on v.By equals u.Id into people
            from person in people.DefaultIfEmpty()
            orderby v.Version descending
            select new { v.Version, v.At, v.By, Person = (string?)person.DisplayName, v.Content }).ToListAsync(cancellationToken);
        return
        [
            .. versions.Select((v, place) => new SettingLine(
                v.Version, v.At, v.By, v.Person,
                SettingHistory.Changes(place + 1 < versions.Count ? versions[place + 1].Content : null, v.Content), v.Content)),
        ];
    }
}

using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Audit;

/// <summary>The download, which a circuit cannot hand out.</summary>
internal static class AuditExport
{
    public static void MapAuditExport(this WebApplication app) =>
        app.MapGet("/staff/audit/export", ExportAsync).RequireAuthorization(StaffPolicy.Name).ExcludeFromDescription();

    private static async Task<IResult> ExportAsync(
        string? person, string? kind, string? from, string? to, string? subject, HttpContext context, ExportAudit export, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (StaffActor.From(context.User) is not { } actor)
        {
            return Results.NotFound();
        }

        var now = time.GetUtcNow();
        var answer = await export.ExecuteAsync(actor, AuditQuery.Read(person, kind, from, to, subject), now, cancellationToken);
        return answer switch
        {
            { Value: { } list } => Results.File(list, "text/csv; charset=utf-8", $"Audit-{now:yyyy-MM-dd}.csv"),
            { Refused: StaffRefusal.FactorTooOld } =>
                Results.LocalRedirect(ReturnUrl.With(FreshSignIn.Path, "/staff/audit" + context.Request.QueryString)),
            _ => Results.Forbid(),
        };
    }
}

/// <summary>The filter as it stands in an address. What cannot be read is left out.</summary>
internal static class AuditQuery
{
    private const int LongestSubject = 100;

    public static AuditFilter Read(string? person, string? kind, string? from, string? to, string? subject) => new(
        Guid.TryParse(person, out var account) ? account : null,
        Enum.TryParse<AuditKind>(kind, out var which) && Enum.IsDefined(which) ? which : null,
        IsoDay.Read(from),
        IsoDay.Read(to),
        subject?.Trim() is { Length: > 0 and <= LongestSubject } about ? about : null);

    /// <summary>With a question mark in front, or empty.</summary>
    public static string Write(AuditFilter filter, long? olderThan = null)
    {
        return QueryHelpers.AddQueryString("", new Dictionary<string, string?>
        {
            ["person"] = filter.Person?.ToString(),
            ["kind"] = filter.Kind?.ToString(),
            ["from"] = Iso(filter.From),
            ["to"] = Iso(filter.To),
            ["subject"] = filter.Subject,
            ["older"] = olderThan?.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>As the field of a date wants it; null for an empty one.</summary>
    public static string? Iso(DateOnly? day) => day is { } given ? IsoDay.Write(given) : null;
}

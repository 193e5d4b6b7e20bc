using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Appointments;

namespace SelfHelpPortal.Features.Staff.Appointments;

/// <param name="Address">Shown once, since only its hash is kept; null when the same form had made it before.</param>
internal readonly record struct MadeFeed(StaffRefusal? Refused, string? Address);

/// <summary>
/// Makes the secret address at which a person's own calendar program reads the appointments. The former one of the same person ends.
/// </summary>
[StaffUseCase(StaffWork.Any, Fresh = true)]
internal sealed class CreateCalendarFeed(AdministrationActs acts, PublicAddress address)
{
    public async Task<MadeFeed> ExecuteAsync(StaffActor actor, Guid command, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string? token = null;
        var result = await acts.RunAsync(typeof(CreateCalendarFeed), actor, command, actor.Id, "", async db =>
        {
            await SecretLinks.ExpireAsync(db, LinkPurpose.CalendarFeed, actor.Id, now, cancellationToken);
            token = SecretLinks.Issue(db, LinkPurpose.CalendarFeed, actor.Id, now);
            await AuditLog.AppendAsync(
                db, actor.Id, AuditKind.CalendarFeedMade, subject: null, text: null, now, cancellationToken);
            return StaffResult.Done;
        }, now, cancellationToken);
        return new MadeFeed(result.Refused, result.Succeeded && token is not null ? address.For($"{CalendarFeed.Path}{token}") : null);
    }
}

/// <summary>What a calendar program reads: as long as whoever made the address works here.</summary>
internal sealed class ReadCalendarFeed(
    IDbContextFactory<PortalDbContext> contexts, IOptions<MailOptions> mail, IOptions<VendorOptions> vendor)
{
    private const int DaysBack = 30;

    /// <summary>Null when the address is none of ours, has ended, or its person may not come in any more.</summary>
    public async Task<byte[]?> ExecuteAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.CalendarFeed, token, now, cancellationToken) is not { State: LinkState.Valid } link
            || !await db.Users.AnyAsync(u => u.Id == link.RecordId && (u.LockoutEnd == null || u.LockoutEnd <= now), cancellationToken)
            || !await StaffGate.HoldsAsync(db, link.RecordId, StaffRoles.All, cancellationToken))
        {
            return null;
        }

        var texts = new MailTexts(
            typeof(AppointmentMailWords), CultureInfo.GetCultureInfo(vendor.Value.DefaultLanguage()));
        var since = now.AddDays(-DaysBack);
        var found = await db.Appointments.AsNoTracking()
            .Where(a => a.EndsAt >= since && (a.State == AppointmentState.Booked || a.State == AppointmentState.Done))
            .OrderBy(a => a.StartsAt).ThenBy(a => a.Id)
            .Select(a => new
            {
                Appointment = a,
                Product = db.Products.Where(p => p.Id == a.ProductId).Select(p => p.Name).SingleOrDefault() ?? a.ProductId,
            }).ToListAsync(cancellationToken);
        return CalendarFile.WriteFeed([.. found.Select(f => new CalendarEntry(
            CalendarEntry.UidOf(f.Appointment, mail.Value), f.Appointment.Sequence, IsCancelled: false, f.Appointment.StartsAt,
            f.Appointment.EndsAt, f.Appointment.ChangedAt, $"{texts["CalendarTitle", f.Product]}: {f.Appointment.Name}",
            f.Appointment.Phone, vendor.Value.Name, mail.Value.From, f.Appointment.Email))]);
    }
}

/// <summary>The endpoint, beside the pages of customers: a calendar program has no sign-in.</summary>
internal static class CalendarFeed
{
    public const string Path = "/appointments/feed/";

    public static void MapCalendarFeed(this WebApplication app) =>
        app.MapGet(Path + "{token}", GetAsync).ExcludeFromDescription();

    private static async Task<IResult> GetAsync(string token, ReadCalendarFeed feed, TimeProvider time, HttpContext context) =>
        await feed.ExecuteAsync(token, time.GetUtcNow(), context.RequestAborted) is { } calendar
            ? TypedResults.File(calendar, "text/calendar; charset=utf-8")
            : TypedResults.NotFound();
}

using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Appointments;

/// <summary>What was agreed on the telephone, as it was typed.</summary>
internal sealed record AgreedTime
{
    public string Product { get; set; } = "";

    /// <summary>As a field for days gives it: yyyy-MM-dd.</summary>
    public string Day { get; set; } = "";

    /// <summary>As a field for times gives it: HH:mm, in the vendor's zone.</summary>
    public string Clock { get; set; } = "";

    public string Name { get; set; } = "";
    public string Email { get; set; } = "";
    public string Phone { get; set; } = "";

    /// <summary>Number or serial; may be empty.</summary>
    public string License { get; set; } = "";

    public string Language { get; set; } = "";
}

/// <summary>
/// An appointment at a time that no customer can book: agreed between the two, whatever the rules of the product say. Whoever it is for
/// gets the same mail.
/// </summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class AgreeAppointment(AdministrationActs acts, ProductCatalog products, LocalTimes times, AppointmentMailer mailer)
{
    private const int LongestLine = 120;
    private const int LongestNumber = 60;

    /// <param name="formId">Made when the form was shown, so that it is one appointment however often it is sent.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid formId, AgreedTime agreed, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(AgreeAppointment), actor, formId, actor.Id, JsonSerializer.Serialize(agreed),
            db => AddAsync(db, actor, formId, agreed, now, cancellationToken), now, cancellationToken);

    private async Task<StaffResult> AddAsync(
        PortalDbContext db, StaffActor actor, Guid formId, AgreedTime agreed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (product, startsAt) = (await products.FindAsync(agreed.Product, cancellationToken), Read(agreed));
        if (Problems(agreed, product, startsAt, now).ToList() is { Count: > 0 } problems)
        {
            return new StaffResult(StaffRefusal.SettingInvalid, problems);
        }

        await AppointmentTimes.LockAsync(db, product!.Id, cancellationToken);
        var slot = new AppointmentSlot(startsAt!.Value, startsAt.Value.AddMinutes(product.Policies.Appointments.Minutes));
        var taken = await db.Appointments.AsNoTracking()
            .Where(a => a.ProductId == product.Id && a.State == AppointmentState.Booked && a.StartsAt < slot.EndsAt
                && a.EndsAt > slot.StartsAt)
            .Select(a => a.Lane).ToListAsync(cancellationToken);
        var wish = new AppointmentWish
        {
            Name = agreed.Name.Trim(),
            Email = MailAddresses.Normalize(agreed.Email)!,
            Phone = agreed.Phone.Trim(),
            StatedLicense = LicenseNumber.Readings(agreed.License) is [var number, ..] ? number : null,
            Language = agreed.Language,
        };

        // Staff know what they can do at the same time: beside what is taken there is always one more lane.
        var lane = Enumerable.Range(0, taken.Count + 1).First(l => !taken.Contains(l));
        var appointment = Appointment.Book(formId, product.Id, wish, slot, lane, now);
        db.Add(appointment);
        await AppointmentEvents.AppendAsync(
            db, appointment, AppointmentState.Booked, nameof(AgreeAppointment), actor.AsActor(), text: null, now, cancellationToken);
        await mailer.BookedAsync(db, appointment, product, now, cancellationToken);
        return StaffResult.Done;
    }

    /// <summary>Null when it is no time, or none on that day's clock.</summary>
    private DateTimeOffset? Read(AgreedTime agreed) =>
        DateTime.TryParseExact(
            $"{agreed.Day} {agreed.Clock}", "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
        && !times.Zone.IsInvalidTime(local)
            ? new DateTimeOffset(local, times.Zone.GetUtcOffset(local)).ToUniversalTime()
            : null;

    private static IEnumerable<BrokenRule> Problems(AgreedTime agreed, Product? product, DateTimeOffset? startsAt, DateTimeOffset now)
    {
        (bool Holds, string Field, string German, string English)[] rules =
        [
            (product is not null, "product", "Wählen Sie ein Produkt.", "Choose a product."),
            (startsAt > now && startsAt < now.AddYears(1), "day", "Geben Sie Tag und Uhrzeit innerhalb des nächsten Jahres ein.",
                "Enter a day and time within the next year."),
            (agreed.Name.Trim().Length is > 0 and <= LongestLine, "name", "Geben Sie den Namen ein, höchstens 120 Zeichen.",
                "Enter the name, at most 120 characters."),
            (MailAddresses.Normalize(agreed.Email) is not null, "email", "Geben Sie eine E-Mail-Adresse ein.", "Enter an e-mail address."),
            (agreed.Phone.Trim().Length is > 0 and <= LongestLine, "phone", "Geben Sie die Telefonnummer ein, höchstens 120 Zeichen.",
                "Enter the phone number, at most 120 characters."),
            (agreed.License.Trim().Length <= LongestNumber, "license", "Höchstens 60 Zeichen.", "At most 60 characters."),
            (Languages.All.Contains(agreed.Language), "language", "Wählen Sie eine Sprache.", "Choose a language."),
        ];
        return rules.Where(r => !r.Holds).Select(r => new BrokenRule(r.Field, r.German, r.English));
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Features.Customer.Appointments;

/// <summary>
/// First the free times, then who comes and what is ready. What was typed outlives a time that somebody else was faster to take.
/// </summary>
public sealed partial class AppointmentsPage
{
    private const int LongestLine = 120;
    private const int LongestVersion = 60;
    private const int ShownAfterTaken = 6;

    private const string Data = "data";
    private const string Renewal = "renewal";

    [Inject]
    private FindTimes Find { get; set; } = default!;

    [Inject]
    private BookAppointment Book { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "product")]
    private string? ProductInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "slot")]
    private string? SlotInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "week")]
    private string? Week { get; set; }

    [SupplyParameterFromForm]
    private string? FormId { get; set; }

    [SupplyParameterFromForm]
    private string? Product { get; set; }

    [SupplyParameterFromForm]
    private string? Slot { get; set; }

    [SupplyParameterFromForm]
    private string? LicenseNumber { get; set; }

    [SupplyParameterFromForm]
    private string? Name { get; set; }

    [SupplyParameterFromForm]
    private string? Email { get; set; }

    [SupplyParameterFromForm]
    private string? Phone { get; set; }

    [SupplyParameterFromForm]
    private string? HostVersion { get; set; }

    [SupplyParameterFromForm]
    private string[]? Wishes { get; set; }

    [SupplyParameterFromForm]
    private string[]? Preparation { get; set; }

    private IReadOnlyList<Product> Offered { get; set; } = [];

    private BookableTimes? View { get; set; }

    /// <summary>The time that the form books; null while one is being chosen.</summary>
    private DateTimeOffset? Chosen { get; set; }

    private bool IsTaken { get; set; }

    private IReadOnlyList<Choice> Next =>
        [.. View!.Free.Take(ShownAfterTaken).Select(f => new Choice(AppointmentTexts.Value(f.Slot.StartsAt), When(f.Slot.StartsAt)))];

    private IReadOnlyList<Choice> Wanted =>
    [
        new(Data, T["Wish.Data"]),
        .. View!.Renewal is { } price
            ? [new Choice(Renewal, T.Counted(
                price.TermMonths ?? 12, "Wish.Renewal", Amounts.Text(price.Net, CultureInfo.CurrentUICulture), price.TermMonths ?? 12))]
            : (Choice[])[],
    ];

    protected override async Task OpenAsync()
    {
        if (Expired is { } typed)
        {
            (FormId, Product, Slot) = (typed[nameof(FormId)], typed[nameof(Product)], typed[nameof(Slot)]);
            (LicenseNumber, Name, Email) = (typed[nameof(LicenseNumber)], typed[nameof(Name)], typed[nameof(Email)]);
            (Phone, HostVersion) = (typed[nameof(Phone)], typed[nameof(HostVersion)]);
            (Wishes, Preparation) = (All(nameof(Wishes)), All(nameof(Preparation)));
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
            await LoadAsync(Product, Slot);
            return;

            string[] All(string name) => [.. typed[name].OfType<string>()];
        }

        FormId = Guid.NewGuid().ToString("n");
        await LoadAsync(ProductInAddress, SlotInAddress);
    }

    protected override async Task ActAsync()
    {
        await LoadAsync(Product, Slot);
        if (View is null || View.Free.Count == 0 || AppointmentTexts.Read(Slot) is not { } startsAt)
        {
            HttpContext.Unprocessable();
            return;
        }

        // A form that was sent twice finds its own appointment there, so it is the use case that says what is taken.
        (Chosen, IsTaken) = (startsAt, false);
        var now = Time.GetUtcNow();
        if (Wish() is not { } wish)
        {
            return;
        }

        var formId = Guid.TryParse(FormId, out var made) ? made : Guid.NewGuid();
        var result = await Book.ExecuteAsync(
            formId, View.Product.Id, startsAt, Given(LicenseNumber), wish, Caller.From(HttpContext), CustomerActor.From(HttpContext)?.Id,
            now, Aborted);
        switch (result.Outcome)
        {
            case BookingOutcome.Booked:
                HttpContext.SeeOther(Navigation, $"/appointments/{result.Token}");
                break;
            case BookingOutcome.Taken:
                await LoadAsync(Product, slot: null);
                (Chosen, IsTaken) = (View.Free.Count > 0 ? View.Free[0].Slot.StartsAt : null, true);
                Stopped = T["Taken"];
                HttpContext.Unprocessable();
                break;
            case BookingOutcome.TooManyTries:
                TooMany(result.RetryAt, now);
                break;
            case BookingOutcome.WrongKey when result.Key is KeyAnswer.TooManyTries tries:
                TooMany(tries.RetryAt, now);
                break;
            case BookingOutcome.WrongKey:
                Refuse(nameof(LicenseNumber), Codes.ForLicense(LicenseNumber, result.Key, T["UnknownKey"]));
                break;
        }
    }

    private static string? Given(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();

    private async Task LoadAsync(string? productId, string? slot)
    {
        Offered = await Find.ProductsAsync(Aborted);
        if (Offered.FirstOrDefault(p => p.Id == productId) is { } product || (Offered is [var only] && (product = only) is not null))
        {
            View = await Find.ExecuteAsync(product, except: null, Time.GetUtcNow(), Aborted);
            Chosen = AppointmentTexts.Read(slot);
            if (slot is not null && !View.Free.Any(f => f.Slot.StartsAt == Chosen))
            {
                (Chosen, IsTaken) = (null, true);
            }
        }
    }

    /// <summary>What was typed, or null when something of it cannot be taken.</summary>
    private AppointmentWish? Wish()
    {
        var address = MailAddresses.Normalize(Email);
        (string Field, bool IsRight, string Words)[] rules =
        [
            (nameof(Name), Given(Name) is not null, T["EnterName"]),
            (nameof(Name), Name is not { Length: > LongestLine }, T["TooLong", LongestLine]),
            (nameof(Email), address is not null, Words[MailAddresses.WordOfProblem(Email)]),
            (nameof(Phone), Given(Phone) is not null, T["EnterPhone"]),
            (nameof(Phone), Phone is not { Length: > LongestLine }, T["TooLong", LongestLine]),
            (nameof(HostVersion), HostVersion is not { Length: > LongestVersion }, T["TooLong", LongestVersion]),
        ];
        foreach (var (field, _, words) in rules.Where(r => !r.IsRight))
        {
            Refuse(field, words);
        }

        return Errors.Any ? null : new AppointmentWish
        {
            Name = Given(Name)!,
            Email = address!,
            Phone = Given(Phone)!,
            HostVersion = Given(HostVersion),
            ChangesData = Wishes?.Contains(Data) == true,
            Renews = Wishes?.Contains(Renewal) == true,
            Preparation = AppointmentTexts.Read(Preparation),
            Language = Languages.Current,
        };
    }

    private void TooMany(DateTimeOffset? retryAt, DateTimeOffset now)
    {
        Stopped = Words["TooManyTries", Times.DayAndTime(retryAt ?? now), Vendor.Value.PhoneText()];
        HttpContext.TooManyTries(retryAt, now);
    }

    private string When(DateTimeOffset at) => AppointmentTexts.When(at, Times);
}

using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Ownership;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.ChangeOwner;

/// <summary>First what changes, at which price; then which license, the new data, and who asks.</summary>
public sealed partial class OwnerPage
{
    private const int LongestLine = 120;
    private const string Yes = "yes";

    /// <summary>As the fields stand on the page, so that the summary names them in their order.</summary>
    private static readonly string[] Order =
    [
        nameof(LicenseNumber), nameof(Company), nameof(Street), nameof(PostalCode), nameof(City), nameof(Country), nameof(VatId),
        nameof(Email), nameof(AskedBy), nameof(Phone),
    ];

    [Inject]
    private OwnerChangeOffers Offers { get; set; } = default!;

    [Inject]
    private BeginOwnerChange Begin { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "product")]
    private string? ProductInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "kind")]
    private string? KindInAddress { get; set; }

    /// <summary>From a page that knows it.</summary>
    [SupplyParameterFromQuery(Name = "license")]
    private string? LicenseInAddress { get; set; }

    [SupplyParameterFromForm]
    private string? Product { get; set; }

    [SupplyParameterFromForm]
    private string? Kind { get; set; }

    [SupplyParameterFromForm]
    private string? LicenseNumber { get; set; }

    [SupplyParameterFromForm]
    private string? Company { get; set; }

    [SupplyParameterFromForm]
    private string? Consumer { get; set; }

    [SupplyParameterFromForm]
    private string? Street { get; set; }

    [SupplyParameterFromForm]
    private string? PostalCode { get; set; }

    [SupplyParameterFromForm]
    private string? City { get; set; }

    [SupplyParameterFromForm]
    private string? Country { get; set; }

    [SupplyParameterFromForm]
    private string? VatId { get; set; }

    [SupplyParameterFromForm]
    private string? Email { get; set; }

    [SupplyParameterFromForm]
    private string? AskedBy { get; set; }

    [SupplyParameterFromForm]
    private string? Phone { get; set; }

    private IReadOnlyList<Product> Offered { get; set; } = [];

    private Product? Chosen { get; set; }

    private OwnerChangeKind? Wanted { get; set; }

    private IReadOnlyList<(OwnerChangeKind Kind, OwnerChangeQuote Quote)> Quotes { get; set; } = [];

    private string? LicenseOf => StatedLicense.Read(LicenseInAddress ?? "");

    protected override async Task OpenAsync()
    {
        if (Expired is { } typed)
        {
            (Product, Kind, LicenseNumber) = (typed[nameof(Product)], typed[nameof(Kind)], typed[nameof(LicenseNumber)]);
            (Company, Consumer, Street) = (typed[nameof(Company)], typed[nameof(Consumer)], typed[nameof(Street)]);
            (PostalCode, City, Country) = (typed[nameof(PostalCode)], typed[nameof(City)], typed[nameof(Country)]);
            (VatId, Email) = (typed[nameof(VatId)], typed[nameof(Email)]);
            (AskedBy, Phone) = (typed[nameof(AskedBy)], typed[nameof(Phone)]);
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
            await LoadAsync(Product, Kind);
            return;
        }

        LicenseNumber = LicenseOf;
        await LoadAsync(ProductInAddress, KindInAddress);
    }

    protected override async Task ActAsync()
    {
        await LoadAsync(Product, Kind);
        if (Chosen is null || Wanted is not { } kind || Wish(kind) is not { } wish)
        {
            HttpContext.Unprocessable();
            return;
        }

        var now = Time.GetUtcNow();
        var result = await Begin.ExecuteAsync(
            wish, LicenseNumber!.Trim(), Caller.From(HttpContext), CustomerActor.From(HttpContext)?.Id, now, Aborted);
        switch (result)
        {
            case { Token: { } token }:
                HttpContext.SeeOther(Navigation, $"/owner/{token}");
                break;
            case { Key: KeyAnswer.TooManyTries tries }:
                TooMany(tries.RetryAt, now);
                break;
            case { Key: { } key }:
                Refuse(nameof(LicenseNumber), Codes.ForLicense(LicenseNumber, key, T["UnknownKey"]));
                break;
            default:
                TooMany(result.RetryAt, now);
                break;
        }
    }

    private async Task LoadAsync(string? productId, string? kind)
    {
        Offered = await Offers.ProductsAsync(Aborted);
        Chosen = Offered is [var only] ? only : Offered.FirstOrDefault(p => p.Id == productId);
        Wanted = kind switch
        {
            "data" => OwnerChangeKind.Data,
            "takeover" => OwnerChangeKind.Takeover,
            _ => null,
        };
        if (Chosen is { } product && Wanted is null)
        {
            var (now, language) = (Time.GetUtcNow(), Languages.Current);
            Quotes =
            [
                (OwnerChangeKind.Data, await Offers.QuoteAsync(product, OwnerChangeKind.Data, language, now, Aborted)),
                (OwnerChangeKind.Takeover, await Offers.QuoteAsync(product, OwnerChangeKind.Takeover, language, now, Aborted)),
            ];
        }
    }

    /// <summary>What was typed, or null when something of it cannot be taken.</summary>
    private OwnerWish? Wish(OwnerChangeKind kind)
    {
        var address = MailAddresses.Normalize(Email);
        (string Field, bool IsRight, string Words)[] rules =
        [
            (nameof(LicenseNumber), Given(LicenseNumber) is not null, T["EnterLicense"]),
            (nameof(Company), Given(Company) is not null, T["EnterCompany"]),
            (nameof(Email), kind == OwnerChangeKind.Data || address is not null, Words[MailAddresses.WordOfProblem(Email)]),
            (nameof(AskedBy), Given(AskedBy) is not null, T["EnterAskedBy"]),
            (nameof(AskedBy), AskedBy is not { Length: > LongestLine }, Contact["LineTooLong"]),
            (nameof(Phone), Phone is not { Length: > LongestLine }, Contact["LineTooLong"]),
        ];
        var typed = new DraftContact
        {
            Company = Given(Company),
            Street = Given(Street),
            PostalCode = Given(PostalCode),
            City = Given(City),
            Country = Given(Country),
            VatId = Given(VatId),
        };
        var wrong = rules.Where(r => !r.IsRight).Select(r => (r.Field, r.Words)).Concat(ContactRules.AddressProblemsOf(typed).Select(p =>
            (p.Field, Contact[p.Word, p.Word == "VatIdForm" ? CountryNames.Get(p.Value!) : p.Value ?? ""].Value)));
        foreach (var (field, words) in wrong.OrderBy(w => Array.IndexOf(Order, w.Field)))
        {
            Refuse(field, words);
        }

        return Errors.Any ? null : new OwnerWish
        {
            Kind = kind,
            ProductId = Chosen!.Id,
            Licensee = new LicenseeData
            {
                Company = typed.Company!,
                IsConsumer = Consumer == Yes,
                Street = typed.Street!,
                PostalCode = typed.PostalCode!,
                City = typed.City!,
                Country = typed.Country!,
                VatId = typed.VatId is { } vatId ? Licensing.Billing.VatIds.Normalize(vatId) : null,
                Email = kind == OwnerChangeKind.Takeover ? address : null,
            },
            AskedBy = Given(AskedBy)!,
            Phone = Given(Phone),
            Language = Languages.Current,
        };
    }

    private void TooMany(DateTimeOffset? retryAt, DateTimeOffset now)
    {
        Stopped = Words["TooManyTries", Times.DayAndTime(retryAt ?? now), Vendor.Value.PhoneText()];
        HttpContext.TooManyTries(retryAt, now);
    }

    private string Here(string product, OwnerChangeKind? kind) =>
        $"/owner?product={Uri.EscapeDataString(product)}{(kind is { } wanted ? $"&kind={Word(wanted)}" : "")}"
        + (LicenseOf is { } license ? $"&license={Uri.EscapeDataString(license)}" : "");

    private static string Word(OwnerChangeKind kind) => kind == OwnerChangeKind.Data ? "data" : "takeover";

    private static string? Given(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}

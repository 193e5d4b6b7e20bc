using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Licensing.Transfers;

public enum TransferReview
{
    /// <summary>Settled at once when the owner has confirmed and nothing is doubtful.</summary>
    Automatic,
    ByStaff,
}

public enum LicenseIssue
{
    /// <summary>License and invoice go out together.</summary>
    OnSettlement,

    /// <summary>The invoice goes out first; the license follows when it is paid.</summary>
    OnPayment,
}

/// <summary>
/// A product's rule for moving a license away from a dead PC (domain.md, policies). Prices stand in the price list under the SKUs.
/// </summary>
public sealed record TransferPolicy
{
    /// <summary>Article of the fee per license; null = the move is not sold.</summary>
    public string? FeeSku { get; init; }

    /// <summary>Article of the subscription's renewal, which takes the place of the fee; null = not offered.</summary>
    public string? RenewalSku { get; init; }

    /// <summary>Days before the subscription's end from which renewal is offered, and at any time after it; null = always.</summary>
    public int? RenewalOfferedWithinDays { get; init; } = 60;

    public string? RenewalInfoUrl { get; init; }

    public TransferReview Review { get; init; } = TransferReview.ByStaff;

    public LicenseIssue IssueLicense { get; init; } = LicenseIssue.OnSettlement;

    /// <summary>Where the program shows the hardware code; null = the portal's own words.</summary>
    public string? WhereIsTheHardwareCodeDe { get; init; }

    public string? WhereIsTheHardwareCodeEn { get; init; }

    public bool IsOffered => FeeSku is not null || RenewalSku is not null;

    /// <param name="subscriptionEnd">Null when the license has no subscription: it can be taken out.</param>
    public bool OffersRenewal(DateOnly? subscriptionEnd, DateOnly today) =>
        RenewalSku is not null && (RenewalOfferedFrom(subscriptionEnd) is not { } from || from <= today);

    /// <summary>The first day on which renewal is offered; null when it is at any time.</summary>
    public DateOnly? RenewalOfferedFrom(DateOnly? subscriptionEnd) =>
        RenewalOfferedWithinDays is { } days && subscriptionEnd is { } end && end.DayNumber > days ? end.AddDays(-days) : null;

    /// <summary>The article that is invoiced for this remedy; null when it is not offered.</summary>
    public string? SkuOf(TransferRemedy remedy) => remedy switch
    {
        TransferRemedy.Fee => FeeSku,
        TransferRemedy.Renewal => RenewalSku,
    };

    public string? WhereIsTheHardwareCode(string language) => language == "de" ? WhereIsTheHardwareCodeDe : WhereIsTheHardwareCodeEn;

    /// <summary>What cannot be meant, by the path of the setting.</summary>
    public IEnumerable<BrokenRule> Problems()
    {
        (bool Holds, string Path, string German, string English)[] rules =
        [
            (PriceListEntry.IsSku(FeeSku), "transfer.feeSku",
                "Höchstens 60 Zeichen, ohne Leerzeichen und Schrägstrich.", "At most 60 characters, without spaces and slashes."),
            (PriceListEntry.IsSku(RenewalSku), "transfer.renewalSku",
                "Höchstens 60 Zeichen, ohne Leerzeichen und Schrägstrich.", "At most 60 characters, without spaces and slashes."),
            (FeeSku is null || FeeSku != RenewalSku, "transfer.renewalSku",
                "Die Verlängerung muss ein anderer Artikel sein als die Gebühr.", "The renewal must be another article than the fee."),
            (RenewalOfferedWithinDays is null or (>= 0 and <= 3650), "transfer.renewalOfferedWithinDays",
                "Geben Sie eine Zahl von 0 bis 3650 ein; leer heißt immer.", "Enter a number from 0 to 3650; empty means always."),
            ((WhereIsTheHardwareCodeDe is null) == (WhereIsTheHardwareCodeEn is null),
                WhereIsTheHardwareCodeDe is null ? "transfer.whereIsTheHardwareCodeDe" : "transfer.whereIsTheHardwareCodeEn",
                "Bitte in beiden Sprachen angeben oder beide leer lassen.", "Give it in both languages, or leave both empty."),
        ];
        foreach (var (_, path, german, english) in rules.Where(r => !r.Holds))
        {
            yield return new BrokenRule(path, german, english);
        }

        if (!WebAddress.IsHttpsOrNone(RenewalInfoUrl))
        {
            yield return WebAddress.Broken("transfer.renewalInfoUrl");
        }
    }
}

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

    /// <summary>What to do with the new license, in Markdown.</summary>
    public string? ChecklistDe { get; init; }

    public string? ChecklistEn { get; init; }

    /// <summary>Where the program shows the hardware code; null = the portal's own words.</summary>
    public string? WhereIsTheHardwareCodeDe { get; init; }

    public string? WhereIsTheHardwareCodeEn { get; init; }

    public bool IsOffered => FeeSku is not null || RenewalSku is not null;

    /// <param name="subscriptionEnd">Null when the license has no subscription: it can be taken out.</param>
    public bool OffersRenewal(DateOnly? subscriptionEnd, DateOnly today) =>
        RenewalSku is not null
        && (RenewalOfferedWithinDays is not { } days || subscriptionEnd is not { } end || end.DayNumber - today.DayNumber <= days);

    /// <summary>The article that is invoiced for this remedy; null when it is not offered.</summary>
    public string? SkuOf(TransferRemedy remedy) => remedy switch
    {
        TransferRemedy.Fee => FeeSku,
        TransferRemedy.Renewal => RenewalSku,
    };

    public string? Checklist(string language) => language == "de" ? ChecklistDe : ChecklistEn;

    public string? WhereIsTheHardwareCode(string language) => language == "de" ? WhereIsTheHardwareCodeDe : WhereIsTheHardwareCodeEn;

    /// <summary>What cannot be meant, as English sentences.</summary>
    public IEnumerable<string> Problems()
    {
        (bool Holds, string Sentence)[] rules =
        [
            (FeeSku is null or { Length: >= 1 and <= 60 }, "transfer.feeSku has 1 to 60 characters, or is null."),
            (RenewalSku is null or { Length: >= 1 and <= 60 }, "transfer.renewalSku has 1 to 60 characters, or is null."),
            (FeeSku is null || FeeSku != RenewalSku, "transfer.feeSku and transfer.renewalSku are two articles."),
            (RenewalOfferedWithinDays is null or >= 0, "transfer.renewalOfferedWithinDays is a number from 0 on, or null for always."),
            (IsWebAddress(RenewalInfoUrl), "transfer.renewalInfoUrl is an address that begins with https://, or null."),
            ((ChecklistDe is null) == (ChecklistEn is null), "transfer.checklistDe and transfer.checklistEn are given together."),
            ((WhereIsTheHardwareCodeDe is null) == (WhereIsTheHardwareCodeEn is null),
                "transfer.whereIsTheHardwareCodeDe and transfer.whereIsTheHardwareCodeEn are given together."),
        ];
        return rules.Where(r => !r.Holds).Select(r => r.Sentence);
    }

    private static bool IsWebAddress(string? address) =>
        address is null || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps);
}

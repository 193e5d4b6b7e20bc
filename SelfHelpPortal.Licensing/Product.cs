using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Licensing;

/// <summary>What is licensed. It carries every policy, so that two vendors' worlds differ by data and not by code.</summary>
public sealed class Product
{
    /// <summary>A short slug such as <c>muster-pos</c>; the API and import files call it <c>product</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; set; }

    /// <summary>Counts up with every change of the policies.</summary>
    public int PolicyVersion { get; private set; } = 1;

    public ProductPolicies Policies { get; private set; } = new();

    public void ChangePolicies(ProductPolicies policies)
    {
        if (policies != Policies)
        {
            Policies = policies;
            PolicyVersion++;
        }
    }

    public static Product Create(string id, string name, ProductPolicies policies) => new() { Id = id, Name = name, Policies = policies };
}

public sealed record ProductPolicies
{
    public ReleasePolicy Release { get; init; } = new();
    public FlagPolicy Flag { get; init; } = new();
    public HardwarePolicy Hardware { get; init; } = new();
    public CheckInPolicy CheckIn { get; init; } = new();
    public BusinessHours BusinessHours { get; init; } = new();
    public KeyScheme Key { get; init; } = new();
    public TransferPolicy Transfer { get; init; } = new();
    public AppointmentPolicy Appointments { get; init; } = new();
    public OwnershipPolicy Ownership { get; init; } = new();
    public LoanPolicy Loans { get; init; } = new();
    public ChecklistPolicy Checklists { get; init => field = value ?? new ChecklistPolicy(); } = new();
    public ProductLinks Links { get; init; } = new();

    /// <summary>Under which article of the price list it is sold; null when the policies name none.</summary>
    public string? SkuOf(PriceArticle article) => article switch
    {
        PriceArticle.Fee => Transfer.FeeSku,
        PriceArticle.Renewal => Transfer.RenewalSku,
        PriceArticle.DataChange => Ownership.DataChangeSku,
        PriceArticle.OwnershipTransfer => Ownership.TransferSku,
    };

    /// <summary>The same policies with another article.</summary>
    public ProductPolicies WithSku(PriceArticle article, string sku) => article switch
    {
        PriceArticle.Fee => this with { Transfer = Transfer with { FeeSku = sku } },
        PriceArticle.Renewal => this with { Transfer = Transfer with { RenewalSku = sku } },
        PriceArticle.DataChange => this with { Ownership = Ownership with { DataChangeSku = sku } },
        PriceArticle.OwnershipTransfer => this with { Ownership = Ownership with { TransferSku = sku } },
    };

    /// <summary>
    /// Something moves along that only tills have: where the law asks for it, the product has a checklist of that country.
    /// </summary>
    public bool HasFiscalUnit => Checklists.AsksForCountry;

    /// <summary>
    /// An old computer may go on for some days: where a release without proof costs nothing, neither does one that takes effect later.
    /// </summary>
    public bool OffersOverlap => Loans.OverlapDays > 0 && Release.DeadPc is (DeadPcRule.Immediate or DeadPcRule.ConfirmByMail);

    /// <summary>What cannot be meant, by the path of the setting.</summary>
    public IEnumerable<BrokenRule> Problems()
    {
        (bool Holds, string Path, string German, string English)[] rules =
        [
            (Release.AllowedUnproven is null or (>= 0 and <= 1000), "release.allowedUnproven",
                "Geben Sie eine Zahl von 0 bis 1000 ein; leer heißt ohne Grenze.", "Enter a number from 0 to 1000; empty means no limit."),
            (Release.RefillDays is >= 1 and <= 3650, "release.refillDays",
                "Geben Sie eine Zahl von 1 bis 3650 ein.", "Enter a number from 1 to 3650."),
            (Release.MinimumHoldMinutes is >= 0 and <= 525_600, "release.minimumHoldMinutes",
                "Geben Sie eine Zahl von 0 bis 525600 ein.", "Enter a number from 0 to 525600."),
            (Release.ObjectionHours is >= 1 and <= 720, "release.objectionHours",
                "Geben Sie eine Zahl von 1 bis 720 ein.", "Enter a number from 1 to 720."),
            (Flag.HoursBetweenStages is >= 1 and <= 720, "flag.hoursBetweenStages",
                "Geben Sie eine Zahl von 1 bis 720 ein.", "Enter a number from 1 to 720."),
            (Flag.LocksPerHour is >= 1 and <= 10_000, "flag.locksPerHour",
                "Geben Sie eine Zahl von 1 bis 10000 ein.", "Enter a number from 1 to 10000."),
            (Hardware.Points is >= 1 and <= 4.5m && Hardware.Points * 2 % 1 == 0, "hardware.points",
                "Geben Sie eine Zahl von 1 bis 4,5 in halben Schritten ein.", "Enter a number from 1 to 4.5 in steps of a half."),
            (CheckIn.EveryDays is >= 1 and <= 366, "checkIn.everyDays",
                "Geben Sie eine Zahl von 1 bis 366 ein.", "Enter a number from 1 to 366."),
            (CheckIn.GraceDays is >= 0 and <= 366, "checkIn.graceDays",
                "Geben Sie eine Zahl von 0 bis 366 ein.", "Enter a number from 0 to 366."),
            (BusinessHours.From < BusinessHours.Until, "businessHours.until",
                "Das Ende muss nach dem Beginn liegen.", "The end must be after the beginning."),
        ];
        foreach (var rule in rules.Where(r => !r.Holds).Select(r => new BrokenRule(r.Path, r.German, r.English))
            .Concat(Transfer.Problems()).Concat(Appointments.Problems()).Concat(Ownership.Problems()).Concat(Loans.Problems())
            .Concat(Checklists.Problems()).Concat(Links.Problems()))
        {
            yield return rule;
        }

        if (Key.Pattern is { } pattern && KeyScheme.ProblemOf(pattern) is { } problem)
        {
            yield return new BrokenRule(
                "key.pattern", $"Das Muster ist kein gültiger regulärer Ausdruck: {problem}",
                $"The pattern is not a valid regular expression: {problem}");
        }
    }
}

/// <summary>Where the product's customers find things; shown on result pages.</summary>
public sealed record ProductLinks
{
    public string? DownloadUrl { get; init; }
    public string? VersionListUrl { get; init; }
    public string? HostSoftwareName { get; init; }

    /// <summary>Where the key stands in the program, by language; null = the portal's own words.</summary>
    public string? WhereIsTheKeyDe { get; init; }

    public string? WhereIsTheKeyEn { get; init; }

    /// <summary>What cannot be meant, by the path of the setting.</summary>
    public IEnumerable<BrokenRule> Problems()
    {
        foreach (var (path, address) in new[] { ("links.downloadUrl", DownloadUrl), ("links.versionListUrl", VersionListUrl) })
        {
            if (!WebAddress.IsHttpsOrNone(address))
            {
                yield return WebAddress.Broken(path);
            }
        }

        if ((WhereIsTheKeyDe is null) != (WhereIsTheKeyEn is null))
        {
            yield return new BrokenRule(WhereIsTheKeyDe is null ? "links.whereIsTheKeyDe" : "links.whereIsTheKeyEn",
                "Füllen Sie beide Sprachen aus, oder lassen Sie beide leer.", "Fill in both languages, or leave both empty.");
        }
    }
}

/// <summary>Addresses that customers are sent to.</summary>
internal static class WebAddress
{
    public static bool IsHttpsOrNone(string? address) =>
        address is null || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps);

    public static BrokenRule Broken(string path) => new(
        path, "Geben Sie eine Adresse ein, die mit https:// beginnt, oder nichts.",
        "Enter an address that begins with https://, or nothing.");
}

using SelfHelpPortal.Licensing.CheckIn;
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
    public ProductLinks Links { get; init; } = new();

    /// <summary>What cannot be meant, as English sentences for whoever wrote the policies.</summary>
    public IEnumerable<string> Problems()
    {
        (bool Holds, string Sentence)[] rules =
        [
            (Release.AllowedUnproven is null or >= 0, "release.allowedUnproven is a number from 0 on, or null for no limit."),
            (Release.RefillDays >= 1, "release.refillDays is at least 1."),
            (Release.MinimumHoldMinutes >= 0, "release.minimumHoldMinutes is at least 0."),
            (Release.ObjectionHours >= 1, "release.objectionHours is at least 1."),
            (Flag.HoursBetweenStages >= 1, "flag.hoursBetweenStages is at least 1."),
            (Flag.LocksPerHour >= 1, "flag.locksPerHour is at least 1."),
            (Hardware.Points is >= 1 and <= 4.5m && Hardware.Points * 2 % 1 == 0,
                "hardware.points is a number from 1 to 4.5 in steps of a half."),
            (CheckIn.EveryDays >= 1, "checkIn.everyDays is at least 1."),
            (CheckIn.GraceDays >= 0, "checkIn.graceDays is at least 0."),
            (BusinessHours.From < BusinessHours.Until, "businessHours.from lies before businessHours.until."),
        ];
        foreach (var sentence in rules.Where(r => !r.Holds).Select(r => r.Sentence).Concat(Transfer.Problems()))
        {
            yield return sentence;
        }

        if (Key.Pattern is { } pattern && KeyScheme.ProblemOf(pattern) is { } problem)
        {
            yield return $"key.pattern cannot be used: {problem}";
        }
    }
}

/// <summary>Where the product's customers find things; shown on result pages and checklists.</summary>
public sealed record ProductLinks
{
    public string? DownloadUrl { get; init; }
    public string? VersionListUrl { get; init; }
    public string? HostSoftwareName { get; init; }

    /// <summary>Where the key stands in the program, by language; null = the portal's own words.</summary>
    public string? WhereIsTheKeyDe { get; init; }

    public string? WhereIsTheKeyEn { get; init; }
}

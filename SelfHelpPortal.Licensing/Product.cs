using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;

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
    public ProductLinks Links { get; init; } = new();
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

using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Licensing.Transfers;

/// <summary>What has been typed into the pages of a transfer so far, as it was typed.</summary>
public sealed record TransferDraft
{
    public string? ProductId { get; init; }

    /// <summary>The customer was asked for the product; else it was known or the only one.</summary>
    public bool ProductAsked { get; init; }

    public TransferRemedy? Remedy { get; init; }

    /// <summary>The total that was last shown as the price of the chosen remedy: when it has changed, the customer chooses again.</summary>
    public DraftPrice? Shown { get; init; }

    /// <summary>The dead PCs; one row at least, once there is anything.</summary>
    public IReadOnlyList<DraftItem> Items { get; init; } = [];

    public bool HardwareRead { get; init; }

    /// <summary>The working computers.</summary>
    public IReadOnlyList<DraftPc> WorkingPcs { get; init; } = [];

    /// <summary>The question for the license has been answered, if only with "I do not know".</summary>
    public bool LicenseAsked { get; init; }

    public DraftContact? Contact { get; init; }

    /// <summary>Known because its key was typed on the way from the release page.</summary>
    public Guid? LicenseId { get; init; }

    /// <summary>The customer says that the one license that is left is not the dead one.</summary>
    public bool IsNotTheOneLeft { get; init; }
}

/// <param name="UnitNetCents">For one license.</param>
/// <param name="VatRate">Percent.</param>
public sealed record DraftPrice(Guid EntryId, long UnitNetCents, VatCase? VatCase, decimal VatRate);

public sealed record DraftItem(string? HardwareCode, string? LicenseNumber)
{
    /// <summary>From an uploaded request file.</summary>
    public string? PcName { get; init; }

    public string? AppVersion { get; init; }

    /// <summary>When the file was made.</summary>
    public DateTimeOffset? FileFrom { get; init; }
}

public sealed record DraftPc(string? Name, string? HardwareCode);

public sealed record DraftContact
{
    public string? Company { get; init; }
    public string? Name { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Street { get; init; }
    public string? PostalCode { get; init; }
    public string? City { get; init; }
    public string? Country { get; init; }
    public string? VatId { get; init; }
    public string? Language { get; init; }
    public string? BuyerReference { get; init; }

    /// <summary>A public office: it has a "Leitweg-ID" and may choose the format.</summary>
    public bool IsAuthority { get; init; }

    /// <summary>Only counts for a public office.</summary>
    public InvoiceFormat? InvoiceFormat { get; init; }
    public string? OrderNumber { get; init; }
    public string? Remark { get; init; }
}

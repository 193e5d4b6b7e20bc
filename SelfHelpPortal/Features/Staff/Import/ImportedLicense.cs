namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>A row of the import file as it was written; the columns are those of api.md.</summary>
internal sealed class ImportedLicense
{
    public string Product { get; init; } = "";
    public string LicenseNumber { get; init; } = "";
    public string Serial { get; init; } = "";

    /// <summary>Empty: a key is minted.</summary>
    public string ActivationKey { get; init; } = "";
    public string Seats { get; init; } = "";

    /// <summary>ISO 8601 date.</summary>
    public string MaintenanceUntil { get; init; } = "";
    public string CustomerNumber { get; init; } = "";
    public string Company { get; init; } = "";
    public string Email { get; init; } = "";
    public string Language { get; init; } = "";
    public string Street { get; init; } = "";
    public string PostalCode { get; init; } = "";
    public string City { get; init; } = "";
    public string Country { get; init; } = "";
    public string VatId { get; init; } = "";

    /// <summary>Line in the file, counted from 1.</summary>
    public required int Line { get; init; }
}

/// <summary>Why a row cannot be imported.</summary>
internal sealed record BadRow(int Line, string Reason);

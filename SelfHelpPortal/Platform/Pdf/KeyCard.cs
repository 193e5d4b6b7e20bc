namespace SelfHelpPortal.Platform.Pdf;

/// <summary>What stands on the card of a license.</summary>
/// <param name="Vendor">Who gives the license out.</param>
/// <param name="Portal">Where the customer releases it, as an address.</param>
/// <param name="Language"><c>de</c> or <c>en</c></param>
internal sealed record KeyCard(
    string Vendor, string Product, string LicenseNumber, string Company, string Key, int Seats, DateOnly? MaintenanceUntil, string Portal,
    string Language, DateOnly Date);

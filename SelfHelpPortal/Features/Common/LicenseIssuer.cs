using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Configuration;
using SelfHelpPortal.Platform.Signing;

namespace SelfHelpPortal.Features.Common;

/// <summary>Writes the signed license file of an activation.</summary>
internal sealed class LicenseIssuer(ActivationSecretsMaker secrets, SigningKeys keys, PublicAddress address)
{
    public string Write(License license, Activation activation, Product product, string customer, DateTimeOffset now) => new LicenseFile
    {
        Issuer = address.Root,
        FileId = Guid.CreateVersion7().ToString("n"),
        LicenseNumber = license.Number,
        Handle = activation.Handle,
        Generation = activation.Generation,
        IssuedAt = now,
        NotBefore = now,
        ExpiresAt = license.ExpiresAt,
        CheckIn = new CheckInRule(product.Policies.CheckIn.EveryDays, product.Policies.CheckIn.GraceDays),
        Product = product.Id,
        Features = new Dictionary<string, string>(),
        Seats = license.Seats,
        MaintenanceUntil = license.MaintenanceUntil is { } end ? new DateTimeOffset(end.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null,
        HardwareCode = activation.HardwareCode.ToString(),
        Customer = customer,
        Serial = license.Serial,
        KeyLastFive = license.Key.LastFive,
        ReleaseSecret = secrets.Open(activation),
    }.Write(keys.For(SignaturePurpose.License));
}

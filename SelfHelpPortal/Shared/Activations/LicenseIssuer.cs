using SelfHelpPortal.Configuration;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Activations;

/// <summary>Writes the signed license file of an activation.</summary>
internal sealed class LicenseIssuer(ActivationSecretsFactory secrets, SigningKeys keys, PublicAddress address)
{
    public string Write(License license, Activation activation, Product product, string customer, DateTimeOffset now) =>
        ClaimsOf(license, activation, product, customer, now).Write(keys.For(SignaturePurpose.License));

    /// <summary>Whether a file that was written earlier is still what would be written now, and its key still counts.</summary>
    public bool StillHolds(string text, License license, Activation activation, Product product, string customer, DateTimeOffset now) =>
        LicenseFile.Read(text, keys.Verifier) is { IsGenuine: true } read
            && read.Claims.SaysTheSameAs(ClaimsOf(license, activation, product, customer, now));

    private LicenseFile ClaimsOf(License license, Activation activation, Product product, string customer, DateTimeOffset now) => new()
    {
        Issuer = address.Root,
        FileId = Guid.CreateVersion7().ToString("n"),
        LicenseNumber = license.Number,
        Handle = activation.Handle,
        Generation = activation.Generation,
        IssuedAt = now,
        NotBefore = now,
        ExpiresAt = activation.EndsAt < (license.ExpiresAt ?? DateTimeOffset.MaxValue) ? activation.EndsAt : license.ExpiresAt,
        CheckIn = new CheckInRule(product.Policies.CheckIn.EveryDays, product.Policies.CheckIn.GraceDays),
        Product = product.Id,
        Features = new Dictionary<string, string>(),
        Seats = license.Seats,
        MaintenanceUntil = license.MaintenanceUntil is { } end
            ? new DateTimeOffset(end.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : null,
        HardwareCode = activation.HardwareCode.ToString(),
        Customer = customer,
        Serial = license.Serial,
        KeyLastFive = license.Key.LastFive,
        ReleaseSecret = secrets.Open(activation),
        Temporary = activation is { EndsAt: { } stops, EndsAs: { } kind }
            ? new TemporaryUse(kind == EndKind.Loan ? "loan" : "overlap", stops)
            : null,
    };
}

using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Files;

internal static class Sample
{
    public static LicenseFile License(Seeded? random = null)
    {
        random ??= new Seeded(1);
        var issued = DateTimeOffset.FromUnixTimeSeconds(1_795_000_000 + random.Below(100_000_000));
        return new LicenseFile
        {
            Issuer = "https://portal.example.org",
            FileId = Convert.ToHexStringLower(random.Bytes(16)),
            LicenseNumber = "L-" + random.Below(100_000),
            Handle = CodeAlphabet.Encode(random.Bytes(Handles.ByteLength)),
            Generation = 1 + random.Below(255),
            IssuedAt = issued,
            NotBefore = issued,
            ExpiresAt = random.Below(2) == 0 ? null : issued.AddDays(30),
            CheckIn = new CheckInRule(1 + random.Below(30), random.Below(30)),
            Product = "muster-pos",
            Edition = random.Below(2) == 0 ? null : "Pro",
            Features = new Dictionary<string, string> { ["channels"] = "8", ["Größe"] = "groß \"und\" <breit>" },
            Seats = 1 + random.Below(20),
            MaintenanceUntil = issued.AddDays(365),
            HardwareCode = "H1011-2BATA",
            Customer = "Muster GmbH & Söhne",
            Serial = random.Below(2) == 0 ? null : "S-ABCDE-FGHJK",
            KeyLastFive = "PP7FH",
            ReleaseSecret = random.Bytes(ReleaseSecret.ByteLength),
            Temporary = random.Below(2) == 0 ? null : new TemporaryUse("repair", issued.AddDays(30)),
        };
    }
}

using System.Text.RegularExpressions;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Features.Customer.Home;

internal enum GivenKind
{
    Key,

    /// <summary>From a QR code.</summary>
    Link,
    VerificationCode,
    HardwareCode,
    EmergencyCode,

    /// <summary>Of an order.</summary>
    Reference,

    /// <summary>Number or serial.</summary>
    License,

    /// <summary>Of a license that was locked.</summary>
    Case,
}

/// <summary>
/// What somebody pasted into the field of the start page. What has check symbols comes first: it is nothing else by chance.
/// </summary>
/// <param name="Shown">As it was read; empty for a key, which is not repeated.</param>
internal sealed partial record GivenText(GivenKind Kind, string Shown)
{
    /// <summary>The one page that it leads to; null where whoever has it chooses.</summary>
    public string? Page => Kind switch
    {
        GivenKind.Link => $"/D/{Shown}",
        GivenKind.Reference => $"/transfer/status?reference={Shown}",
        _ => null,
    };

    /// <summary>Null for what is none of our codes and numbers; it may still be a key that the vendor issued earlier.</summary>
    public static GivenText? Read(string text)
    {
        if (text.Contains("/D/", StringComparison.OrdinalIgnoreCase) && ReleaseLink.TryParse(text, out var address))
        {
            return new(GivenKind.Link, address.Normalized);
        }

        if (CodeFinder.KindIn(text) is { } kind)
        {
            var code = CodeFinder.Find(text, kind)!;
            return kind switch
            {
                CodeKind.ActivationKey => new(GivenKind.Key, ""),
                CodeKind.VerificationCode => new(GivenKind.VerificationCode, code),
                CodeKind.HardwareCode => new(GivenKind.HardwareCode, code),
                CodeKind.EmergencyCode => new(GivenKind.EmergencyCode, code),
            };
        }

        if (ReleaseLink.TryParse(text, out var link))
        {
            return new(GivenKind.Link, link.Normalized);
        }

        if (RequestReference.TryParse(text, out var reference))
        {
            return new(GivenKind.Reference, reference.ToString());
        }

        return CaseNumber().Match(text) is { Success: true } found ? new(GivenKind.Case, "F-" + found.Groups[1].Value)
            : LicenseNumber.ReadDigits(text) is { } license ? new(GivenKind.License, license)
            : null;
    }

    [GeneratedRegex(@"\A\W*(?:Fall|Case)?\W*F[\W_]?(\d{3,9})\W*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CaseNumber();
}

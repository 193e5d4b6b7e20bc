using System.Diagnostics;
using System.Runtime.InteropServices;
using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.Client;

/// <summary>What a request file asks for.</summary>
public enum RequestKind
{
    /// <summary>"Send license information": this computer's fingerprint, for a move of the license to it.</summary>
    Info,

    /// <summary>A license file for this computer.</summary>
    Activate,
}

public sealed partial class LicenseClient
{
    /// <summary>Where a license is moved from a dead PC to this one, with this computer's fingerprint filled in.</summary>
    public Uri TransferPage => _portal.PageOf($"transfer?product={Uri.EscapeDataString(_options.Product)}&hw={HardwareCode}");

    /// <summary>Opens <see cref="TransferPage"/> in the browser; false where there is none.</summary>
    public bool OpenTransferPage()
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(TransferPage.AbsoluteUri) { UseShellExecute = true });
            return true;
        }
        catch (Exception missing) when (
            missing is System.ComponentModel.Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    /// <summary>
    /// A request file (<c>*.lshreq</c>) for a computer without internet: to be uploaded at the portal's pages from elsewhere, or mailed.
    /// </summary>
    /// <param name="kind">What it asks for.</param>
    /// <param name="activationKey">For <see cref="RequestKind.Activate"/>; null = the stored one, or none.</param>
    public string RequestText(RequestKind kind, string? activationKey = null) => new RequestFile
    {
        Version = 1,
        Kind = kind switch
        {
            RequestKind.Info => "info",
            RequestKind.Activate => "activate",
        },
        Product = _options.Product,
        HardwareCode = HardwareCode,
        PcName = _options.PcName,
        AppVersion = _options.AppVersion,
        Created = DateTimeOffset.FromUnixTimeSeconds(Clock().ToUnixTimeSeconds()),
        Nonce = Nonce(),
        ActivationKey = kind == RequestKind.Activate ? activationKey ?? ActivationKey : null,
    }.Write();

    /// <summary>Writes <see cref="RequestText"/> to a file.</summary>
    /// <returns><see cref="LicenseCodes.FileNotWritten"/> if that is not possible.</returns>
    public LicenseResult SaveRequestFile(string path, RequestKind kind, string? activationKey = null)
    {
        try
        {
            File.WriteAllText(path, RequestText(kind, activationKey));
            return new(true, LicenseCodes.Valid);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            return new(false, LicenseCodes.FileNotWritten);
        }
    }

    /// <summary>Subject and text of a mail that goes with a request file, for "send license information" without internet.</summary>
    public (string Subject, string Body) RequestMail()
    {
        var texts = new ClientTexts(_options.Language);
        return (texts["Mail.Subject", _options.Product, _options.PcName],
            texts["Mail.Body", HardwareCode, TransferPage.AbsoluteUri, _options.PcName, RuntimeInformation.OSDescription]);
    }
}

using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Images;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>The vendor's pictures that hold now; null for those that the vendor does not have.</summary>
internal sealed record VendorImages
{
    public static readonly VendorImages None = new();

    /// <summary>On light ground: pages, and what is printed.</summary>
    public VendorImage? Logo { get; init; }

    /// <summary>On dark ground; without it the other one stands there on a light plate.</summary>
    public VendorImage? LogoDark { get; init; }

    /// <summary>Square, for the tab of a browser.</summary>
    public VendorImage? Icon { get; init; }

    /// <summary>Why the logo that the configuration names cannot stand on invoices, which wait for it.</summary>
    public InvoicingComplaint? LogoFault { get; private init; }

    /// <param name="path">Of <see cref="VendorSettings.ImagePaths"/>.</param>
    public VendorImage? At(string path) => path switch
    {
        "logo" => Logo,
        "logoDark" => LogoDark,
        "icon" => Icon,
        _ => null,
    };

    /// <returns>The picture with this checksum; null when none of them has it.</returns>
    public VendorImage? Find(string? sha256) => new[] { Logo, LogoDark, Icon }.FirstOrDefault(image => image?.Sha256 == sha256);

    /// <returns>The same, with those of the other in the given places.</returns>
    public VendorImages With(VendorImages other, IReadOnlySet<string> paths) => new()
    {
        Logo = paths.Contains("logo") ? other.Logo : Logo,
        LogoDark = paths.Contains("logoDark") ? other.LogoDark : LogoDark,
        Icon = paths.Contains("icon") ? other.Icon : Icon,
        LogoFault = other.LogoFault,
    };

    /// <summary>Reads the files that the configuration names. What cannot be used is left out.</summary>
    public static VendorImages FromFiles(VendorOptions vendor, IHostEnvironment environment) => new()
    {
        Logo = Read("logo", vendor.Logo, environment).Image,
        LogoDark = Read("logoDark", vendor.LogoDark, environment).Image,
        Icon = Read("icon", vendor.Icon, environment).Image,
        LogoFault = FaultOf(vendor.Logo, environment),
    };

    /// <returns>What is wrong with the file that the configuration names, as the start says it; null when nothing is.</returns>
    public static string? Complaint(string path, string? file, IHostEnvironment environment) =>
        Read(path, file, environment) is { Image: null, Problem: { } problem }
            ? $"{VendorOptions.Section}:{VendorSettings.KeyOf(path)} names {file}. {problem}"
            : null;

    private static InvoicingComplaint? FaultOf(string? file, IHostEnvironment environment)
    {
        if (VendorText.Given(file) is not { } path)
        {
            return null;
        }

        if (Bytes(path, environment) is not { } bytes)
        {
            return new("FileUnreadable", nameof(VendorOptions.Logo), path);
        }

        if (PngFile.Read(bytes).Problem is not { } problem)
        {
            return null;
        }

        var word = problem switch
        {
            PngProblem.TooManyBytes => "LogoTooBig",
            PngProblem.Damaged => "LogoDamaged",
            PngProblem.NoPng or PngProblem.Unsupported or PngProblem.TooManyPixels => "LogoUnsupported",
        };
        return new(word, nameof(VendorOptions.Logo), path);
    }

    private static (VendorImage? Image, string? Problem) Read(string path, string? file, IHostEnvironment environment)
    {
        if (VendorText.Given(file) is not { } name)
        {
            return (null, null);
        }

        if (Bytes(name, environment) is not { } bytes)
        {
            return (null, "The file cannot be read.");
        }

        var (image, problem) = VendorImage.Read(path, bytes);
        return (image, problem?.English);
    }

    private static byte[]? Bytes(string path, IHostEnvironment environment)
    {
        try
        {
            return File.ReadAllBytes(environment.Resolve(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}

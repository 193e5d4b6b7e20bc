using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Activations;

/// <summary>What somebody put where a hardware code is asked for: the code, or the whole request file.</summary>
/// <param name="Problem">Why the code cannot be read.</param>
/// <param name="FileProblem">Why the file cannot be read.</param>
internal sealed record HardwareInput(
    HardwareCode? Code, RequestFile? File = null, CodeProblem? Problem = null, RequestFileProblem? FileProblem = null)
{
    private const int PcNameLength = 100;
    private const int AppVersionLength = 50;

    public static HardwareInput Parse(string? typed) =>
        typed is not null && RequestFile.LooksLikeOne(typed) ? ParseFile(typed)
        : HardwareCode.TryParse(typed, out var code, out var problem) ? new(code)
        : new(null, Problem: problem);

    public static HardwareInput ParseFile(string text)
    {
        if (!RequestFile.TryRead(text, out var file, out var problem))
        {
            return new(null, FileProblem: problem);
        }

        return HardwareCode.TryParse(file.HardwareCode, out var code, out _)
            ? new(code, file)
            : new(null, FileProblem: RequestFileProblem.NotOne);
    }

    /// <summary>The text of a chosen file, or why it is none of ours; its content decides, not its name.</summary>
    public static async Task<(string? Text, RequestFileProblem Problem)> ReadAsync(IFormFile file, CancellationToken cancellationToken)
    {
        if (file.Length == 0)
        {
            return (null, RequestFileProblem.Empty);
        }

        if (file.Length > RequestFile.MaxBytes)
        {
            return (null, RequestFileProblem.TooLarge);
        }

        var bytes = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        var text = FileText.Of(bytes);
        return ParseFile(text ?? "-") is { FileProblem: { } problem } ? (null, problem) : (text, default);
    }

    /// <summary>The computer as far as it is known: a file also says its name.</summary>
    public Computer Computer => new(
        Code ?? throw new InvalidOperationException("The input holds no hardware code; look at its problem first."),
        Short(File?.PcName, PcNameLength), Short(File?.AppVersion, AppVersionLength));

    private static string? Short(string? text, int length)
    {
        var clean = string.Concat((text ?? "")
            .Where(c => !char.IsControl(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format)).Trim();
        return clean.Length == 0 ? null : UntrustedText.Shorten(clean, length);
    }
}

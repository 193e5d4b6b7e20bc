using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>What somebody put where a hardware code is asked for: the code, or the whole request file.</summary>
/// <param name="Problem">Why the code cannot be read.</param>
/// <param name="FileProblem">Why the file cannot be read.</param>
internal sealed record HardwareInput(HardwareCode? Code, RequestFile? File = null, CodeProblem? Problem = null, RequestFileProblem? FileProblem = null)
{
    public static HardwareInput Of(string? typed)
    {
        if (typed is null || !RequestFile.LooksLikeOne(typed))
        {
            return HardwareCode.TryParse(typed, out var code, out var problem) ? new(code) : new(null, Problem: problem);
        }

        return OfFile(typed);
    }

    public static HardwareInput OfFile(string text)
    {
        if (!RequestFile.TryRead(text, out var file, out var problem))
        {
            return new(null, FileProblem: problem);
        }

        return HardwareCode.TryParse(file.HardwareCode, out var code, out _) ? new(code, file) : new(null, FileProblem: RequestFileProblem.NotOne);
    }
}

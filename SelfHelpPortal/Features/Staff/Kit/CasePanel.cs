namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>The place beside the work list in which the page of a case is drawn.</summary>
/// <param name="path">Of the page where it is drawn alone.</param>
/// <param name="acted">Told what an act on the page came to: the word for programs and the sentence for people.</param>
public sealed class CasePanel(string path, Func<(string Outcome, string Sentence)?, Task> acted)
{
    public string Path { get; } = path;

    public Task ActedAsync((string Outcome, string Sentence)? result) => acted(result);
}

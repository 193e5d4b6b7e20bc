namespace SelfHelpPortal.Shared.Api;

/// <summary>
/// Names the sentences of failed requests: ApiProblemWords.resx (English) and ApiProblemWords.de.resx. Titles are keyed by the code.
/// </summary>
public sealed class ApiProblemWords;

namespace SelfHelpPortal.Configuration;

/// <summary>
/// The portal cannot start, for a reason that whoever runs it can remove. The message is one sentence and is printed without a stack trace.
/// </summary>
internal sealed class StartRefusedException(string sentence) : Exception(sentence);

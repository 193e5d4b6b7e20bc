namespace SelfHelpPortal.Features.Machine.CheckIn;

/// <summary>
/// Names the sentences that the licensed program shows after a check-in: CheckInMessages.resx (English) and CheckInMessages.de.resx.
/// </summary>
public sealed class CheckInMessages;

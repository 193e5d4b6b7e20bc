namespace SelfHelpPortal.Licensing.Codes;

/// <summary>The human codes; the value of each is its type letter.</summary>
public enum CodeKind
{
    ActivationKey = 'K',
    VerificationCode = 'D',
    HardwareCode = 'H',
    EmergencyCode = 'E',
}

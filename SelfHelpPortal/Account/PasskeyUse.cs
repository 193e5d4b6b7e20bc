namespace SelfHelpPortal.Account;

/// <summary>A sign-in by passkey: the question that was answered, once, and when the passkey was used.</summary>
internal sealed class PasskeyUse
{
    /// <summary>SHA-256 of what was asked.</summary>
    public required byte[] QuestionHash { get; init; }

    public required byte[] CredentialId { get; init; }

    public required DateTimeOffset UsedAt { get; init; }
}

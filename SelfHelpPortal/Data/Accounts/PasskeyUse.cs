namespace SelfHelpPortal.Data.Accounts;

/// <summary>A sign-in by passkey: the question that was answered, once, and when the passkey was used.</summary>
internal sealed class PasskeyUse
{
    /// <summary>Much longer than a question can be answered, so that its owner sees when a passkey was last used.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(90);

    /// <summary>SHA-256 of what was asked.</summary>
    public required byte[] QuestionHash { get; init; }

    public required byte[] CredentialId { get; init; }

    public required DateTimeOffset UsedAt { get; init; }
}

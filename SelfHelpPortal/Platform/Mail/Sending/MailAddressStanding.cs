namespace SelfHelpPortal.Platform.Mail.Sending;

internal enum MailAddressState : short
{
    Ok = 0,
    Refused = 1,
}

/// <summary>What a server said about a mailbox. The address itself is not kept here.</summary>
internal sealed class MailAddressStanding
{
    public required byte[] AddressHash { get; init; }
    public MailAddressState State { get; set; }
    public DateTimeOffset Since { get; set; }
    public string LastReply { get; set; } = "";
}

namespace SelfHelpPortal.Platform.Limits;

/// <summary>The mails that somebody outside can bring about, each with a limit of its own: none of them uses up another's.</summary>
internal enum LimitedMail
{
    LostKey,
    AccountOpening,
    PasswordReset,
    AddressChange,
    DataExport,
    Invitation,

    /// <summary>To the owner of a license that somebody orders a transfer for.</summary>
    TransferConfirm,

    /// <summary>To the address that was typed with an order.</summary>
    TransferReceived,

    /// <summary>To the address that was typed when booking an appointment, for every change of it.</summary>
    Appointment,

    /// <summary>To the licensee whose data, or license, somebody wants to change.</summary>
    OwnerChange,

    /// <summary>To the owner of a license that somebody wants to be lent.</summary>
    Loan,

    /// <summary>To the owner of a license that somebody with its key wants to release.</summary>
    ReleaseConfirm,

    /// <summary>That somebody knew the password and not the code.</summary>
    WrongSecondFactor,

    /// <summary>That wrong passwords have locked the sign-in for a while.</summary>
    SignInLocked,
}

/// <summary>How many mails of one kind a mailbox gets.</summary>
internal sealed class MailLimit
{
    /// <summary>
    /// Because of all strangers together: more than one of them can bring about, so that no single one mutes the mailbox's owner.
    /// </summary>
    public int PerMailbox { get; set; }

    /// <summary>Because of one asker.</summary>
    public int PerAsker { get; set; }

    public int Minutes { get; set; } = 24 * 60;

    public AttemptLimit For(AttemptScope scope) =>
        new() { Count = scope == AttemptScope.MailsPerMailbox ? PerMailbox : PerAsker, Minutes = Minutes };
}

/// <summary>Section <c>Guessing:Mails</c>: the one table of what is mailed how often.</summary>
internal sealed class MailLimits
{
    public MailLimit LostKey { get; set; } = new() { PerMailbox = 6, PerAsker = 3 };

    public MailLimit AccountOpening { get; set; } = new() { PerMailbox = 6, PerAsker = 3 };

    public MailLimit PasswordReset { get; set; } = new() { PerMailbox = 6, PerAsker = 3 };

    public MailLimit AddressChange { get; set; } = new() { PerMailbox = 6, PerAsker = 3 };

    public MailLimit DataExport { get; set; } = new() { PerMailbox = 6, PerAsker = 3 };

    public MailLimit Invitation { get; set; } = new() { PerMailbox = 6, PerAsker = 3 };

    public MailLimit TransferConfirm { get; set; } = new() { PerMailbox = 6, PerAsker = 3 };

    public MailLimit TransferReceived { get; set; } = new() { PerMailbox = 10, PerAsker = 5 };

    public MailLimit Appointment { get; set; } = new() { PerMailbox = 10, PerAsker = 5 };

    public MailLimit OwnerChange { get; set; } = new() { PerMailbox = 6, PerAsker = 3 };

    public MailLimit Loan { get; set; } = new() { PerMailbox = 6, PerAsker = 3 };

    public MailLimit ReleaseConfirm { get; set; } = new() { PerMailbox = 3, PerAsker = 3, Minutes = 60 };

    public MailLimit WrongSecondFactor { get; set; } = new() { PerMailbox = 1, PerAsker = 1, Minutes = 60 };

    public MailLimit SignInLocked { get; set; } = new() { PerMailbox = 3, PerAsker = 3, Minutes = 60 };

    public MailLimit For(LimitedMail mail) => mail switch
    {
        LimitedMail.LostKey => LostKey,
        LimitedMail.AccountOpening => AccountOpening,
        LimitedMail.PasswordReset => PasswordReset,
        LimitedMail.AddressChange => AddressChange,
        LimitedMail.DataExport => DataExport,
        LimitedMail.Invitation => Invitation,
        LimitedMail.TransferConfirm => TransferConfirm,
        LimitedMail.TransferReceived => TransferReceived,
        LimitedMail.Appointment => Appointment,
        LimitedMail.OwnerChange => OwnerChange,
        LimitedMail.Loan => Loan,
        LimitedMail.ReleaseConfirm => ReleaseConfirm,
        LimitedMail.WrongSecondFactor => WrongSecondFactor,
        LimitedMail.SignInLocked => SignInLocked,
    };

    public IEnumerable<string> Validate() => Enum.GetValues<LimitedMail>()
        .Where(mail => For(mail) is not { PerAsker: >= 1, Minutes: >= 1 } limit || limit.PerMailbox < limit.PerAsker)
        .Select(mail => $"Guessing:Mails:{mail} needs PerAsker and Minutes of at least 1, and PerMailbox of at least PerAsker.");
}

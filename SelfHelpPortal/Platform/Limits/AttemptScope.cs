namespace SelfHelpPortal.Platform.Limits;

/// <summary>
/// What is counted together. The order is the one in which buckets are locked, so that two requests never wait for each other.
/// </summary>
internal enum AttemptScope
{
    WrongKeyPerAddress,
    SameWrongKey,
    WrongCodePerKey,

    /// <summary>
    /// Proofs of devices and QR links. Apart from keys, so that tills with an unknown activation close no door to the people beside them.
    /// </summary>
    WrongProofPerAddress,

    /// <summary>Tokens of the backoffice API.</summary>
    WrongTokenPerAddress,

    /// <summary>Over all accounts: one address does not try forty of them.</summary>
    PasswordPerSource,
    PasswordPerAccountAndSource,
    PasswordPerKnownDevice,
    PasswordPerAccount,
    SecondFactorPerAccount,
    StatusPerAddress,
    StatusPerReference,

    /// <summary>Of one kind, whoever of the strangers asks for it. The limits of the mails stand in <see cref="MailLimits"/>.</summary>
    MailsPerMailbox,

    /// <summary>
    /// Of one kind, because of one asker: an address, a known browser, a person who is signed in, a license whose key was shown.
    /// </summary>
    MailsPerMailboxAndAsker,

    /// <summary>Of one kind to all mailboxes, for strangers.</summary>
    MailsPerAddress,

    /// <summary>Of all kinds to all mailboxes, for somebody who is signed in.</summary>
    MailsPerPerson,
    LookUpsPerStaffAccount,

    /// <summary>Pages that keep what is typed, each kind for itself: begun by a stranger …</summary>
    DraftsPerAddress,

    /// <summary>… by somebody who is signed in …</summary>
    DraftsPerPerson,

    /// <summary>… or by whoever has shown the license's key.</summary>
    DraftsPerLicense,

    /// <summary>Last, since it is one row for everybody: counted after a miss, never locked while somebody looks something up.</summary>
    PortalWrongKeys,
}

/// <summary>How many, in which time.</summary>
internal sealed class AttemptLimit
{
    public int Count { get; set; }

    public int Minutes { get; set; }
}

/// <summary>
/// Section <c>Guessing </c>: how often somebody may be wrong. The values are those of security.md, section 5, to begin with.
/// </summary>
internal sealed class AttemptLimiterOptions
{
    public AttemptLimit WrongKeyPerAddress { get; set; } = new() { Count = 10, Minutes = 60 };

    public AttemptLimit SameWrongKey { get; set; } = new() { Count = 5, Minutes = 60 };

    public AttemptLimit WrongCodePerKey { get; set; } = new() { Count = 10, Minutes = 60 };

    public AttemptLimit WrongProofPerAddress { get; set; } = new() { Count = 10, Minutes = 60 };

    public AttemptLimit WrongTokenPerAddress { get; set; } = new() { Count = 10, Minutes = 60 };

    public AttemptLimit PasswordPerSource { get; set; } = new() { Count = 20, Minutes = 60 };

    public AttemptLimit PasswordPerAccountAndSource { get; set; } = new() { Count = 5, Minutes = 15 };

    public AttemptLimit PasswordPerKnownDevice { get; set; } = new() { Count = 5, Minutes = 15 };

    public AttemptLimit PasswordPerAccount { get; set; } = new() { Count = 10, Minutes = 60 };

    public AttemptLimit SecondFactorPerAccount { get; set; } = new() { Count = 5, Minutes = 5 };

    public AttemptLimit StatusPerAddress { get; set; } = new() { Count = 10, Minutes = 60 };

    public AttemptLimit StatusPerReference { get; set; } = new() { Count = 5, Minutes = 60 };

    public AttemptLimit MailsPerAddress { get; set; } = new() { Count = 10, Minutes = 60 };

    public AttemptLimit MailsPerPerson { get; set; } = new() { Count = 20, Minutes = 60 };

    /// <summary>How many mails of each kind a mailbox gets.</summary>
    public MailLimits Mails { get; set; } = new();

    public AttemptLimit LookUpsPerStaffAccount { get; set; } = new() { Count = 300, Minutes = 60 };

    public AttemptLimit DraftsPerAddress { get; set; } = new() { Count = 20, Minutes = 60 };

    public AttemptLimit DraftsPerPerson { get; set; } = new() { Count = 60, Minutes = 60 };

    public AttemptLimit DraftsPerLicense { get; set; } = new() { Count = 60, Minutes = 60 };

    public AttemptLimit PortalWrongKeys { get; set; } = new() { Count = 300, Minutes = 60 };

    /// <summary>How long everybody without a hit today waits while the whole portal's limit is exceeded.</summary>
    public int PortalDelaySeconds { get; set; } = 3;

    /// <summary>Requests of the licensed software with a valid key or proof, per client address and node.</summary>
    public int RequestsPerAddressAndMinute { get; set; } = 600;

    /// <summary>Valid check-ins per activation and node.</summary>
    public int CheckInsPerActivationAndHour { get; set; } = 60;

    public AttemptLimit For(AttemptSubject subject) => subject.Mail is { } mail ? Mails.For(mail).For(subject.Scope) : For(subject.Scope);

    private AttemptLimit For(AttemptScope scope) => scope switch
    {
        AttemptScope.WrongKeyPerAddress => WrongKeyPerAddress,
        AttemptScope.SameWrongKey => SameWrongKey,
        AttemptScope.WrongCodePerKey => WrongCodePerKey,
        AttemptScope.WrongProofPerAddress => WrongProofPerAddress,
        AttemptScope.WrongTokenPerAddress => WrongTokenPerAddress,
        AttemptScope.PasswordPerSource => PasswordPerSource,
        AttemptScope.PasswordPerAccountAndSource => PasswordPerAccountAndSource,
        AttemptScope.PasswordPerKnownDevice => PasswordPerKnownDevice,
        AttemptScope.PasswordPerAccount => PasswordPerAccount,
        AttemptScope.SecondFactorPerAccount => SecondFactorPerAccount,
        AttemptScope.StatusPerAddress => StatusPerAddress,
        AttemptScope.StatusPerReference => StatusPerReference,
        AttemptScope.MailsPerAddress => MailsPerAddress,
        AttemptScope.MailsPerPerson => MailsPerPerson,
        AttemptScope.LookUpsPerStaffAccount => LookUpsPerStaffAccount,
        AttemptScope.DraftsPerAddress => DraftsPerAddress,
        AttemptScope.DraftsPerPerson => DraftsPerPerson,
        AttemptScope.DraftsPerLicense => DraftsPerLicense,
        AttemptScope.PortalWrongKeys => PortalWrongKeys,
        AttemptScope.MailsPerMailbox or AttemptScope.MailsPerMailboxAndAsker =>
            throw new ArgumentException($"{scope} has a limit for each kind of mail.", nameof(scope)),
    };

    public IEnumerable<string> Validate()
    {
        foreach (var scope in Enum.GetValues<AttemptScope>()
            .Where(s => s is not (AttemptScope.MailsPerMailbox or AttemptScope.MailsPerMailboxAndAsker)
                && For(s) is not { Count: >= 1, Minutes: >= 1 }))
        {
            yield return $"Guessing:{scope} needs a Count and Minutes of at least 1.";
        }

        if (PortalDelaySeconds is < 0 or > 60)
        {
            yield return "Guessing:PortalDelaySeconds is 0 to 60.";
        }

        if (RequestsPerAddressAndMinute < 1 || CheckInsPerActivationAndHour < 1)
        {
            yield return "Guessing: the limits of valid requests are at least 1.";
        }

        foreach (var sentence in Mails.Validate())
        {
            yield return sentence;
        }
    }
}

namespace SelfHelpPortal.Data;

/// <summary>What the audit log tells of.</summary>
internal enum AuditKind
{
    LicenseOpened,
    CaseOpened,
    TransferOpened,
    AppointmentOpened,

    /// <summary>A change of the licensee or its data was opened.</summary>
    OwnerChangeOpened,

    /// <summary>The document that was sent with it was downloaded.</summary>
    OwnerDocumentRead,

    /// <summary>Somebody made the secret address of the appointments for a calendar program.</summary>
    CalendarFeedMade,
    InvoiceOpened,
    InvoiceDocumentRead,
    LicensesSearched,

    /// <summary>Licenses, customers, cases and whatever else has a number; how much was found is noted, not what was looked for.</summary>
    EverythingSearched,
    TransfersSearched,
    InvoicesSearched,
    BankStatementRead,
    InvoicesExported,
    CustomerExported,
    AuditSearched,
    AuditExported,

    /// <summary>A staff account was made and its one-time link given out.</summary>
    AccountCreated,

    /// <summary>Whoever had not finished the set-up was sent another link.</summary>
    InvitationSent,

    /// <summary>Somebody asked for an account to be reset; another one decides.</summary>
    ResetRequested,
    ResetDeclined,
    ResetWithdrawn,
    AccountReset,
    AccountDisabled,
    AccountEnabled,
    RoleChanged,

    /// <summary>A product, price or other setting has a new version.</summary>
    SettingChanged,

    MailsSearched,
    MailOpened,

    /// <summary>A mail that had failed was put into the queue again.</summary>
    MailSentAgain,

    /// <summary>A mailbox that a server refused is written to again.</summary>
    MailboxLifted,

    /// <summary>Mails that stood still go on.</summary>
    MailsResumed,

    /// <summary>A mail to oneself, to see what the server answers.</summary>
    MailTested,

    /// <summary>A license was downloaded with its whole key.</summary>
    KeyRead,

    /// <summary>A file of licenses on its way in was opened.</summary>
    ImportOpened,

    /// <summary>Its faulty rows, or the keys that were made, were downloaded.</summary>
    ImportRead,

    ImportStarted,

    /// <summary>A file of licenses was imported to its end.</summary>
    LicensesImported,
    LicensesExported,

    /// <summary>A token for the backoffice API was made.</summary>
    TokenCreated,
    TokenRevoked,

    /// <summary>An endpoint for webhooks was made, changed or removed.</summary>
    WebhookChanged,

    /// <summary>A program has read a customer's data; the stream is its token.</summary>
    CustomerReadByApi,

    CustomerOpened,
    CustomersSearched,
    CustomerCreated,

    /// <summary>Name, address or language; the address on file is <see cref="CustomerMailChanged"/>.</summary>
    CustomerChanged,
    CustomerMailChanged,
    CustomersMerged,

    /// <summary>An act was sent with a sign-in that was too old for it.</summary>
    FactorAsked,
}

/// <summary>
/// Who of staff has seen or exported what, and who has done what to a staff account. Like the events of a license it is written once and
/// never altered, and each row carries the hash of its predecessor in the stream.
/// </summary>
internal sealed class AuditEntry
{
    public long Id { get; init; }

    /// <summary>The account that acted. All acts of the command line are one stream, whose id is zero.</summary>
    public required Guid Stream { get; init; }

    /// <summary>1, 2, … within the stream, without a gap.</summary>
    public required int Seq { get; init; }

    public required DateTimeOffset At { get; init; }
    public required AuditKind Kind { get; init; }

    /// <summary>
    /// The number of a license, case, order, invoice or customer, or the id of a staff account; null where there is none.
    /// </summary>
    public string? Subject { get; init; }

    public required byte[] TextDigest { get; init; }
    public required byte[] PreviousHash { get; init; }
    public required byte[] Hash { get; init; }

    /// <summary>Null once the text was blanked.</summary>
    public byte[]? TextSalt { get; init; }

    /// <summary>What was searched for, exported or changed. A name may stand here, so it is blanked after some time.</summary>
    public string? Text { get; init; }
}

using System.Net;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Platform.Limits;

/// <summary>Whose guesses are counted. The text is never stored, only a keyed hash of it.</summary>
/// <param name="Halved">Half the limit: imported keys of low entropy.</param>
/// <param name="Mail">Which mail is counted, where its own limit counts.</param>
internal sealed record AttemptSubject(AttemptScope Scope, string Text, bool Halved = false, LimitedMail? Mail = null);

/// <summary>Which buckets each kind of look-up counts in (security.md, section 5).</summary>
internal static class AttemptSubjects
{
    /// <param name="keyHash">The keyed hash of what was typed.</param>
    /// <param name="lowEntropy">The key may be an imported one that is easy to guess (KeyScheme).</param>
    public static AttemptSubject[] ForKey(IPAddress? address, byte[] keyHash, bool lowEntropy) =>
    [
        new(AttemptScope.WrongKeyPerAddress, Source(address), lowEntropy),
        new(AttemptScope.SameWrongKey, Convert.ToHexString(keyHash), lowEntropy),
    ];

    /// <summary>A forged or unknown QR link.</summary>
    public static AttemptSubject[] ForLink(IPAddress? address) => ForDevice(address);

    /// <summary>
    /// A wrong proof of a device. Who has a right one is never asked here, see <see cref="AttemptLimiter.RecordFailureAsync"/>.
    /// </summary>
    public static AttemptSubject[] ForDevice(IPAddress? address) => [new(AttemptScope.WrongProofPerAddress, Source(address))];

    /// <summary>A wrong token, missing ones aside. Who has a right one is never asked here.</summary>
    public static AttemptSubject[] ForToken(IPAddress? address) => [new(AttemptScope.WrongTokenPerAddress, Source(address))];

    public static AttemptSubject VerificationCode(Guid licenseId) => new(AttemptScope.WrongCodePerKey, $"code|{licenseId:n}");

    /// <summary>The last five symbols, asked for when a release is confirmed by mail.</summary>
    public static AttemptSubject LastFive(Guid requestId) => new(AttemptScope.WrongCodePerKey, $"five|{requestId:n}");

    /// <param name="account">The address typed, normalized; whether there is such an account makes no difference.</param>
    /// <param name="device">The known device (signed cookie of an earlier sign-in), which a stranger's guesses do not lock out; null =
    /// unknown.</param>
    public static AttemptSubject[] ForPassword(string account, IPAddress? source, string? device) => device is not null
        ? [new(AttemptScope.PasswordPerKnownDevice, $"{account}|{device}")]
        :
        [
            new(AttemptScope.PasswordPerSource, Source(source)),
            new(AttemptScope.PasswordPerAccountAndSource, $"{account}|{Source(source)}"),
            new(AttemptScope.PasswordPerAccount, account),
        ];

    /// <summary>Whoever is signed in is known as well as a device is.</summary>
    public static AttemptSubject PasswordOfSignedIn(Guid user) => new(AttemptScope.PasswordPerKnownDevice, $"signed-in|{user:n}");

    public static AttemptSubject SecondFactor(Guid user) => new(AttemptScope.SecondFactorPerAccount, user.ToString("n"));

    public static AttemptSubject[] ForStatus(IPAddress? address, string reference) =>
        [new(AttemptScope.StatusPerAddress, Source(address)), new(AttemptScope.StatusPerReference, reference)];

    /// <summary>For <see cref="AttemptLimiter.RecordFailureAsync"/>, a stranger's wish: every mail counts, also one to nobody.</summary>
    /// <param name="mailbox">That receives it.</param>
    public static AttemptSubject[] ForMail(LimitedMail mail, string mailbox, IPAddress? source) =>
    [
        PerMailbox(mail, mailbox),
        PerAsker(mail, mailbox, Source(source)),
        new(AttemptScope.MailsPerAddress, $"{mail}|{Source(source)}"),
    ];

    /// <summary>The same for somebody who is signed in, whom no stranger's wish refuses.</summary>
    public static AttemptSubject[] ForMailOf(LimitedMail mail, string mailbox, Guid person) =>
        [PerAsker(mail, mailbox, $"person|{person:n}"), new(AttemptScope.MailsPerPerson, person.ToString("n"))];

    /// <summary>The same for an asker who is known otherwise.</summary>
    /// <param name="asker">A known browser, a license whose key was shown, a link from a mail.</param>
    public static AttemptSubject PerAsker(LimitedMail mail, string mailbox, string asker) =>
        new(AttemptScope.MailsPerMailboxAndAsker, $"{mail}|{Mailbox(mailbox)}|{asker}", Mail: mail);

    public static AttemptSubject PerMailbox(LimitedMail mail, string mailbox) =>
        new(AttemptScope.MailsPerMailbox, $"{mail}|{Mailbox(mailbox)}", Mail: mail);

    /// <summary>For <see cref="AttemptLimiter.RecordFailureAsync"/>: every look-up counts.</summary>
    public static AttemptSubject StaffLookUp(Guid user) => new(AttemptScope.LookUpsPerStaffAccount, user.ToString("n"));

    /// <summary>
    /// For <see cref="AttemptLimiter.RecordFailureAsync"/>: every page that is begun counts, since what is typed there is kept for days.
    /// </summary>
    public static AttemptSubject DraftFrom(LinkPurpose page, IPAddress? source) =>
        new(AttemptScope.DraftsPerAddress, $"{page}|{Source(source)}");

    /// <inheritdoc cref="DraftFrom"/>
    public static AttemptSubject DraftOf(LinkPurpose page, Guid person) => new(AttemptScope.DraftsPerPerson, $"{page}|{person:n}");

    /// <inheritdoc cref="DraftFrom"/>
    /// <param name="record">The license whose key was shown, or what else was proved to be known.</param>
    public static AttemptSubject DraftFor(LinkPurpose page, Guid record) => new(AttemptScope.DraftsPerLicense, $"{page}|{record:n}");

    // Only what is the same everywhere is made the same: case, and the two ways to write a domain. What stands before the @ belongs to its
    // host.
    private static string Mailbox(string address) => (MailAddresses.Normalize(address) ?? address).ToUpperInvariant();

    private static string Source(IPAddress? address) => ClientAddress.Prefix(address, 32, 64);
}

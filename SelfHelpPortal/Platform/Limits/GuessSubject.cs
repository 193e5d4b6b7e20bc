using System.Net;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Platform.Limits;

/// <summary>Whose guesses are counted. The text is never stored, only a keyed hash of it.</summary>
/// <param name="Halved">Half the limit: imported keys of low entropy.</param>
/// <param name="Mail">Which mail is counted, where its own limit counts.</param>
internal sealed record GuessSubject(GuessScope Scope, string Text, bool Halved = false, BudgetedMail? Mail = null);

/// <summary>Which buckets each kind of look-up counts in (security.md, section 5).</summary>
internal static class GuessSubjects
{
    /// <param name="keyHash">The keyed hash of what was typed.</param>
    /// <param name="lowEntropy">The key may be an imported one that is easy to guess (KeyScheme).</param>
    public static GuessSubject[] ForKey(IPAddress? address, byte[] keyHash, bool lowEntropy) =>
    [
        new(GuessScope.WrongKeyPerAddress, Source(address), lowEntropy),
        new(GuessScope.SameWrongKey, Convert.ToHexString(keyHash), lowEntropy),
    ];

    /// <summary>A forged or unknown QR link.</summary>
    public static GuessSubject[] ForLink(IPAddress? address) => ForDevice(address);

    /// <summary>
    /// A wrong proof of a device. Who has a right one is never asked here, see <see cref="AttemptLimiter.RecordFailureAsync"/>.
    /// </summary>
    public static GuessSubject[] ForDevice(IPAddress? address) => [new(GuessScope.WrongProofPerAddress, Source(address))];

    public static GuessSubject VerificationCode(Guid licenseId) => new(GuessScope.WrongCodePerKey, $"code|{licenseId:n}");

    /// <summary>The last five symbols, asked for when a release is confirmed by mail.</summary>
    public static GuessSubject LastFive(Guid requestId) => new(GuessScope.WrongCodePerKey, $"five|{requestId:n}");

    /// <param name="account">The address typed, normalized; whether there is such an account makes no difference.</param>
    /// <param name="device">The known device (signed cookie of an earlier sign-in), which a stranger's guesses do not lock out; null =
    /// unknown.</param>
    public static GuessSubject[] ForPassword(string account, IPAddress? source, string? device) => device is not null
        ? [new(GuessScope.PasswordPerKnownDevice, $"{account}|{device}")]
        :
        [
            new(GuessScope.PasswordPerSource, Source(source)),
            new(GuessScope.PasswordPerAccountAndSource, $"{account}|{Source(source)}"),
            new(GuessScope.PasswordPerAccount, account),
        ];

    /// <summary>Whoever is signed in is known as well as a device is.</summary>
    public static GuessSubject PasswordOfSignedIn(Guid user) => new(GuessScope.PasswordPerKnownDevice, $"signed-in|{user:n}");

    public static GuessSubject SecondFactor(Guid user) => new(GuessScope.SecondFactorPerAccount, user.ToString("n"));

    public static GuessSubject[] ForStatus(IPAddress? address, string reference) =>
        [new(GuessScope.StatusPerAddress, Source(address)), new(GuessScope.StatusPerReference, reference)];

    /// <summary>For <see cref="AttemptLimiter.RecordFailureAsync"/>, a stranger's wish: every mail counts, also one to nobody.</summary>
    /// <param name="mailbox">That receives it.</param>
    public static GuessSubject[] ForMail(BudgetedMail mail, string mailbox, IPAddress? source) =>
    [
        PerMailbox(mail, mailbox),
        PerAsker(mail, mailbox, Source(source)),
        new(GuessScope.MailsPerAddress, $"{mail}|{Source(source)}"),
    ];

    /// <summary>The same for somebody who is signed in, whom no stranger's wish refuses.</summary>
    public static GuessSubject[] ForMailOf(BudgetedMail mail, string mailbox, Guid person) =>
        [PerAsker(mail, mailbox, $"person|{person:n}"), new(GuessScope.MailsPerPerson, person.ToString("n"))];

    /// <summary>The same for an asker who is known otherwise.</summary>
    /// <param name="asker">A known browser, a license whose key was shown, a link from a mail.</param>
    public static GuessSubject PerAsker(BudgetedMail mail, string mailbox, string asker) =>
        new(GuessScope.MailsPerMailboxAndAsker, $"{mail}|{Mailbox(mailbox)}|{asker}", Mail: mail);

    public static GuessSubject PerMailbox(BudgetedMail mail, string mailbox) =>
        new(GuessScope.MailsPerMailbox, $"{mail}|{Mailbox(mailbox)}", Mail: mail);

    /// <summary>For <see cref="AttemptLimiter.RecordFailureAsync"/>: every look-up counts.</summary>
    public static GuessSubject StaffLookUp(Guid user) => new(GuessScope.LookUpsPerStaffAccount, user.ToString("n"));

    /// <summary>
    /// For <see cref="AttemptLimiter.RecordFailureAsync"/>: every page that is begun counts, since what is typed there is kept for days.
    /// </summary>
    public static GuessSubject DraftFrom(LinkPurpose page, IPAddress? source) =>
        new(GuessScope.DraftsPerAddress, $"{page}|{Source(source)}");

    /// <inheritdoc cref="DraftFrom"/>
    public static GuessSubject DraftOf(LinkPurpose page, Guid person) => new(GuessScope.DraftsPerPerson, $"{page}|{person:n}");

    /// <inheritdoc cref="DraftFrom"/>
    /// <param name="record">The license whose key was shown, or what else was proved to be known.</param>
    public static GuessSubject DraftFor(LinkPurpose page, Guid record) => new(GuessScope.DraftsPerLicense, $"{page}|{record:n}");

    // Only what is the same everywhere is made the same: case, and the two ways to write a domain. What stands before the @ belongs to its
    // host.
    private static string Mailbox(string address) => (MailAddresses.Normalize(address) ?? address).ToUpperInvariant();

    private static string Source(IPAddress? address) => ClientAddress.Prefix(address, 32, 64);
}

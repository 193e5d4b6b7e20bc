using System.Net;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Platform.Guessing;

/// <summary>Whose guesses are counted. The text is never stored, only a keyed hash of it.</summary>
/// <param name="Halved">Half the limit: imported keys of low entropy.</param>
internal sealed record GuessSubject(GuessScope Scope, string Text, bool Halved = false);

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

    /// <summary>A wrong proof of a device. Who has a right one is never asked here, see <see cref="GuessBudget.MissAsync"/>.</summary>
    public static GuessSubject[] ForDevice(IPAddress? address) => [new(GuessScope.WrongProofPerAddress, Source(address))];

    public static GuessSubject VerificationCode(Guid licenseId) => new(GuessScope.WrongCodePerKey, $"code|{licenseId:n}");

    /// <summary>The last five symbols, asked for when a release is confirmed by mail.</summary>
    public static GuessSubject LastFive(Guid requestId) => new(GuessScope.WrongCodePerKey, $"five|{requestId:n}");

    /// <param name="account">The address typed, normalized; whether there is such an account makes no difference.</param>
    /// <param name="device">The known device (signed cookie of an earlier sign-in), which a stranger's guesses do not lock out; null = unknown.</param>
    public static GuessSubject[] ForPassword(string account, IPAddress? source, string? device) => device is not null
        ? [new(GuessScope.PasswordPerKnownDevice, $"{account}|{device}")]
        : [new(GuessScope.PasswordPerAccountAndSource, $"{account}|{Source(source)}"), new(GuessScope.PasswordPerAccount, account)];

    public static GuessSubject SecondFactor(Guid user) => new(GuessScope.SecondFactorPerAccount, user.ToString("n"));

    public static GuessSubject[] ForStatus(IPAddress? address, string reference) =>
        [new(GuessScope.StatusPerAddress, Source(address)), new(GuessScope.StatusPerReference, reference)];

    /// <summary>For <see cref="GuessBudget.MissAsync"/>: every mail counts, also one to nobody.</summary>
    public static GuessSubject[] ForMail(IPAddress? address, string mailbox) =>
        [new(GuessScope.MailsPerMailbox, mailbox), new(GuessScope.MailsPerAddress, Source(address))];

    /// <summary>For <see cref="GuessBudget.MissAsync"/>: every look-up counts.</summary>
    public static GuessSubject StaffLookUp(Guid user) => new(GuessScope.LookUpsPerStaffAccount, user.ToString("n"));

    private static string Source(IPAddress? address) => ClientAddress.Prefix(address, 32, 64);
}

using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>Signs mails for a domain, so that receivers can tell that they are ours and unchanged (DKIM, RFC 6376 and 8463).</summary>
internal sealed class DkimKey
{
    /// <summary>Verifiers ignore shorter ones (RFC 8301).</summary>
    private const int ShortestRsaKey = 1024;

    /// <summary>What a reader sees or what decides where an answer goes. Headers that a mail does not have are passed over.</summary>
    private static readonly HeaderId[] Signed =
    [
        HeaderId.From, HeaderId.ReplyTo, HeaderId.To, HeaderId.Subject, HeaderId.Date, HeaderId.MessageId, HeaderId.InReplyTo,
        HeaderId.References, HeaderId.AutoSubmitted, HeaderId.MimeVersion, HeaderId.ContentType,
    ];

    private readonly AsymmetricKeyParameter _key;
    private readonly DkimOptions _options;

    private DkimKey(AsymmetricKeyParameter key, DkimOptions options) => (_key, _options) = (key, options);

    /// <exception cref="FormatException">The file has no private key that can sign.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public static DkimKey Read(DkimOptions options)
    {
        using var reader = File.OpenText(options.KeyFile);
        object? read;
        try
        {
            read = new PemReader(reader).ReadObject();
        }
        catch (Exception e) when (e is IOException or GeneralSecurityException or ArgumentException or InvalidOperationException)
        {
            throw new FormatException($"{options.KeyFile} cannot be read as PEM: {e.Message}", e);
        }

        var key = read is AsymmetricCipherKeyPair pair ? pair.Private : read as AsymmetricKeyParameter;
        return key switch
        {
            RsaKeyParameters { IsPrivate: true } rsa when rsa.Modulus.BitLength < ShortestRsaKey =>
                throw new FormatException(
                    $"{options.KeyFile} has an RSA key of {rsa.Modulus.BitLength} bits; {ShortestRsaKey} are needed, better 2048."),
            RsaKeyParameters { IsPrivate: true } or Ed25519PrivateKeyParameters => new DkimKey(key, options),
            _ => throw new FormatException($"{options.KeyFile} has no private key, RSA or Ed25519, in PEM."),
        };
    }

    /// <summary>Adds the signature. Its time is the message's, so that a second attempt has the same bytes.</summary>
    public void Sign(MimeMessage message)
    {
        var algorithm = _key is RsaKeyParameters ? DkimSignatureAlgorithm.RsaSha256 : DkimSignatureAlgorithm.Ed25519Sha256;
        new Signer(_key, _options, algorithm, message.Date)
        {
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
        }.Sign(MailComposer.Format, message, Signed);
    }

    private sealed class Signer(AsymmetricKeyParameter key, DkimOptions options, DkimSignatureAlgorithm algorithm, DateTimeOffset time)
        : DkimSigner(key, options.Domain, options.Selector, algorithm)
    {
        protected override long GetTimestamp() => time.ToUnixTimeSeconds();
    }
}

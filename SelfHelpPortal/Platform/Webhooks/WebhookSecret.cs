using System.Security.Cryptography;
using System.Text;

namespace SelfHelpPortal.Platform.Webhooks;

/// <summary>What signs deliveries, and lets the receiver know that they are the portal's (Standard Webhooks).</summary>
internal sealed record WebhookSecret
{
    private const string Beginning = "whsec_";
    private const int Bytes = 32;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>As the receiver gets it, once.</summary>
    public string Text => Beginning + Convert.ToBase64String(_key);

    public static WebhookSecret New() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <exception cref="FormatException">It is none.</exception>
    public static WebhookSecret From(string text) => text.StartsWith(Beginning, StringComparison.Ordinal)
        ? new(Convert.FromBase64String(text[Beginning.Length..]))
        : throw new FormatException("A stored secret of a webhook does not begin as one; exchange it under /staff/setup/webhooks.");

    /// <summary>Never the secret: records write their members into logs.</summary>
    public override string ToString() => Beginning + "…";

    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>.</param>
    /// <returns>One signature as it stands in the header <c>webhook-signature</c>.</returns>
    public string Sign(string id, string timestamp, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")));
}

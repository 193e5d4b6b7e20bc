using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SelfHelpPortal.Shared.Api;

/// <summary>
/// What whoever made a token gets to see once. It is as random as a key of a cipher, so a plain hash of it tells nobody anything and need
/// not be slow.
/// </summary>
internal sealed record ApiTokenSecret
{
    /// <summary>By which a scanner for secrets recognizes one in somebody's repository.</summary>
    private const string Beginning = "shp_";

    private const int Bytes = 32;
    private const int Shown = 10;

    private static readonly int Length = Beginning.Length + Base64Url.GetEncodedLength(Bytes);

    private ApiTokenSecret(string text) => Text = text;

    public string Text { get; }

    /// <summary>The beginning, by which people tell tokens apart.</summary>
    public string Prefix => Text[..Shown];

    /// <summary>By which it is found.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.ASCII.GetBytes(Text));

    public static ApiTokenSecret New() => new(Beginning + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <returns>Null when the text cannot be one, so that nothing has to be looked up.</returns>
    public static ApiTokenSecret? From(string text) =>
        text.Length == Length && text.StartsWith(Beginning, StringComparison.Ordinal) && text.All(IsSymbol) ? new(text) : null;

    /// <summary>Never the secret: records write their members into logs.</summary>
    public override string ToString() => Prefix + "…";

    private static bool IsSymbol(char symbol) => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '_';
}

using System.Globalization;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// The proof a device sends with a check-in or a release. It shows possession of the release secret, not that nobody copied the secret
/// before.
/// </summary>
public static class DeviceProof
{
    public const string Check = "check";
    public const string Release = "release";

    /// <summary>How far a device's clock may be off before its proof is not judged at all.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(10);

    /// <param name="ts">The device's clock in Unix seconds.</param>
    /// <param name="now">The portal's time.</param>
    public static bool IsClockOff(long ts, DateTimeOffset now) =>
        Math.Abs((decimal)ts - now.ToUnixTimeSeconds()) > (decimal)Tolerance.TotalSeconds;

    /// <summary>
    /// Lower-case hex of <c>HMAC-SHA-256(secret, "lshp/" + purpose + "/v1|" + handle + "|" + generation + "|" + nonce + "|" + ts)</c>.
    /// </summary>
    /// <param name="purpose"><see cref="Check"/> or <see cref="Release"/>.</param>
    /// <param name="handle">The activation's handle, normalized.</param>
    /// <param name="generation">The activation's generation.</param>
    /// <param name="nonce">The device's nonce, as sent.</param>
    /// <param name="ts">The device's clock in Unix seconds.</param>
    /// <param name="secret">The activation's release secret.</param>
    public static string Compute(string purpose, string handle, int generation, string nonce, long ts, ReadOnlySpan<byte> secret)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"lshp/{purpose}/v1|{handle}|{generation}|{nonce}|{ts}");
        return Convert.ToHexStringLower(Mac.Compute(secret, message));
    }

    /// <summary>Compares in fixed time; the caller checks nonce and clock.</summary>
    public static bool Verify(
        string? proof, string purpose, string handle, int generation, string nonce, long ts, ReadOnlySpan<byte> secret) =>
        proof is not null && Mac.AreEqual(proof, Compute(purpose, handle, generation, nonce, ts, secret));
}

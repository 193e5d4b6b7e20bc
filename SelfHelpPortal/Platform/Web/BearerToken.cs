using System.Security.Cryptography;
using System.Text;

namespace SelfHelpPortal.Platform.Web;

/// <summary>A token of the configuration, as programs send it.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>Compares in the same time whatever was sent.</summary>
    public static bool Has(HttpRequest request, string token) =>
        request.Headers.Authorization is [{ } told] && told.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(told[Scheme.Length..].Trim())), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

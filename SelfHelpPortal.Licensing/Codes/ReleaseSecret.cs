using System.Security.Cryptography;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>The secret an activation shares with its computer; whoever holds it can prove a release.</summary>
public static class ReleaseSecret
{
    public const int ByteLength = 20;

    public static byte[] New() => RandomNumberGenerator.GetBytes(ByteLength);
}

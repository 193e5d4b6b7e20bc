using System.Diagnostics.CodeAnalysis;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Shared.Licenses;

/// <summary>The key of a license that is entered: the vendor's own, or one that the portal makes.</summary>
/// <param name="Normalized">As it is hashed.</param>
/// <param name="Display">As the customer should read it.</param>
internal sealed record GivenKey(string Normalized, string Display, bool IsMinted)
{
    public static GivenKey Mint()
    {
        var minted = ActivationKey.New();
        return new GivenKey(minted.Normalized, minted.ToString(), IsMinted: true);
    }

    /// <summary>Reads a key in the product's own format, or in ours.</summary>
    /// <param name="why">What is wrong with it as a key of ours.</param>
    public static bool TryRead(string text, KeyScheme scheme, [NotNullWhen(true)] out GivenKey? key, out CodeProblem why)
    {
        why = default;
        if (scheme.TryNormalizeForeign(text) is { } foreign)
        {
            key = new GivenKey(foreign, text, IsMinted: false);
            return true;
        }

        key = ActivationKey.TryParse(text, out var own, out why) ? new GivenKey(own.Normalized, own.ToString(), IsMinted: false) : null;
        return key is not null;
    }
}

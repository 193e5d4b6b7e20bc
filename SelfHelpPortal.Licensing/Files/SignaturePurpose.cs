namespace SelfHelpPortal.Licensing.Files;

/// <summary>What a key signs. Each purpose has keys of its own, so that a signed answer can never pass for a license.</summary>
public enum SignaturePurpose
{
    License,
    Answer,
    Blocklist,
}

public static class SignaturePurposes
{
    public static readonly IReadOnlyList<SignaturePurpose> All =
        [SignaturePurpose.License, SignaturePurpose.Answer, SignaturePurpose.Blocklist];

    /// <summary>How the name (<c>kid</c>) of every key of this purpose begins.</summary>
    public static string KidPrefix(this SignaturePurpose purpose) => purpose switch
    {
        SignaturePurpose.License => "license-",
        SignaturePurpose.Answer => "answer-",
        SignaturePurpose.Blocklist => "blocklist-",
    };

    /// <summary>The <c>typ</c> of the header.</summary>
    public static string Typ(this SignaturePurpose purpose) => purpose switch
    {
        SignaturePurpose.License => "lshp-license+jwt",
        SignaturePurpose.Answer => "lshp-answer+jwt",
        SignaturePurpose.Blocklist => "lshp-blocklist+jwt",
    };

    /// <summary>The purpose that a key's name begins with, or null.</summary>
    public static SignaturePurpose? OfKid(string kid)
    {
        foreach (var purpose in All)
        {
            if (kid.StartsWith(purpose.KidPrefix(), StringComparison.Ordinal))
            {
                return purpose;
            }
        }

        return null;
    }
}

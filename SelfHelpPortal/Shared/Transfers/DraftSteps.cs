using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>The pages of a draft, by the last word of their address.</summary>
internal static class DraftSteps
{
    /// <summary>Before there is a draft.</summary>
    public const string Start = "start";

    public const string Product = "product";
    public const string Remedy = "remedy";
    public const string Hardware = "hardware";
    public const string Read = "read";
    public const string License = "license";
    public const string Tills = "tills";
    public const string Contact = "contact";
    public const string Check = "check";

    /// <summary>
    /// Every page of this draft in order, as far as that is known: whoever knows the license, or came with the product, is asked for less.
    /// </summary>
    public static IReadOnlyList<string> Of(TransferDraft draft)
    {
        var isKnown = draft is { LicenseId: not null, Items.Count: <= 1 };
        var isNamed = draft.LicenseAsked && draft.Items.Count > 0 && draft.Items.All(i => i.LicenseNumber is not null);
        return
        [
            Start,
            .. draft.ProductId is null || draft.ProductAsked ? [Product] : (string[])[],
            Remedy, Hardware, Read,
            .. isKnown ? [] : isNamed ? [License] : (string[])[License, Tills],
            Contact, Check,
        ];
    }

    /// <summary>Where to go on.</summary>
    public static string FirstMissing(TransferDraft draft) => draft switch
    {
        { ProductId: null } => Product,
        { Remedy: null } or { Shown: null } => Remedy,
        _ when !draft.HardwareRead || draft.Items.Count == 0 || draft.Items.Any(i => HardwareInput.Parse(i.HardwareCode).Code is null) =>
            Hardware,
        { LicenseAsked: false } => License,
        { Contact: null } => Contact,
        { Contact: { } contact } when ContactRules.ProblemsOf(contact).Any() => Contact,
        _ => Check,
    };
}

using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Features.Customer.GuidedMove;

/// <summary>What a customer does to move a license from a PC that still runs, in this order.</summary>
internal static class MoveSteps
{
    public const string Install = "install";
    public const string Release = "release";
    public const string Activate = "activate";

    /// <summary>The vendor's own, with ticks of its own: fiscal unit and the like.</summary>
    public const string Checklist = "checklist";

    public const string Check = "check";

    /// <summary>Without the vendor's list where the product has none.</summary>
    public static IEnumerable<string> For(Product product)
    {
        string[] all = [Install, Release, Activate, Checklist, Check];
        return all.Where(step => step != Checklist || !product.Policies.Checklists.IsEmpty);
    }
}

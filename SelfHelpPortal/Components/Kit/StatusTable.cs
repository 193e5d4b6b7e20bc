using System.Collections.Frozen;

namespace SelfHelpPortal.Components.Kit;

public enum TagKind { Neutral, Info, Ok, Warn, Danger }

/// <summary>
/// The one table from a state to the look of its tag. The word is Words[<see cref="WordOf" />]; a state without a line fails a test.
/// </summary>
public static class StatusTable
{
    private static readonly FrozenDictionary<string, TagKind> Kinds = new Dictionary<string, TagKind>
    {
        ["Active"] = TagKind.Ok,
        ["Released"] = TagKind.Neutral,
        ["Superseded"] = TagKind.Neutral,
        ["Excluded"] = TagKind.Danger,
        ["Locked"] = TagKind.Danger,
        ["Suspended"] = TagKind.Warn,
        ["Revoked"] = TagKind.Danger,
        ["Expired"] = TagKind.Neutral,
        ["Draft"] = TagKind.Neutral,
        ["AwaitingConfirmation"] = TagKind.Warn,
        ["Submitted"] = TagKind.Info,
        ["InReview"] = TagKind.Info,
        ["NeedsAnswer"] = TagKind.Warn,
        ["Accepted"] = TagKind.Ok,
        ["Completed"] = TagKind.Ok,
        ["Declined"] = TagKind.Danger,
        ["Withdrawn"] = TagKind.Neutral,
        ["Open"] = TagKind.Warn,
        ["AwaitingCustomer"] = TagKind.Info,
        ["Resolved"] = TagKind.Ok,
        ["Issued"] = TagKind.Info,
        ["Paid"] = TagKind.Ok,
        ["Cancelled"] = TagKind.Neutral,
        ["Booked"] = TagKind.Info,
        ["Done"] = TagKind.Ok,
        ["NoShow"] = TagKind.Warn,
        ["AwaitingOwner"] = TagKind.Info,
        ["AwaitingStaff"] = TagKind.Warn,
        ["Granted"] = TagKind.Ok,
    }.ToFrozenDictionary();

    public static IEnumerable<string> Names => Kinds.Keys;

    public static bool Knows(Enum status) => Kinds.ContainsKey(status.ToString());

    public static TagKind KindOf(Enum status) => Kinds.GetValueOrDefault(status.ToString());

    public static string WordOf(Enum status) => WordOf(status.ToString());

    public static string WordOf(string name) => "Status." + name;
}

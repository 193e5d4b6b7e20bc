namespace SelfHelpPortal.Data;

/// <summary>What an administrator sets in the portal itself, and not in the files of the machine.</summary>
internal enum SettingKind
{
    /// <summary>A product with its policies; the key is its id.</summary>
    Product,

    /// <summary>The prices of one remedy of a product; the key is the product's id and the remedy, with a slash between.</summary>
    Prices,

    /// <summary>The rates of value added tax; there is one list, and its key is empty.</summary>
    TaxRates,

    /// <summary>Who runs the portal; there is one, and its key is empty.</summary>
    Vendor,

    /// <summary>
    /// The vendor's paragraph in a kind of mail; the key is the kind, and the product's id after a slash where it has its own.
    /// </summary>
    MailText,
}

/// <summary>
/// One version of a setting: who made it, when, and all that it says. It is written once and never altered; the last one of a key is what
/// the rows in use say, and taking a change back is a new version with the content of an older one.
/// </summary>
internal sealed class SettingVersion
{
    public const int LongestKey = 110;

    public long Id { get; init; }
    public required SettingKind Kind { get; init; }
    public required string Key { get; init; }

    /// <summary>1, 2, … within the key. Two who change the same version at once cannot both write the next.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The account; <see cref="AuditLog.CommandLine"/> for the commands.</summary>
    public required Guid By { get; init; }

    /// <summary>JSON, as the file of <c>export settings</c> has it.</summary>
    public required string Content { get; init; }
}

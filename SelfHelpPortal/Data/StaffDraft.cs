namespace SelfHelpPortal.Data;

/// <summary>
/// What somebody of staff had typed into the dialog of an act, or into a form, when the factor was asked for again; the page shows it
/// once more.
/// </summary>
internal sealed class StaffDraft
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>The act, as its words begin.</summary>
    public required string Act { get; init; }

    /// <summary>Of the acts of one page the thing it is about, such as a computer.</summary>
    public Guid? Target { get; init; }

    public required string Reason { get; init; }

    /// <summary>All fields of a form, as JSON; null for a dialog that asks for a reason only.</summary>
    public string? Form { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

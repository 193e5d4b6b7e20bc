using System.Linq.Expressions;

namespace SelfHelpPortal.Features.Staff.Desk;

/// <summary>What waits for somebody of staff.</summary>
internal enum WorkKind
{
    /// <summary>A released computer was used beside the one that took its seat.</summary>
    Flag,

    /// <summary>An owner says that a release was not theirs.</summary>
    Objection,
    Transfer,
    OwnerChange,
    Loan,

    /// <summary>A colleague wants a computer excluded for good.</summary>
    Exclusion,
    Appointment,

    /// <summary>A mail that nothing sends any more without somebody's help.</summary>
    Mail,

    /// <summary>An invoice that is still open after the last reminder.</summary>
    Invoice,
}

/// <summary>A saved view of the work list. Its words stand in the address.</summary>
internal enum WorkView
{
    /// <summary>All that staff can do something about now.</summary>
    Todo,

    /// <summary>What nobody has taken.</summary>
    New,
    Mine,

    /// <summary>Licenses that a flag has locked.</summary>
    Locked,

    /// <summary>The customer has said something, and staff have asked nothing since.</summary>
    Answered,

    /// <summary>Orders, loans and the like that staff decide about.</summary>
    Decide,

    /// <summary>The customer has been asked.</summary>
    Waiting,

    /// <summary>Of today, and earlier ones that nobody has closed.</summary>
    Appointments,
    Mails,
    Invoices,
}

/// <summary>One thing on the work list as the database finds it, whatever it is.</summary>
internal sealed record WorkItem
{
    public required WorkKind Kind { get; init; }

    /// <summary>The row that waits, by which somebody takes it.</summary>
    public required Guid Subject { get; init; }

    /// <summary>By which its page is found: number, reference or id.</summary>
    public required string Key { get; init; }

    /// <summary>Since when it waits; of an appointment when it begins.</summary>
    public required DateTimeOffset Since { get; init; }

    public required Guid? LicenseId { get; init; }
    public required Guid? CustomerId { get; init; }
    public required string? ProductId { get; init; }
    public required bool IsLocked { get; init; }
    public required bool IsAnswered { get; init; }
    public required bool IsWaiting { get; init; }

    /// <summary>Who has taken it.</summary>
    public Guid? TakenBy { get; init; }

    /// <summary>It was the reader.</summary>
    public bool IsMine { get; init; }

    /// <summary>What belongs to a view, for the database and for counts alike.</summary>
    public static Expression<Func<WorkItem, bool>> In(WorkView view) => view switch
    {
        WorkView.Todo => w => !w.IsWaiting,
        WorkView.New => w => !w.IsWaiting && w.TakenBy == null,
        WorkView.Mine => w => w.IsMine,
        WorkView.Locked => w => w.IsLocked,
        WorkView.Answered => w => w.IsAnswered,
        WorkView.Decide => w => !w.IsWaiting
            && (w.Kind == WorkKind.Transfer || w.Kind == WorkKind.OwnerChange || w.Kind == WorkKind.Loan || w.Kind == WorkKind.Exclusion),
        WorkView.Waiting => w => w.IsWaiting,
        WorkView.Appointments => w => w.Kind == WorkKind.Appointment,
        WorkView.Mails => w => w.Kind == WorkKind.Mail,
        WorkView.Invoices => w => w.Kind == WorkKind.Invoice,
    };
}

/// <summary>One line of the work list.</summary>
/// <param name="Path">Of its page, behind <c>/staff/</c>.</param>
/// <param name="Number">By which people know it; null where it has none.</param>
/// <param name="TakenBy">The name of whoever has taken it.</param>
internal sealed record WorkLine(
    WorkKind Kind, Guid Subject, string Path, string? Number, DateTimeOffset Since, string? LicenseNumber,
    string? Customer, string? Product, bool IsLocked, bool IsAnswered, bool IsWaiting, Guid? TakenById, string? TakenBy);

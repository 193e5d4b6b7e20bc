using SelfHelpPortal.Licensing.Checklists;

namespace SelfHelpPortal.Licensing.Appointments;

public enum AppointmentState
{
    Booked,
    Done,

    /// <summary>Nobody called at the time.</summary>
    NoShow,
    Cancelled,
}

/// <summary>What the customer has ready before the appointment.</summary>
[Flags]
public enum Preparation
{
    None = 0,
    SoftwareInstalled = 1,
    RemoteSupport = 2,

    /// <summary>A USB stick or network drive for the fiscal unit.</summary>
    Drive = 4,

    /// <summary>With one monitor for both, the old PC first.</summary>
    OldPcFirst = 8,
    DataCorrected = 16,
}

/// <summary>What is done at the appointment, in this order: the license leaves the old PC before the new one gets it.</summary>
[Flags]
public enum MoveStep
{
    None = 0,

    /// <summary>In the software on the old PC, so that the release is proven.</summary>
    OldPcReleased = 1,
    NewPcActivated = 2,
    FiscalUnitMoved = 4,
}

/// <summary>What was typed and chosen when booking.</summary>
public sealed record AppointmentWish
{
    public required string Name { get; init; }
    public required string Email { get; init; }
    public required string Phone { get; init; }

    /// <summary>The number or serial as typed, which proves nothing; null when the key was shown.</summary>
    public string? StatedLicense { get; init; }

    /// <summary>Whose key was typed.</summary>
    public Guid? LicenseId { get; init; }

    /// <summary>Of the software beside which the product runs.</summary>
    public string? HostVersion { get; init; }

    public bool ChangesData { get; init; }
    public bool Renews { get; init; }
    public Preparation Preparation { get; init; }
    public required string Language { get; init; }
}

/// <summary>A time at which somebody of the vendor's helps to move a license from a PC that still runs (domain.md, states).</summary>
public sealed class Appointment
{
    private Appointment()
    {
    }

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    /// <summary>Made when the form was shown, so that a form sent twice is one appointment.</summary>
    public Guid FormId { get; private init; }

    public string ProductId { get; private init; } = "";
    public AppointmentState State { get; private set; }
    public DateTimeOffset StartsAt { get; private set; }
    public DateTimeOffset EndsAt { get; private set; }

    /// <summary>Which of the appointments at the same time it is, from 0.</summary>
    public int Lane { get; private set; }

    /// <summary>Rises with every change that a calendar has to follow.</summary>
    public int Sequence { get; private set; }

    public string Name { get; private init; } = "";
    public string Email { get; private init; } = "";
    public string Phone { get; private init; } = "";
    public string? StatedLicense { get; private init; }
    public Guid? LicenseId { get; private init; }
    public string? HostVersion { get; private init; }
    public bool ChangesData { get; private init; }
    public bool Renews { get; private init; }
    public Preparation Preparation { get; private set; }
    public MoveStep Steps { get; private set; }

    /// <summary>What is said and ticked of the product's checklist; null = nothing so far.</summary>
    public ChecklistAnswers? Checklist { get; private set; }

    public string Language { get; private init; } = "";
    public DateTimeOffset BookedAt { get; private init; }
    public DateTimeOffset ChangedAt { get; private set; }
    public DateTimeOffset? RemindedAt { get; private set; }

    /// <summary>Old and new PC have what they should; the fiscal unit is not everybody's.</summary>
    public bool MayBeDone => State == AppointmentState.Booked && Steps.HasFlag(MoveStep.OldPcReleased | MoveStep.NewPcActivated);

    /// <summary>The step to tick next; null when there is none.</summary>
    public MoveStep? NextStep =>
        State == AppointmentState.Booked && (MoveStep)((int)Steps + 1) is var next && Enum.IsDefined(next) ? next : null;

    public static Appointment Book(
        Guid formId, string productId, AppointmentWish wish, AppointmentSlot slot, int lane, DateTimeOffset now) => new()
        {
            FormId = formId,
            ProductId = productId,
            StartsAt = slot.StartsAt,
            EndsAt = slot.EndsAt,
            Lane = lane,
            Name = wish.Name,
            Email = wish.Email,
            Phone = wish.Phone,
            StatedLicense = wish.StatedLicense,
            LicenseId = wish.LicenseId,
            HostVersion = wish.HostVersion,
            ChangesData = wish.ChangesData,
            Renews = wish.Renews,
            Preparation = wish.Preparation,
            Language = wish.Language,
            BookedAt = now,
            ChangedAt = now,
        };

    /// <summary>Whether the customer may still move or cancel it.</summary>
    public bool MayBeChanged(DateTimeOffset now) => State == AppointmentState.Booked && now < StartsAt;

    public Outcome<Appointment> Move(AppointmentSlot slot, int lane, DateTimeOffset now)
    {
        if (!MayBeChanged(now))
        {
            return Refusal.Conflict;
        }

        (StartsAt, EndsAt, Lane, RemindedAt) = (slot.StartsAt, slot.EndsAt, lane, null);
        Sequence++;
        ChangedAt = now;
        return this;
    }

    public Outcome<Appointment> Cancel(DateTimeOffset now)
    {
        if (State != AppointmentState.Booked)
        {
            return Refusal.Conflict;
        }

        Sequence++;
        return Become(AppointmentState.Cancelled, now);
    }

    /// <summary>What is ready by now.</summary>
    public Outcome<Appointment> Prepare(Preparation ready, DateTimeOffset now)
    {
        if (!MayBeChanged(now))
        {
            return Refusal.Conflict;
        }

        if (ready != Preparation)
        {
            (Preparation, ChangedAt) = (ready, now);
        }

        return this;
    }

    /// <summary>What is ticked of the checklist, until the appointment is over. No calendar has to follow it.</summary>
    public Outcome<Appointment> KeepChecklist(ChecklistReply reply, ChecklistPolicy policy)
    {
        if (State != AppointmentState.Booked)
        {
            return Refusal.Conflict;
        }

        var before = Checklist ?? ChecklistAnswers.None;
        if (before.With(reply, policy) is var after && after != before)
        {
            Checklist = after;
        }

        return this;
    }

    /// <summary>One step after the other.</summary>
    public Outcome<Appointment> Tick(MoveStep step, DateTimeOffset now)
    {
        if (NextStep != step)
        {
            return Refusal.Conflict;
        }

        Steps |= step;
        ChangedAt = now;
        return this;
    }

    public Outcome<Appointment> Finish(DateTimeOffset now) => MayBeDone ? Become(AppointmentState.Done, now) : Refusal.Conflict;

    /// <summary>Nobody called.</summary>
    public Outcome<Appointment> Miss(DateTimeOffset now) =>
        State == AppointmentState.Booked && now >= StartsAt && Steps == MoveStep.None
            ? Become(AppointmentState.NoShow, now)
            : Refusal.Conflict;

    /// <summary>False when it was reminded of before, or is over.</summary>
    public bool Remind(DateTimeOffset now)
    {
        if (!MayBeChanged(now) || RemindedAt is not null)
        {
            return false;
        }

        RemindedAt = now;
        return true;
    }

    private Appointment Become(AppointmentState state, DateTimeOffset now)
    {
        (State, ChangedAt) = (state, now);
        return this;
    }
}

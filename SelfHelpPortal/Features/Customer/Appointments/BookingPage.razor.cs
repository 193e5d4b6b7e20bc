using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Checklists;

namespace SelfHelpPortal.Features.Customer.Appointments;

/// <summary>An appointment for whoever has the link from the mail: opening shows it, buttons tick, move and cancel.</summary>
public sealed partial class BookingPage
{
    [Inject]
    private ShowBooking Show { get; set; } = default!;

    [Inject]
    private FindTimes Find { get; set; } = default!;

    [Inject]
    private PrepareBooking Prepare { get; set; } = default!;

    [Inject]
    private MoveBooking Move { get; set; } = default!;

    [Inject]
    private CancelBooking Cancel { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "week")]
    private string? Week { get; set; }

    [SupplyParameterFromForm]
    private string? Act { get; set; }

    [SupplyParameterFromForm]
    private string? Slot { get; set; }

    [SupplyParameterFromForm]
    private string[]? Preparation { get; set; }

    private Booking? View { get; set; }

    private IReadOnlyList<FreeTime> Free { get; set; } = [];

    private bool IsTaken { get; set; }

    /// <summary>A move is refused until a time is chosen, and ticks that are sent as they stand change nothing.</summary>
    protected override bool NeedsTick => Act is not ("move" or "prepare");

    /// <summary>What is ready, or was ticked in a form that came too late to be taken.</summary>
    private IReadOnlyCollection<string> Ready => Expired is { } typed && typed[nameof(Act)] == "prepare"
        ? [.. typed[nameof(Preparation)].OfType<string>()]
        : AppointmentTexts.Ticked(View!.Appointment.Preparation);

    private string Outcome => View!.Appointment.State switch
    {
        AppointmentState.Booked => "booked",
        AppointmentState.Done => "done",
        AppointmentState.NoShow => "no-show",
        AppointmentState.Cancelled => "cancelled",
    };

    protected override async Task OpenAsync()
    {
        var now = Time.GetUtcNow();
        View = await Show.ExecuteAsync(Link, now, Aborted);
        if (View is null)
        {
            HttpContext.NotFoundHere();
        }
        else if (View.Appointment.MayBeChanged(now))
        {
            Free = [.. (await Find.ExecuteAsync(View.Product, View.Appointment.Id, now, Aborted)).Free
                .Where(f => f.Slot.StartsAt != View.Appointment.StartsAt)];
        }

        if (Expired is { } typed && View is not null)
        {
            View = View with { Checklist = View.Checklist.With(View.Product.Policies.Checklists, typed) };
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }
    }

    protected override async Task ConfirmedAsync()
    {
        var (caller, now) = (Caller.From(HttpContext), Time.GetUtcNow());
        ChangeResult result;
        switch (Act)
        {
            case "prepare":
                result = await Prepare.ExecuteAsync(
                    Link, AppointmentTexts.Read(Preparation), ChecklistForms.From(HttpContext.Request.Form), now, Aborted);
                break;
            case "move" when AppointmentTexts.Read(Slot) is { } startsAt:
                result = await Move.ExecuteAsync(Link, startsAt, caller, now, Aborted);
                break;
            case "move":
                await OpenAsync();
                Refuse(nameof(Slot), T["ChooseNewTime"]);
                return;
            default:
                result = await Cancel.ExecuteAsync(Link, caller, now, Aborted);
                break;
        }

        switch (result.Outcome)
        {
            case ChangeOutcome.Done or ChangeOutcome.Over:
                HttpContext.SeeOther(Navigation, $"/appointments/{Link}");
                break;
            case ChangeOutcome.Taken:
                await OpenAsync();
                (IsTaken, Stopped) = (true, T["Taken"]);
                HttpContext.Unprocessable();
                break;
            case ChangeOutcome.TooManyTries:
                await OpenAsync();
                Stopped = Words["TooManyTries", Times.DayAndTime(result.RetryAt ?? now), Vendor.Value.PhoneText()];
                HttpContext.TooManyTries(result.RetryAt, now);
                break;
        }
    }

    private string When(DateTimeOffset at) => AppointmentTexts.When(at, Times);
}

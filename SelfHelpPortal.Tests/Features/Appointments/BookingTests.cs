using System.Text;
using Ical.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Features.Customer.Appointments;
using SelfHelpPortal.Features.Staff.Appointments;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Tests.Features.Staff;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Appointments;

/// <summary>What is booked, changed and told, whoever is faster.</summary>
public sealed class BookingTests(StaffGround ground) : IClassFixture<StaffGround>, IDisposable
{
    private readonly DateTimeOffset _before = ground.Portal.Clock.Now;

    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    public void Dispose() => Portal.Clock.Now = _before;

    [Fact]
    public async Task Of_fifty_who_want_one_time_one_gets_it_and_the_others_are_told_the_next()
    {
        var product = await Portal.AddBookableAsync();
        var wanted = (await Portal.FreeAsync(product))[0].Slot;

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => BookAsync(product, wanted.StartsAt)));

        results.Count(r => r.Outcome == BookingOutcome.Booked).ShouldBe(1);
        results.Count(r => r.Outcome == BookingOutcome.Taken).ShouldBe(49);
        await using var db = Portal.Open();
        (await db.Appointments.CountAsync(a => a.ProductId == product.Id)).ShouldBe(1);
        (await Portal.FreeAsync(product))[0].Slot.StartsAt.ShouldBe(wanted.EndsAt);
    }

    [Fact]
    public async Task Two_lanes_take_two_and_not_a_third()
    {
        var product = await Portal.AddBookableAsync(new AppointmentPolicy { IsOffered = true, Lanes = 2 });
        var wanted = (await Portal.FreeAsync(product))[0].Slot;

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => BookAsync(product, wanted.StartsAt)));

        results.Count(r => r.Outcome == BookingOutcome.Booked).ShouldBe(2);
        await using var db = Portal.Open();
        (await db.Appointments.Where(a => a.ProductId == product.Id).Select(a => a.Lane).Order().ToListAsync()).ShouldBe([0, 1]);
    }

    [Fact]
    public async Task The_database_refuses_a_second_one_in_the_same_lane_until_the_first_is_cancelled()
    {
        var first = await Portal.AddAppointmentAsync();
        var stored = await first.ReadAsync();
        var slot = new AppointmentSlot(stored.StartsAt, stored.EndsAt);
        await using var db = Portal.Open();
        db.Add(Appointment.Book(Guid.NewGuid(), stored.ProductId, SampleAppointments.Wish(), slot, stored.Lane, Now));

        (await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync())).InnerException
            .ShouldBeOfType<PostgresException>().ConstraintName.ShouldBe("ux_appointment_booked");
        (await CancelAsync(first.Token)).ShouldBe(ChangeOutcome.Done);
        await db.SaveChangesAsync();
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_is_one_appointment_and_one_mail()
    {
        var product = await Portal.AddBookableAsync();
        var wanted = (await Portal.FreeAsync(product))[0].Slot.StartsAt;
        var (form, wish) = (Guid.NewGuid(), SampleAppointments.Wish());

        var first = await BookAsync(product, wanted, form, wish);
        var second = await BookAsync(product, wanted, form, wish);

        (first.Outcome, second.Outcome).ShouldBe((BookingOutcome.Booked, BookingOutcome.Booked));
        (await Show(second.Token!)).Id.ShouldBe((await Show(first.Token!)).Id);
        await using var db = Portal.Open();
        (await db.Set<OutboxMessage>().CountAsync(m => m.ToAddress == wish.Email)).ShouldBe(1);

        (await CancelAsync(first.Token!)).ShouldBe(ChangeOutcome.Done);
        var again = await BookAsync(product, wanted, form, wish);
        (await Show(again.Token!)).Id.ShouldNotBe((await Show(first.Token!)).Id, "the first one was cancelled");
    }

    [Fact]
    public async Task A_length_that_was_changed_meanwhile_leaves_no_overlap()
    {
        var sample = await Portal.AddAppointmentAsync(new AppointmentPolicy { IsOffered = true, Minutes = 60 });
        var stored = await sample.ReadAsync();
        var shorter = Product.Create(sample.Product.Id, "Muster-POS", new ProductPolicies
        {
            Appointments = new AppointmentPolicy { IsOffered = true, Minutes = 30 },
        });

        (await Portal.FreeAsync(shorter))[0].Slot.StartsAt.ShouldBe(stored.EndsAt);
    }

    [Fact]
    public async Task A_number_says_nothing_and_a_key_says_which_license_it_is()
    {
        var product = await Portal.AddBookableAsync();
        var license = await Portal.AddLicenseAsync();
        var times = (await Portal.FreeAsync(product)).Select(f => f.Slot.StartsAt).ToList();

        (await BookAsync(product, times[0], license: license.Number)).Outcome.ShouldBe(BookingOutcome.Booked);
        (await BookAsync(product, times[1], license: "L-999999")).Outcome.ShouldBe(BookingOutcome.Booked);
        (await BookAsync(product, times[2], license: license.Key)).Outcome.ShouldBe(BookingOutcome.Booked);
        var wrong = await BookAsync(product, times[3], license: SelfHelpPortal.Licensing.Codes.ActivationKey.New().ToString());

        (wrong.Outcome, wrong.Key).ShouldBe((BookingOutcome.WrongKey, new KeyAnswer.NotFound()));
        await using var db = Portal.Open();
        (await db.Appointments.Where(a => a.ProductId == product.Id).OrderBy(a => a.StartsAt)
            .Select(a => new { a.StatedLicense, a.LicenseId }).ToListAsync())
            .ShouldBe([
                new { StatedLicense = (string?)license.Number, LicenseId = (Guid?)null },
                new { StatedLicense = (string?)"L-999999", LicenseId = (Guid?)null },
                new { StatedLicense = (string?)null, LicenseId = (Guid?)license.Id },
            ]);
    }

    [Fact]
    public async Task A_mailbox_gets_so_many_mails_and_no_more()
    {
        var product = await Portal.AddBookableAsync(new AppointmentPolicy { IsOffered = true, Lanes = 20 });
        var wanted = (await Portal.FreeAsync(product))[0].Slot.StartsAt;
        var wish = SampleAppointments.Wish();

        var results = new List<BookingResult>();
        for (var i = 0; i < 11; i++)
        {
            results.Add(await BookAsync(product, wanted, wish: wish));
        }

        results[..10].ShouldAllBe(r => r.Outcome == BookingOutcome.Booked);
        results[10].Outcome.ShouldBe(BookingOutcome.TooManyTries);
        results[10].RetryAt.ShouldNotBeNull().ShouldBeGreaterThan(Now);
    }

    [Fact]
    public async Task A_calendar_follows_booking_move_and_cancellation_by_one_id()
    {
        var sample = await Portal.AddAppointmentAsync();
        var later = (await Portal.FreeAsync(sample.Product))[3].Slot.StartsAt;
        (await MoveAsync(sample.Token, later))
            .ShouldBe(ChangeOutcome.Done);
        (await MoveAsync(sample.Token, later))
            .ShouldBe(ChangeOutcome.Done, "it is there already");
        (await CancelAsync(sample.Token)).ShouldBe(ChangeOutcome.Done);
        (await CancelAsync(sample.Token)).ShouldBe(ChangeOutcome.Over);

        var mails = await MailsAsync(sample.Email);
        mails.Select(m => m.Kind).ShouldBe(["appointment-booked", "appointment-moved", "appointment-cancelled"]);
        await using var db = Portal.Open();
        var calendars = new List<Calendar>();
        foreach (var file in mails.Select(m => m.Attachments.ShouldHaveSingleItem()))
        {
            var content = await db.Set<AppointmentFile>().Where(f => f.Id == file.Id).Select(f => f.Content).SingleAsync();
            calendars.Add(Calendar.Load(Encoding.UTF8.GetString(content)).ShouldNotBeNull());
        }

        calendars.Select(c => c.Method).ShouldBe(["REQUEST", "REQUEST", "CANCEL"]);
        calendars.Select(c => c.Events.Single().Uid).Distinct().ShouldHaveSingleItem().ShouldNotBeNull().ShouldStartWith($"{sample.Id:n}@");
        calendars.Select(c => c.Events.Single().Sequence).ShouldBe([0, 1, 2]);
        calendars[1].Events.Single().Start!.AsUtc.ShouldBe(later.UtcDateTime);
        calendars[2].Events.Single().Status.ShouldBe("CANCELLED");
    }

    [Fact]
    public async Task The_reminder_goes_out_once_on_the_working_day_before_a_long_weekend()
    {
        // Tuesday 30 March 2027 after Easter: the working day before is Thursday 25 March.
        Portal.Clock.Now = new DateTimeOffset(2027, 3, 24, 9, 0, 0, TimeSpan.Zero);
        var sample = await Portal.AddAppointmentAsync(new AppointmentPolicy { IsOffered = true, Holidays = "DE-NW", LeadHours = 130 });
        (await sample.ReadAsync()).StartsAt.ShouldBe(new DateTimeOffset(2027, 3, 30, 12, 0, 0, TimeSpan.Zero), "summer has begun");

        await RemindAsync(new DateTimeOffset(2027, 3, 24, 14, 0, 0, TimeSpan.Zero));
        (await MailsAsync(sample.Email)).Select(m => m.Kind).ShouldBe(["appointment-booked"]);
        await RemindAsync(new DateTimeOffset(2027, 3, 25, 14, 0, 0, TimeSpan.Zero));
        await RemindAsync(new DateTimeOffset(2027, 3, 26, 14, 0, 0, TimeSpan.Zero));

        var reminder = (await MailsAsync(sample.Email)).Where(m => m.Kind == "appointment-reminder").ShouldHaveSingleItem();
        reminder.Subject.ShouldBe("Erinnerung: Ihr Termin am 30.03.2027, 14:00 Uhr");
        reminder.ExpiresAt.ShouldBe((await sample.ReadAsync()).EndsAt);
    }

    [Fact]
    public async Task Staff_tick_the_steps_and_close_and_the_license_loses_nothing()
    {
        var sample = await Portal.AddAppointmentAsync();
        var act = await ground.ActAsync();
        (await ground.Use<FinishAppointment>().ExecuteAsync(act, sample.Id, Now, default)).Refused.ShouldBe(StaffRefusal.Conflict);
        foreach (var step in new[] { MoveStep.OldPcReleased, MoveStep.NewPcActivated })
        {
            (await ground.Use<TickMoveStep>().ExecuteAsync(await ground.ActAsync(), sample.Id, step, Now, default))
                .ShouldBe(StaffResult.Done);
        }

        (await ground.Use<FinishAppointment>().ExecuteAsync(await ground.ActAsync(), sample.Id, Now, default)).ShouldBe(StaffResult.Done);

        (await sample.ReadAsync()).State.ShouldBe(AppointmentState.Done);
        var shown = (await ground.Use<ShowAppointment>().ExecuteAsync((await ground.ActAsync()).Actor, sample.Id, Now, default)).Value
            .ShouldNotBeNull();
        shown.History.Entries.Select(e => e.Data.Method).ShouldBe(
            ["FinishAppointment", "TickMoveStep", "TickMoveStep", "FinishAppointment", "BookAppointment"]);
    }

    [Fact]
    public async Task Staff_cancel_by_mail_and_note_who_did_not_come_without_one()
    {
        var cancelled = await Portal.AddAppointmentAsync();
        (await ground.Use<CancelForCustomer>().ExecuteAsync(await ground.ActAsync(), cancelled.Id, Now, default))
            .ShouldBe(StaffResult.Done);
        (await MailsAsync(cancelled.Email)).Select(m => m.Kind).ShouldBe(["appointment-booked", "appointment-cancelled"]);

        var missed = await Portal.AddAppointmentAsync();
        (await ground.Use<RecordNoShow>().ExecuteAsync(await ground.ActAsync(), missed.Id, Now, default)).Refused
            .ShouldBe(StaffRefusal.Conflict);
        Portal.Clock.Now = (await missed.ReadAsync()).StartsAt;
        (await ground.Use<RecordNoShow>().ExecuteAsync(await ground.ActAsync(), missed.Id, Now, default)).ShouldBe(StaffResult.Done);
        (await MailsAsync(missed.Email)).Count.ShouldBe(1);
        (await missed.ReadAsync()).State.ShouldBe(AppointmentState.NoShow);
    }

    [Fact]
    public async Task A_secret_address_shows_the_appointments_until_another_one_is_made_or_the_account_is_disabled()
    {
        var sample = await Portal.AddAppointmentAsync();
        var person = await StaffUser.CreateAsync(Portal);
        var first = await FeedAsync(person);
        var second = await FeedAsync(person);

        (await ReadFeedAsync(first)).ShouldBeNull();
        var calendar = Calendar.Load(Encoding.UTF8.GetString((await ReadFeedAsync(second)).ShouldNotBeNull())).ShouldNotBeNull();
        calendar.Method.ShouldBe("PUBLISH");
        var shown = calendar.Events.Single(e => e.Uid!.StartsWith($"{sample.Id:n}@", StringComparison.Ordinal));
        shown.Summary.ShouldBe("Umzug der Lizenz Muster-POS: Erika Muster");
        shown.Start!.AsUtc.ShouldBe((await sample.ReadAsync()).StartsAt.UtcDateTime);

        await using var db = Portal.Open();
        await db.Users.Where(u => u.Id == person.Id)
            .ExecuteUpdateAsync(u => u.SetProperty(one => one.LockoutEnd, Now.AddYears(1)));
        (await ReadFeedAsync(second)).ShouldBeNull();
        (await ReadFeedAsync("none")).ShouldBeNull();
    }

    private async Task<string> FeedAsync(StaffUser person) =>
        (await ground.Use<CreateCalendarFeed>().ExecuteAsync(await person.ActorAsync(), Guid.NewGuid(), Now, default)).Address
        .ShouldNotBeNull().Split('/')[^1];

    private Task<byte[]?> ReadFeedAsync(string token) => ground.Use<ReadCalendarFeed>().ExecuteAsync(token, Now, default);

    [Fact]
    public async Task Staff_agree_on_a_time_outside_the_rules_beside_what_is_there()
    {
        var agreed = SampleAppointments.Agreed(await Portal.AddBookableAsync(), Now);
        var actor = (await ground.ActAsync()).Actor;
        (await ground.Use<AgreeAppointment>().ExecuteAsync(actor, Guid.NewGuid(), agreed, Now, default)).ShouldBe(StaffResult.Done);
        (await ground.Use<AgreeAppointment>().ExecuteAsync(actor, Guid.NewGuid(), agreed, Now, default)).ShouldBe(StaffResult.Done);

        await using var db = Portal.Open();
        var stored = await db.Appointments.Where(a => a.ProductId == agreed.Product).OrderBy(a => a.Lane).ToListAsync();
        stored.Select(a => a.Lane).ShouldBe([0, 1]);
        stored[0].StartsAt.ShouldBe(new DateTimeOffset(2026, 11, 17, 17, 0, 0, TimeSpan.Zero));
        stored[0].StatedLicense.ShouldBe("L-1043");
        (await MailsAsync(agreed.Email)).Count.ShouldBe(2);

        var wrong = await ground.Use<AgreeAppointment>().ExecuteAsync(
            actor, Guid.NewGuid(), new AgreedTime { Day = "2026-03-29", Clock = "02:30" }, Now, default);
        wrong.Broken.ShouldNotBeNull().Select(b => b.Id).ShouldBe(["product", "day", "name", "email", "phone", "language"]);
    }

    private Task<BookingResult> BookAsync(
        Product product, DateTimeOffset startsAt, Guid? form = null, AppointmentWish? wish = null, string? license = null) =>
        ground.Use<BookAppointment>().ExecuteAsync(
            form ?? Guid.NewGuid(), product.Id, startsAt, license, wish ?? SampleAppointments.Wish(), SampleAppointments.Somebody(),
            person: null, Now, default);

    private async Task<ChangeOutcome> MoveAsync(string token, DateTimeOffset startsAt) =>
        (await ground.Use<MoveBooking>().ExecuteAsync(token, startsAt, SampleAppointments.Somebody(), Now, default)).Outcome;

    private async Task<ChangeOutcome> CancelAsync(string token) =>
        (await ground.Use<CancelBooking>().ExecuteAsync(token, SampleAppointments.Somebody(), Now, default)).Outcome;

    private async Task<Appointment> Show(string token) =>
        (await ground.Use<ShowBooking>().ExecuteAsync(token, Now, default)).ShouldNotBeNull().Appointment;

    private async Task<IReadOnlyList<OutboxMessage>> MailsAsync(string address)
    {
        await using var db = Portal.Open();
        return await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.ToAddress == address).OrderBy(m => m.BusinessKey)
            .ToListAsync();
    }

    private Task RemindAsync(DateTimeOffset at)
    {
        Portal.Clock.Now = at;
        return ground.Use<RemindAppointments>().RunAsync(at, default);
    }
}

using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Mails;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Mails that did not arrive: found, explained by what the server said, and sent again by hand.</summary>
public sealed class OutgoingMailTests(StaffGround ground) : StaffPageContext(ground)
{
    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task A_mail_that_failed_is_sent_again_once_and_its_mailbox_is_written_to()
    {
        var id = await Portal.AddFailedMailAsync("wieder@muster-gastro.example");
        var (actor, command) = (await Ground.Clerk.ActorAsync(), Guid.NewGuid());
        var send = Ground.Use<SendMailAgain>();

        (await send.ExecuteAsync(actor, command, id, Now, default)).ShouldBe(StaffResult.Done);
        (await send.ExecuteAsync(actor, command, id, Now, default)).ShouldBe(StaffResult.Done);
        (await send.ExecuteAsync(actor, Guid.NewGuid(), id, Now, default)).Refused.ShouldBe(StaffRefusal.Conflict);

        await using var db = Portal.Open();
        var mail = await db.Set<OutboxMessage>().SingleAsync(m => m.Id == id);
        mail.State.ShouldNotBe(OutboxState.Failed);
        mail.QueuedAgainAt.ShouldBe(Now);
        (await MailAddressStanding.RefusalAsync(db, mail.ToAddress, new(), Now, default)).ShouldBeNull();
        (await db.AuditEntries.CountAsync(e => e.Kind == AuditKind.MailSentAgain && e.Subject == id.ToString())).ShouldBe(1);
    }

    [Fact]
    public async Task A_mailbox_is_written_to_again_when_somebody_says_why()
    {
        var address = "frei@muster-gastro.example";
        var id = await Portal.AddFailedMailAsync(address);
        var (lift, clerk) = (Ground.Use<LiftMailbox>(), await Ground.Clerk.ActorAsync());
        Task<StaffResult> LiftAsync(string why, Guid mail) =>
            lift.ExecuteAsync(new StaffAct(Guid.NewGuid(), clerk, why), mail, Now, default);

        (await LiftAsync("", id)).Refused.ShouldBe(StaffRefusal.Reason);
        (await LiftAsync("Postfach war voll", Guid.NewGuid())).Refused.ShouldBe(StaffRefusal.NotFound);
        await using var db = Portal.Open();
        (await MailAddressStanding.RefusalAsync(db, address, new(), Now, default)).ShouldNotBeNull();
        (await LiftAsync("Postfach war voll", id)).ShouldBe(StaffResult.Done);

        (await MailAddressStanding.RefusalAsync(db, address, new(), Now, default)).ShouldBeNull();
        (await db.AuditEntries.SingleAsync(e => e.Kind == AuditKind.MailboxLifted && e.Subject == id.ToString())).Text
            .ShouldBe("Postfach war voll");
        (await db.Set<OutboxMessage>().SingleAsync(m => m.Id == id)).State.ShouldBe(OutboxState.Failed, "the mail waits for somebody");
    }

    [Fact]
    public async Task A_clerk_lets_a_mailbox_be_written_to_again()
    {
        var id = await Portal.AddFailedMailAsync("frei-seite@muster-gastro.example", mail => mail.Payload = null);
        Speak("de");
        await OpenAsync(user: null, typeof(ShowMail), typeof(SendMailAgain), typeof(LiftMailbox));
        var dialogs = Render<MudDialogProvider>();
        var page = Render<MailPage>(p => p.Add(x => x.Id, id.ToString()));

        // The click has only been answered when the dialog has closed.
        var lifting = page.WaitForElement("#mail-refused button").ClickAsync(new());
        await dialogs.WaitForElement("#act-reason").InputAsync("Der Kunde hat aufgeräumt");
        dialogs.Find("form").TextContent.ShouldContain("frei-seite@muster-gastro.example");
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find("form").SubmitAsync();
        await lifting.WaitAsync(WaitLimits.Wait);

        page.WaitForElement("[data-outcome=mailbox-lifted]").TextContent.ShouldContain("schreibt wieder an");
        page.FindAll("#mail-refused").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sent")]
    [InlineData("forgotten")]
    public async Task What_cannot_be_sent_again_says_so(string why)
    {
        var id = await Portal.AddFailedMailAsync($"{why}@muster-gastro.example", mail =>
        {
            mail.State = why == "sent" ? OutboxState.Sent : OutboxState.Failed;
            mail.Payload = why == "forgotten" ? null : mail.Payload;
        });

        (await Ground.Use<SendMailAgain>().ExecuteAsync(await Ground.Clerk.ActorAsync(), Guid.NewGuid(), id, Now, default))
            .Refused.ShouldBe(StaffRefusal.Conflict);
    }

    [Fact]
    public async Task A_mail_whose_link_has_ended_is_not_sent_again()
    {
        var id = await Portal.AddFailedMailAsync("vorbei@muster-gastro.example");
        await using var db = Portal.Open();
        var mail = await db.Set<OutboxMessage>().SingleAsync(m => m.Id == id);
        var end = mail.ExpiresAt.ShouldNotBeNull();

        SendMailAgain.IsPossible(mail, end.AddTicks(-1)).ShouldBeTrue();
        SendMailAgain.IsPossible(mail, end).ShouldBeFalse();
    }

    [Theory]
    [InlineData("de", "Postfach abgelehnt", "Die E-Mail wird noch einmal gesendet.")]
    [InlineData("en", "mailbox refused", "The e-mail is being sent again.")]
    public async Task A_clerk_finds_it_reads_the_answer_and_sends_it_again(string language, string state, string done)
    {
        var address = $"seite-{language}@muster-gastro.example";
        var id = await Portal.AddFailedMailAsync(address);
        Speak(language);
        await OpenAsync(user: null, typeof(SearchMails), typeof(ShowMail), typeof(SendMailAgain), typeof(LiftMailbox), typeof(ResumeMails));

        Services.GetRequiredService<NavigationManager>().NavigateTo($"/staff/mails?q={address}");
        var list = Render<MailsPage>();
        list.WaitForElement("[data-outcome=mails] tbody tr").TextContent.ShouldContain(state);
        ShouldHoldNoRawKey(list.Nodes);
        list.Find("tbody a").GetAttribute("href").ShouldBe($"/staff/mails/{id}");

        var page = Render<MailPage>(p => p.Add(x => x.Id, id.ToString()));
        page.WaitForElement("#mail-refused");
        page.Find("main").TextContent.ShouldContain("550 5.1.1 unknown");
        ShouldHoldNoRawKey(page.Nodes);
        await page.Find("#mail-again").ClickAsync(new());
        page.WaitForElement("[data-outcome=mail-queued]").TextContent.ShouldContain(done);
        page.FindAll("#mail-refused").ShouldBeEmpty();
    }

    [Fact]
    public async Task So_does_the_command_line()
    {
        await using var db = Portal.Open();
        await StandStillAsync(db);

        var first = await Portal.RunAsync("mails", "resume");

        (first.Exit, first.Output[..11]).ShouldBe((ExitCode.Done, "Mails go on"));
        (await MailCircuits.StateAsync(db, default)).ShouldBe(CircuitState.Closed);
        (await db.AuditEntries.CountAsync(e => e.Kind == AuditKind.MailsResumed && e.Stream == AuditLog.CommandLine)).ShouldBe(1);
        (await Portal.RunAsync("mails", "resume")).Output.ShouldStartWith("Mails did not stand still");
        (await Portal.RunAsync("mails", "resume", "now")).Exit.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task An_administrator_lets_mails_go_on_that_stood_still()
    {
        await using var db = Portal.Open();
        await StandStillAsync(db);
        Speak("de");
        await OpenAsync(Ground.Administrator, typeof(SearchMails), typeof(ShowMail), typeof(SendMailAgain), typeof(ResumeMails));
        var page = Render<MailsPage>();
        page.WaitForElement("#mail-stands").TextContent.ShouldContain("535 5.7.8 wrong password");

        await page.Find("#mail-stands button").ClickAsync(new());

        page.WaitForElement("[data-outcome=mails-resumed]");
        page.FindAll("#mail-stands").ShouldBeEmpty();
        (await MailCircuits.StateAsync(db, default)).ShouldBe(CircuitState.Closed);
    }

    private async Task StandStillAsync(PortalDbContext db)
    {
        // A mail that is sent meanwhile would let the others go on before anybody has done it by hand.
        await Background.SettleAsync(Portal);
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO mail_circuit (id, state, since, reason, failures, next_try_at)
             VALUES (1, 1, {Now}, '535 5.7.8 wrong password', 1, {Now.AddMinutes(30)})
             ON CONFLICT (id) DO UPDATE SET state = 1, since = excluded.since, reason = excluded.reason,
                 next_try_at = excluded.next_try_at
             """);
    }

    [Fact]
    public async Task The_list_is_paged_by_the_last_mail()
    {
        for (var i = 0; i <= SearchMails.PageSize; i++)
        {
            await Portal.AddFailedMailAsync("viele@muster-gastro.example");
        }

        var (search, actor) = (Ground.Use<SearchMails>(), await Ground.Clerk.ActorAsync());
        var first = (await search.ExecuteAsync(actor, MailFilter.Failed, "viele@muster-gastro.example", null, null, Now, default)).Value!;
        var second = (await search.ExecuteAsync(
            actor, MailFilter.Failed, "viele@muster-gastro.example", null, first.Mails[^1].Id, Now, default)).Value!;

        (first.Mails.Count, first.HasOlder, second.Mails.Count, second.HasOlder).ShouldBe((SearchMails.PageSize, true, 1, false));
        (await search.ExecuteAsync(actor, MailFilter.Sent, "viele@muster-gastro.example", null, null, Now, default))
            .Value!.Mails.ShouldBeEmpty();
    }
}

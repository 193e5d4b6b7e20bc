using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Mails;
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
        (await MailAddressStanding.RefusalAsync(db, mail.ToAddress, Now, default)).ShouldBeNull();
        (await db.AuditEntries.CountAsync(e => e.Kind == AuditKind.MailSentAgain && e.Subject == id.ToString())).ShouldBe(1);
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
        await OpenAsync(user: null, typeof(SearchMails), typeof(ShowMail), typeof(SendMailAgain), typeof(ResumeMails));

        Services.GetRequiredService<NavigationManager>().NavigateTo($"/staff/mails?q={address}");
        var list = Render<MailsPage>();
        list.WaitForElement("[data-outcome=mails] tbody tr").TextContent.ShouldContain(state);
        ShouldHoldNoRawKey(list.Nodes);
        list.Find("tbody a").GetAttribute("href").ShouldBe($"/staff/mails/{id}");

        var page = Render<MailPage>(p => p.Add(x => x.Id, id.ToString()));
        page.WaitForElement("#mail-refused");
        page.Find("main").TextContent.ShouldContain("550 5.1.1 unknown");
        ShouldHoldNoRawKey(page.Nodes);
        await page.Find("button.button").ClickAsync(new());
        page.WaitForElement("[data-outcome=mail-queued]").TextContent.ShouldContain(done);
        page.FindAll("#mail-refused").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_administrator_lets_mails_go_on_that_stood_still()
    {
        await using var db = Portal.Open();
        // A mail that is sent meanwhile would let the others go on before anybody has pressed the button.
        await Background.SettleAsync(Portal);
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO mail_circuit (id, state, since, reason, failures, next_try_at)
             VALUES (1, 1, {Now}, '535 5.7.8 wrong password', 1, {Now.AddMinutes(30)})
             ON CONFLICT (id) DO UPDATE SET state = 1, since = excluded.since, reason = excluded.reason,
                 next_try_at = excluded.next_try_at
             """);
        Speak("de");
        await OpenAsync(Ground.Administrator, typeof(SearchMails), typeof(ShowMail), typeof(SendMailAgain), typeof(ResumeMails));
        var page = Render<MailsPage>();
        page.WaitForElement("#mail-stands").TextContent.ShouldContain("535 5.7.8 wrong password");

        await page.Find("#mail-stands button").ClickAsync(new());

        page.WaitForElement("[data-outcome=mails-resumed]");
        page.FindAll("#mail-stands").ShouldBeEmpty();
        (await MailCircuits.StateAsync(db, default)).ShouldBe(CircuitState.Closed);
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

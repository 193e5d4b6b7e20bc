using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Platform.Mail;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>From a committed change to a mail in the pickup directory and in the browser, with the portal's own sender.</summary>
public sealed class DevMailTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task A_committed_mail_is_written_and_can_be_read_in_the_browser()
    {
        var mail = MailExamples.Released("de");
        await using (var db = portal.Open())
        {
            await portal.Services.GetRequiredService<Outbox>().EnqueueAsync(db, mail, portal.Clock.Now);
            await db.SaveChangesAsync();
        }

        await Eventually.BecomesTrueAsync(
            () => Directory.Exists(portal.MailFolder) && Directory.EnumerateFiles(portal.MailFolder, "*.eml").Any());
        var name = Path.GetFileName(Directory.EnumerateFiles(portal.MailFolder, "*.eml").Single());
        name.ShouldContain("-released-");

        using var client = portal.CreateClient();
        (await client.GetStringAsync("/dev/mail")).ShouldContain($"/dev/mail/{name}");
        var page = await client.GetStringAsync($"/dev/mail/{name}");
        page.ShouldContain("Lizenz freigegeben: BeamAlign [L-1044]");
        page.ShouldContain($"href=\"{mail.Objection.Address}\"");
        using var html = await client.GetAsync(new Uri($"/dev/mail/{name}/html", UriKind.Relative));
        (await html.Content.ReadAsStringAsync()).ShouldContain("<h1");
        html.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("style-src-attr 'unsafe-inline'");
        await Eventually.BecomesTrueAsync(async () =>
        {
            await using var db = portal.Open();
            return await db.Set<OutboxMessage>().AnyAsync(m => m.State == OutboxState.Sent && m.Payload == null);
        });
    }

    [Theory]
    [InlineData("/dev/mail/nothing.eml")]
    [InlineData("/dev/mail/..%2Fsecrets%2Fpepper.eml")]
    [InlineData("/dev/mail/tmp")]
    public async Task Nothing_else_is_shown(string path)
    {
        using var client = portal.CreateClient();
        (await client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}

using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Paragraphs;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Platform.Mail;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What the vendor adds to mails.</summary>
public sealed class MailTextTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private DateTimeOffset Now => ground.Portal.Clock.Now;

    [Fact]
    public void Every_mail_to_a_customer_about_a_license_takes_a_paragraph() =>
        MailExamples.All("de").Where(m => m.AboutProduct is not null).Select(m => m.Kind).Distinct()
            .ShouldBe(MailTextKinds.All, ignoreOrder: true);

    [Fact]
    public async Task A_paragraph_stands_in_the_next_mail_and_the_products_own_goes_before_that_of_all()
    {
        var (one, other) = (await ground.Portal.AddLicenseAsync(), await ground.Portal.AddLicenseAsync());
        var own = (await one.ReadAsync()).ProductId;
        (await SaveAsync(new("suspended", null), new("Wir **sind** für Sie da.\n\n- Montag\n- Dienstag", null)))
            .ShouldBe(StaffResult.Done);
        (await SaveAsync(new("suspended", own), new("Nur für <b>dieses</b> Produkt.", null))).ShouldBe(StaffResult.Done);

        var (mailOfOne, mailOfOther) = (await SuspendAsync(one), await SuspendAsync(other));

        mailOfOne.ShouldContain("Nur für");
        mailOfOne.ShouldNotContain("Montag");
        mailOfOther.ShouldContain("Wir sind für Sie da.");
        mailOfOther.ShouldContain("- Dienstag");
        mailOfOther.ShouldContain("Musterstraße", customMessage: "the footer stays below");
    }

    [Fact]
    public async Task An_emptied_paragraph_is_gone_and_its_history_stays()
    {
        var license = await ground.Portal.AddLicenseAsync();
        var target = new MailTextTarget("suspended", (await license.ReadAsync()).ProductId);
        (await SaveAsync(target, new("Nur heute.", "Today only."))).ShouldBe(StaffResult.Done);

        (await SaveAsync(target, new(null, null), basedOn: 1)).ShouldBe(StaffResult.Done);

        (await SuspendAsync(license)).ShouldNotContain("Nur heute.");
        var view = (await ground.Use<ShowMailText>().ExecuteAsync(await ground.Administrator.ActorAsync(), target, Now, default)).Value!;
        view.History[0].Changes.ShouldContain(c => c.Before == "Nur heute." && c.After == null);
        var list = (await ground.Use<ShowMailTexts>().ExecuteAsync(await ground.Administrator.ActorAsync(), Now, default)).Value!;
        list.Written.ShouldNotContain(target.Key);
    }

    [Fact]
    public async Task What_cannot_stand_in_a_mail_is_refused()
    {
        var tooLong = await SaveAsync(new("released", null), new(new string('x', MailParagraph.LongestText + 1), null));
        tooLong.Refused.ShouldBe(StaffRefusal.SettingInvalid);
        tooLong.Broken!.ShouldHaveSingleItem().Id.ShouldBe("text.de");
        (await SaveAsync(new("staff-flag", null), new("x", null))).Refused.ShouldBe(StaffRefusal.NotFound);
        (await SaveAsync(new("released", "no-such-product"), new("x", null))).Refused.ShouldBe(StaffRefusal.NotFound);
        (await SaveAsync(new("released", null), new("x", null), by: ground.Clerk)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        (await ground.Use<ShowMailText>().ExecuteAsync(
            await ground.Administrator.ActorAsync(), new("no-such-kind", null), Now, default)).Refused.ShouldBe(StaffRefusal.NotFound);
    }

    [Fact]
    public async Task The_longest_paragraph_fits_into_every_mail()
    {
        var paragraph = string.Concat(Enumerable.Repeat("Ä&<* ", MailParagraph.LongestText / 5));
        var renderer = ground.Use<SelfHelpPortal.Platform.Mail.Kit.MailRenderer>();

        foreach (var mail in MailExamples.All("de"))
        {
            (await renderer.RenderAsync(mail, paragraph)).Text.ShouldContain("Ä&<");
        }
    }

    private async Task<string> SuspendAsync(SampleLicense license)
    {
        (await ground.Use<SuspendLicense>().ExecuteAsync(await ground.ActAsync(), license.Id, Now, default)).ShouldBe(StaffResult.Done);
        await using var db = ground.Portal.Open();
        return await db.Set<OutboxMessage>().Where(m => m.Kind == "suspended" && m.Reference == license.Number).Select(m => m.CopyText)
            .SingleAsync();
    }

    private async Task<StaffResult> SaveAsync(MailTextTarget target, MailParagraph paragraph, int basedOn = 0, StaffUser? by = null) =>
        await ground.Use<SaveMailText>().ExecuteAsync(
            await (by ?? ground.Administrator).ActorAsync(), Guid.NewGuid(), target, paragraph, basedOn, Now, default);
}

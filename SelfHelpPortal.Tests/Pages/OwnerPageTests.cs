using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Uploads;
using SelfHelpPortal.Shared.Ownership;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>The pages about a change of the licensee, without scripts.</summary>
public sealed class OwnerPageTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private static readonly byte[] Pdf = SampleOwnerChanges.Pdf.Bytes;

    [Theory]
    [InlineData("de", "kostenlos", "Lizenznehmer ändern")]
    [InlineData("en", "free of charge", "Change the licensee")]
    public async Task What_changes_is_chosen_with_its_price_before_anything_is_typed(string language, string free, string heading)
    {
        var (priced, gratis) = (await portal.Portal.AddHeldAsync(cents: 100_00), await portal.Portal.AddHeldAsync());
        using var visitor = portal.Open(language);

        await visitor.GetAsync($"/owner?product={(await gratis.License.ReadAsync()).ProductId}");
        (visitor.Heading, visitor.Outcome).ShouldBe((heading, "choose"));
        visitor.Words.ShouldContain(free);
        await visitor.GetAsync($"/owner?product={(await priced.License.ReadAsync()).ProductId}");
        visitor.Words.ShouldContain(language == "de" ? "119,00" : "119.00");
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task A_takeover_goes_from_the_form_to_both_agreements(string language)
    {
        var held = await portal.Portal.AddHeldAsync(cents: 49_00, needsDocument: true, computers: "KASSE-1");
        using var visitor = portal.Open(language);
        await visitor.GetAsync($"/owner?product={(await held.License.ReadAsync()).ProductId}&kind=takeover&license={held.License.Number}");
        await visitor.SubmitAsync(("Company", "Beispiel Betriebs GmbH"), ("Street", ""), ("Email", "keine"));
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        visitor.ErrorsInSummary.Count.ShouldBe(5);
        await visitor.SubmitAsync(
            ("Street", "Beispielweg 2"), ("PostalCode", "54321"), ("City", "Beispielstadt"), ("Email", "neu@beispiel.example"),
            ("AskedBy", "Erika Muster"));
        visitor.Outcome.ShouldBe("check");
        visitor.Words.ShouldContain("Beispiel Betriebs GmbH", Case.Insensitive, "what was typed first is still there");

        await visitor.SubmitAsync();
        visitor.ErrorsInSummary.ShouldHaveSingleItem("the document is missing");
        await visitor.UploadAsync("Document", "../../vertrag.pdf", Encoding.ASCII.GetBytes("<html>"));
        visitor.ErrorsInSummary.ShouldHaveSingleItem();
        await visitor.UploadAsync("Document", "../../vertrag.pdf", Pdf);
        visitor.Outcome.ShouldBe("sent");

        var change = await FindAsync(held.License.Id);
        var sample = new SampleOwnerChange(held, change.Id, "");
        var link = await sample.LinkAsync(LinkPurpose.OwnerConfirm);
        using var owner = portal.Open(language);
        await owner.GetAsync($"/owner/confirm/{link}");
        owner.Words.ShouldContain("Erika Muster");
        owner.Words.ShouldContain("Beispielweg 2");
        await owner.SubmitAsync(("Act", "agree"));
        owner.ErrorsInSummary.ShouldHaveSingleItem("a person ticks");
        await owner.ConfirmAsync(("Act", "agree"));
        owner.Outcome.ShouldBe("agreed");

        using var taker = portal.Open(language);
        await taker.GetAsync($"/owner/confirm/{await sample.LinkAsync(LinkPurpose.TakerConfirm)}");
        taker.Words.ShouldNotContain("Muster Gastro GmbH", Case.Insensitive, "the present licensee's data are not the other's business");
        taker.Words.ShouldContain(language == "de" ? "58,31" : "58.31");
        await taker.ConfirmAsync(("Act", "agree"));
        taker.Outcome.ShouldBe("agreed");
        (await FindAsync(held.License.Id)).State.ShouldBe(OwnerChangeState.InReview);
        await visitor.GetAsync(visitor.Path);
        visitor.Outcome.ShouldBe("in-review");
    }

    [Fact]
    public async Task The_licensee_ends_it_with_a_tick()
    {
        var change = await portal.Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover);
        using var owner = portal.Open();
        await owner.GetAsync($"/owner/confirm/{await change.LinkAsync(LinkPurpose.OwnerConfirm)}");

        await owner.ConfirmAsync(("Act", "refuse"));

        owner.Outcome.ShouldBe("withdrawn");
        (await change.ReadAsync()).State.ShouldBe(OwnerChangeState.Withdrawn);
    }

    [Fact]
    public async Task A_question_is_answered_in_words()
    {
        var change = await (await portal.Portal.AddOwnerChangeAsync(OwnerChangeKind.Data)).AgreedAsync();
        await using (var db = portal.Portal.Open())
        {
            (await db.OwnerChanges.SingleAsync(c => c.Id == change.Id)).Ask("Seit wann?", portal.Portal.Clock.Now).ShouldSucceed();
            await db.SaveChangesAsync();
        }

        using var owner = portal.Open();
        await owner.GetAsync($"/owner/answer/{await change.LinkAsync(LinkPurpose.OwnerAnswer)}");
        owner.Words.ShouldContain("Seit wann?");
        await owner.SubmitAsync(("Answer", " "));
        owner.ErrorsInSummary.ShouldHaveSingleItem();
        await owner.SubmitAsync(("Answer", "Seit Mai."));

        owner.Outcome.ShouldBe("answered");
        (await change.ReadAsync()).Answer.ShouldBe("Seit Mai.");
    }

    [Fact]
    public async Task What_is_too_large_is_refused_at_its_field()
    {
        var held = await portal.Portal.AddHeldAsync();
        using var visitor = portal.Open();
        await visitor.GetAsync($"/owner?product={(await held.License.ReadAsync()).ProductId}&kind=data&license={held.License.Number}");
        await visitor.SubmitAsync(
            ("Company", "Muster Gastro AG"), ("Street", "Beispielweg 2"), ("PostalCode", "54321"), ("City", "Beispielstadt"),
            ("AskedBy", "Erika Muster"));
        var page = visitor.Path;

        await visitor.UploadAsync("Document", "a.pdf", new byte[UploadedDocument.MaxBytes + 1]);
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        visitor.ErrorsInSummary.ShouldHaveSingleItem().ShouldContain("5 MB");
        visitor.Words.ShouldContain("Muster Gastro AG", Case.Insensitive, "nothing typed is lost");
        await visitor.UploadAsync("Document", "a.pdf", new byte[UploadedDocument.MaxBytes + 2_000_000]);
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        visitor.ErrorsInSummary.ShouldHaveSingleItem().ShouldContain("5 MB");

        // Close to the limit it is taken, although other pages take a megabyte.
        await visitor.GetAsync(page);
        await visitor.UploadAsync("Document", "a.pdf", [.. "%PDF-1.7\n"u8, .. new byte[UploadedDocument.MaxBytes - 100], .. "\n%%EOF\n"u8]);
        visitor.Outcome.ShouldBe("sent");
        await using var db = portal.Portal.Open();
        var change = await FindAsync(held.License.Id);
        (await db.Set<OwnerDocument>().Where(d => d.ChangeId == change.Id).Select(d => d.Content.Length).SingleAsync())
            .ShouldBeGreaterThan(5_000_000);
    }

    private async Task<OwnerChange> FindAsync(Guid license)
    {
        await using var db = portal.Portal.Open();
        return await db.OwnerChanges.AsNoTracking().SingleAsync(c => c.LicenseId == license);
    }
}

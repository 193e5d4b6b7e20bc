using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Customer.ChangeOwner;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Uploads;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A license whose licensee, or its data, somebody wants changed.</summary>
/// <param name="Token">Of the page of whoever asks.</param>
internal sealed record SampleOwnerChange(SampleRenewal Held, Guid Id, string Token)
{
    private PortalFactory Portal => Held.License.Portal;

    private AgreeToOwnerChange Agreement => Portal.Services.GetRequiredService<AgreeToOwnerChange>();

    public async Task<OwnerChange> ReadAsync()
    {
        await using var db = Portal.Open();
        return await db.OwnerChanges.AsNoTracking().SingleAsync(c => c.Id == Id);
    }

    /// <summary>A link as the mail carries it.</summary>
    public async Task<string> LinkAsync(LinkPurpose purpose)
    {
        await using var db = Portal.Open();
        var token = SecretLinks.Issue(db, purpose, Id, Portal.Clock.Now, OwnerChange.Lifetime);
        await db.SaveChangesAsync();
        return token;
    }

    public async Task<AgreeOutcome> AgreeAsync(LinkPurpose purpose)
    {
        var token = await LinkAsync(purpose);
        var shown = (await Agreement.ShowAsync(token, Portal.Clock.Now, default))?.Quote?.Shown;
        return await Agreement.ExecuteAsync(token, shown, false, SampleAppointments.Somebody(), Portal.Clock.Now, default);
    }

    /// <summary>Both agree, or the one where the licensee stays.</summary>
    public async Task<SampleOwnerChange> AgreedAsync()
    {
        (await AgreeAsync(LinkPurpose.OwnerConfirm)).ShouldBe(AgreeOutcome.Done);
        if ((await ReadAsync()).Kind == OwnerChangeKind.Takeover)
        {
            (await AgreeAsync(LinkPurpose.TakerConfirm)).ShouldBe(AgreeOutcome.Done);
        }

        (await ReadAsync()).State.ShouldBe(OwnerChangeState.InReview);
        return this;
    }
}

/// <content>In the database of a portal.</content>
internal static partial class SampleOwnerChanges
{
    public static UploadedDocument Pdf => new(DocumentFormat.Pdf, "%PDF-1.4\nMuster\n%%EOF\n"u8.ToArray());

    /// <summary>A license of a product that offers the change, with an owner and two computers.</summary>
    /// <param name="cents">Of both articles; null: free of charge.</param>
    public static async Task<SampleRenewal> AddHeldAsync(
        this PortalFactory portal, long? cents = null, bool needsDocument = false, params string[] computers)
    {
        var held = await portal.AddRenewalAsync(computers: computers);
        var license = await held.License.ReadAsync();
        await using var db = portal.Open();
        var product = await db.Products.SingleAsync(p => p.Id == license.ProductId);
        product.ChangePolicies(product.Policies with
        {
            Ownership = new OwnershipPolicy
            {
                IsOffered = true,
                DataChangeSku = cents is null ? null : "DATA",
                TransferSku = cents is null ? null : "OWNER",
                TransferNeedsDocument = needsDocument,
            },
        });
        if (cents is { } net)
        {
            db.AddRange(Entry("DATA"), Entry("OWNER"));

            PriceListEntry Entry(string sku) => new()
            {
                ProductId = product.Id,
                Sku = sku,
                NetCents = net,
                ValidFrom = DateOnly.FromDateTime(portal.Clock.Now.UtcDateTime).AddDays(-10),
                NameDe = $"Artikel {sku}",
                NameEn = $"Article {sku}",
            };
        }

        await db.SaveChangesAsync();
        portal.Services.GetRequiredService<ProductCatalog>().Forget();
        return held;
    }

    /// <summary>Sent, and waiting for the licensee.</summary>
    /// <param name="stated">What is typed as the license; null: its number.</param>
    public static async Task<SampleOwnerChange> AddOwnerChangeAsync(
        this PortalFactory portal, OwnerChangeKind kind, SampleRenewal? held = null, string? stated = null, bool withDocument = false,
        Func<OwnerWish, OwnerWish>? change = null)
    {
        held ??= await portal.AddHeldAsync(computers: "KASSE-1");
        var (caller, now) = (SampleAppointments.Somebody(), portal.Clock.Now);
        var wish = Wish(kind, (await held.License.ReadAsync()).ProductId);
        var begun = await portal.Services.GetRequiredService<BeginOwnerChange>().ExecuteAsync(
            change?.Invoke(wish) ?? wish, stated ?? held.License.Number, caller, person: null, now, default);
        var (send, token) = (portal.Services.GetRequiredService<SendOwnerChange>(), begun.Token.ShouldNotBeNull());
        if (withDocument)
        {
            (await send.AttachAsync(token, Pdf, caller, person: null, now, default)).Outcome.ShouldBe(OwnerSendOutcome.Sent);
        }

        (await send.ExecuteAsync(token, caller, person: null, now, default)).Outcome.ShouldBe(OwnerSendOutcome.Sent);
        await using var db = portal.Open();
        return new SampleOwnerChange(held, (await ShowOwnerChange.IdOfAsync(db, token, now, default)).ShouldNotBeNull(), token);
    }
}

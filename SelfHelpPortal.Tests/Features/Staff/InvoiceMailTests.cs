using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>
/// Stored documents on their way through a real SMTP conversation, and into a pickup folder: what arrives is what was stored.
/// </summary>
public sealed class InvoiceMailTests
{
    [Fact]
    public async Task Documents_and_license_file_arrive_by_smtp_byte_for_byte()
    {
        await using var server = new ScriptedSmtpServer();
        await using var portal = new PortalFactory();
        portal.Configuration["Mail:Transport"] = "Smtp";
        portal.Configuration["Mail:Smtp:Host"] = "localhost";
        portal.Configuration["Mail:Smtp:Port"] = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        portal.Configuration["Mail:Smtp:Security"] = "None";
        await portal.InitializeAsync();

        var sent = await SendAsync(portal);

        await Eventually.BecomesTrueAsync(() => server.Deliveries.Count == 1);
        ShouldCarry(server.Deliveries.Single().Content, sent);
    }

    [Fact]
    public async Task And_the_same_into_the_pickup_folder()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();

        var sent = await SendAsync(portal);

        await Eventually.BecomesTrueAsync(
            () => Directory.Exists(portal.MailFolder) && Directory.EnumerateFiles(portal.MailFolder, "*.eml").Any());
        ShouldCarry(await File.ReadAllTextAsync(Directory.EnumerateFiles(portal.MailFolder, "*.eml").Single()), sent);
    }

    [Fact]
    public async Task A_document_that_is_not_what_was_enqueued_is_not_sent()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();

        await SendAsync(portal, attachment => attachment with { Sha256 = new string('0', 64) });

        await Eventually.BecomesTrueAsync(() =>
        {
            using var db = portal.Open();
            return db.Set<OutboxMessage>().Any(m => m.State == OutboxState.Failed && m.LastResult == AttemptResult.MessageRefused);
        });
        Directory.Exists(portal.MailFolder).ShouldBeTrue();
        Directory.EnumerateFiles(portal.MailFolder, "*.eml").ShouldBeEmpty();
    }

    /// <returns>The files by name, as they are stored.</returns>
    private static async Task<Dictionary<string, byte[]>> SendAsync(
        PortalFactory portal, Func<MailAttachment, MailAttachment>? change = null)
    {
        var invoice = await portal.StoreAsync(InvoiceFormat.XRechnung);
        var license = await portal.AddLicenseAsync(computers: ["KASSE-NEU"]);
        var text = "-----BEGIN LICENSE FILE-----\n" + Convert.ToBase64String(Guid.NewGuid().ToByteArray())
            + "\n-----END LICENSE FILE-----\n";
        await using var db = portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var loaded = (await db.LockLicenseAsync(license.Id, default))!;
        var file = portal.Services.GetRequiredService<LicenseFiles>().Keep(db, loaded, loaded.Activations.Single(), text, portal.Clock.Now);
        IReadOnlyList<MailAttachment> files = [.. await InvoiceMails.AttachmentsAsync(db, invoice, default), file];
        await portal.Services.GetRequiredService<Outbox>().EnqueueAsync(
            db,
            new InvoiceCopyMail(invoice.Content.AsRecipient())
            {
                CopyId = Guid.NewGuid(),
                Document = invoice.Kind,
                Invoice = InvoiceFacts.From(invoice),
                SentAt = portal.Clock.Now,
                Files = [.. files.Select(f => change?.Invoke(f) ?? f)],
            },
            portal.Clock.Now);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        var stored = await db.InvoiceDocuments.Where(d => d.InvoiceId == invoice.Id && d.Kind != InvoiceDocumentKind.Check)
            .ToDictionaryAsync(d => d.FileName, d => d.Bytes);
        stored[LicenseFiles.NameOf(license.Number)] = Encoding.UTF8.GetBytes(text);
        return stored;
    }

    private static void ShouldCarry(string mail, Dictionary<string, byte[]> files)
    {
        using var message = MimeMessage.Load(new MemoryStream(Encoding.Latin1.GetBytes(mail)));
        message.Body!.ContentType.MimeType.ShouldBe("multipart/mixed");
        var found = message.Attachments.Cast<MimePart>().ToDictionary(a => a.FileName!, Content);
        found.Keys.Order(StringComparer.Ordinal).ShouldBe(files.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, bytes) in files)
        {
            found[name].SequenceEqual(bytes).ShouldBeTrue(name);
        }
    }

    private static byte[] Content(MimePart file)
    {
        using var content = new MemoryStream();
        file.Content!.DecodeTo(content);
        return content.ToArray();
    }
}

using System.Net.Security;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Mail.Sending;

namespace SelfHelpPortal.Platform.Mail.Bounces;

/// <summary>
/// The mailbox that reports go to, by IMAP. Only reports are opened; what people write there is left alone, also unread. A report about
/// one of our mails is deleted or marked as read, another one is marked as read.
/// </summary>
internal sealed class BounceMailbox(IOptions<MailOptions> options, TakeBounce take, TimeProvider time)
{
    private const int MostAtOnce = 2000;
    private const uint LargestReport = 1_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly BounceOptions _options = options.Value.Bounces;

    /// <returns>How many reports about our mails there were.</returns>
    public async Task<int> ReadAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        using var client = await ConnectAsync(limit.Token);
        var folder = await client.GetFolderAsync(_options.Folder, limit.Token);
        await folder.OpenAsync(FolderAccess.ReadWrite, limit.Token);
        var unread = await folder.SearchAsync(SearchQuery.NotSeen.And(SearchQuery.NotDeleted), limit.Token);
        var newest = unread.OrderByDescending(u => u.Id).Take(MostAtOnce).ToList();
        var found = newest.Count == 0 ? [] : await folder.FetchAsync(
            newest, new FetchRequest(MessageSummaryItems.UniqueId | MessageSummaryItems.Size | MessageSummaryItems.BodyStructure),
            limit.Token);
        var ours = new List<UniqueId>();
        foreach (var summary in found)
        {
            if (summary.Body is not BodyPartMultipart { ContentType: { } type } || !BounceReport.IsReport(type))
            {
                continue;
            }

            var isOurs = summary.Size <= LargestReport && await TakeAsync(folder, summary.UniqueId, limit.Token);
            var flag = isOurs && _options.Delete ? MessageFlags.Deleted : MessageFlags.Seen;
            await folder.StoreAsync(
                [summary.UniqueId], new StoreFlagsRequest(StoreAction.Add, flag) { Silent = true }, limit.Token);
            if (isOurs)
            {
                ours.Add(summary.UniqueId);
            }
        }

        if (_options.Delete && ours.Count > 0)
        {
            await folder.ExpungeAsync(ours, limit.Token);
        }

        await client.DisconnectAsync(quit: true, limit.Token);
        return ours.Count;
    }

    /// <summary>Signs in and looks into the folder. Null when that went well, otherwise what stands against it.</summary>
    public async Task<string?> TryAsync(CancellationToken cancel)
    {
        try
        {
            using var client = await ConnectAsync(cancel);
            var folder = await client.GetFolderAsync(_options.Folder, cancel);
            await folder.OpenAsync(FolderAccess.ReadWrite, cancel);
            await client.DisconnectAsync(quit: true, cancel);
            return null;
        }
        catch (FolderNotFoundException)
        {
            return $"there is no folder '{_options.Folder}'.";
        }
        catch (OperationCanceledException)
        {
            return "it does not answer in time.";
        }
#pragma warning disable CA1031 // Whatever it is, it stands against it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return SendResults.Reply(e.Message);
        }
    }

    private async Task<bool> TakeAsync(IMailFolder folder, UniqueId id, CancellationToken cancel)
    {
        using var message = await folder.GetMessageAsync(id, cancel);
        return BounceReport.Read(message) is { } report && await take.ExecuteAsync(report, time.GetUtcNow(), cancel);
    }

    private async Task<ImapClient> ConnectAsync(CancellationToken cancel)
    {
        var client = new ImapClient
        {
            CheckCertificateRevocation = false,

            // By itself the library also trusts some certificates of large providers that it knows by heart.
            ServerCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None,
        };
        try
        {
            await client.ConnectAsync(_options.Host, _options.Port, SmtpTransport.SocketOptionsOf(_options.Security), cancel);
            await client.AuthenticateAsync(_options.User, _options.Password, cancel);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}

using System.Globalization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>
/// Writes mails into a directory instead of sending them. A file appears there complete or not at all: it is written in <c>tmp</c>
/// beside it and then renamed.
/// </summary>
internal sealed class PickupTransport(IOptions<MailOptions> options, MailComposer composer, TimeProvider time) : IMailTransport
{
    /// <summary>
    /// The program that sends the mails may run under an account of its own, in the group of a folder that the operator made for both.
    /// </summary>
    private const UnixFileMode FileMode = PrivateFile.Mode | UnixFileMode.GroupRead;

    private readonly string _directory = Path.GetFullPath(options.Value.PickupDirectory);

    public async Task<SendOutcome> SendAsync(MailEnvelope mail, CancellationToken cancel)
    {
        var half = Path.Combine(_directory, "tmp", Guid.NewGuid().ToString("N"));
        try
        {
            PrivateFile.Folder(_directory);
            PrivateFile.Folder(Path.Combine(_directory, "tmp"));
            using (var message = composer.Compose(mail))
            await using (var file = PrivateFile.Create(half, FileMode))
            {
                await message.WriteToAsync(MailComposer.Format, file, cancel);
            }

            var stamp = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            File.Move(half, Path.Combine(_directory, $"{stamp}-{mail.Kind}-{mail.Id}.eml"), overwrite: true);
            return new SendOutcome(SendResult.Sent, null, "");
        }
        catch (OperationCanceledException)
        {
            return new SendOutcome(SendResult.Transient, null, "The portal was stopped.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new SendOutcome(SendResult.Configuration, null, SendResults.Reply(e.Message));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return new SendOutcome(SendResult.MessageRefused, null, SendResults.Reply(e.Message));
        }
        finally
        {
            if (File.Exists(half))
            {
                File.Delete(half);
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

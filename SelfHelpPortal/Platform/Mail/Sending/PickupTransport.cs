using System.Globalization;
using System.Net.Mail;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>
/// Writes mails into a directory instead of sending them. A file appears there complete or not at all: it is written in <c>tmp</c>
/// beside it and then renamed.
/// </summary>
internal sealed partial class PickupTransport(IOptions<MailOptions> options, IOptions<VendorOptions> vendor, TimeProvider time) : IMailTransport
{
    /// <summary>The program that sends the mails may run under an account of its own, in the group of a folder that the operator made for both.</summary>
    private const UnixFileMode FileMode = PrivateFile.Mode | UnixFileMode.GroupRead;

    private readonly string _directory = Path.GetFullPath(options.Value.PickupDirectory);

    public async Task<SendOutcome> SendAsync(MailEnvelope mail)
    {
        var folder = new DirectoryInfo(Path.Combine(_directory, "tmp", Guid.NewGuid().ToString("N")));
        try
        {
            PrivateFile.Folder(_directory);
            PrivateFile.Folder(folder.FullName);
            using (var message = MimeMessage.Of(mail, options.Value, vendor.Value.Name, out _))
            using (var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder.FullName })
            {
                await client.SendMailAsync(message);
            }

            var text = Envelope().Replace(await File.ReadAllTextAsync(folder.GetFiles().Single().FullName, Encoding.Latin1), "");
            var finished = Path.Combine(folder.FullName, "mail");
            await using (var writer = new StreamWriter(PrivateFile.Create(finished, FileMode), Encoding.Latin1))
            {
                await writer.WriteAsync(text);
            }

            var stamp = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            File.Move(finished, Path.Combine(_directory, $"{stamp}-{mail.Kind}-{mail.Id}.eml"), overwrite: true);
            return new SendOutcome(SendResult.Sent, null, "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SmtpException)
        {
            return new SendOutcome(SendResult.Configuration, null, ForeignText.Shorten(ForeignText.OneLine(e.Message), 500));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return new SendOutcome(SendResult.MessageRefused, null, ForeignText.Shorten(ForeignText.OneLine(e.Message), 500));
        }
        finally
        {
            if (Directory.Exists(folder.FullName))
            {
                folder.Delete(recursive: true);
            }
        }
    }

    /// <summary>The library writes the envelope as X-Sender and X-Receiver headers above the others, folded if long; a mail has none.</summary>
    [GeneratedRegex(@"\A(?:X-(?:Sender|Receiver):[^\n]*\n(?:[ \t][^\n]*\n)*)+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Envelope();

    public void Dispose()
    {
    }
}

using System.Globalization;
using System.Net.Mail;
using System.Text;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Platform.Mail;

/// <summary>
/// Writes mails into a directory instead of sending them. A file appears there complete or not at all: it is written in <c>tmp</c>
/// beside it and then renamed.
/// </summary>
internal sealed class PickupTransport(IOptions<MailOptions> options, IOptions<VendorOptions> vendor, TimeProvider time) : IMailTransport
{
    private readonly string _directory = Path.GetFullPath(options.Value.PickupDirectory);

    public async Task<SendOutcome> SendAsync(MailEnvelope mail)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_directory, "tmp", Guid.NewGuid().ToString("N")));
        try
        {
            using (var message = MimeMessage.Of(mail, options.Value, vendor.Value.Name, out _))
            using (var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder.FullName })
            {
                await client.SendMailAsync(message);
            }

            var written = folder.GetFiles().Single();
            await File.WriteAllTextAsync(written.FullName, WithoutEnvelope(await File.ReadAllTextAsync(written.FullName, Encoding.Latin1)), Encoding.Latin1);
            var stamp = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            File.Move(written.FullName, Path.Combine(_directory, $"{stamp}-{mail.Kind}-{mail.Id}.eml"), overwrite: true);
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
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The library writes the envelope as X-Sender and X-Receiver lines above the headers; a mail has none.</summary>
    private static string WithoutEnvelope(string file)
    {
        var start = 0;
        while (file.AsSpan(start).StartsWith("X-Sender:", StringComparison.OrdinalIgnoreCase)
            || file.AsSpan(start).StartsWith("X-Receiver:", StringComparison.OrdinalIgnoreCase))
        {
            start = file.IndexOf('\n', start) + 1;
        }

        return file[start..];
    }

    public void Dispose()
    {
    }
}

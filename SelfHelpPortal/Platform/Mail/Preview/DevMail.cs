using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Platform.Mail.Preview;

/// <summary>Names the resources of the preview.</summary>
public sealed class DevMail;

/// <summary>One line of the list; <paramref name="Name"/> is the file's.</summary>
public sealed record DevMailLine(string Name, string Date, string To, string Subject);

/// <summary>One mail as it is shown.</summary>
public sealed record DevMailContent(
    string Name, string Subject, string Text, IReadOnlyList<string> Attachments, IReadOnlyList<KeyValuePair<string, string>> Headers);

internal static class DevMailPages
{
    private const string Root = StaffArea.DevMailRoot;
    private const int Shown = 200;

    /// <summary>In Development: the mails of the pickup directory, newest first, at <c>/dev/mail</c>. Elsewhere: nothing.</summary>
    public static void MapDevMail(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            return;
        }

        var pages = app.MapGroup(Root).ExcludeFromDescription();
        pages.MapGet("", IResult (IOptions<MailOptions> options) =>
            new RazorComponentResult(typeof(DevMailList), new { Mails = List(options.Value.PickupDirectory) }));
        pages.MapGet("/{name}", async Task<IResult> (string name, IOptions<MailOptions> options) =>
            await ReadAsync(options.Value.PickupDirectory, name) is { } mail
                ? new RazorComponentResult(
                    typeof(DevMailPage),
                    new { Mail = new DevMailContent(name, mail.Header("Subject"), mail.Text, mail.Attachments, mail.Headers) })
                : TypedResults.NotFound());
        pages.MapGet("/{name}/html", async Task<IResult> (string name, IOptions<MailOptions> options) =>
            await ReadAsync(options.Value.PickupDirectory, name) is { } mail
                ? TypedResults.Content(mail.Html, "text/html; charset=utf-8")
                : TypedResults.NotFound());
    }

    private static List<DevMailLine> List(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        return [.. new DirectoryInfo(directory).EnumerateFiles("*.eml").OrderByDescending(f => f.Name, StringComparer.Ordinal).Take(Shown)
            .Select(f =>
        {
            var mail = EmlFile.Parse(File.ReadAllText(f.FullName));
            return new DevMailLine(f.Name, mail.Header("Date"), mail.Header("To"), mail.Header("Subject"));
        })];
    }

    private static async Task<EmlFile?> ReadAsync(string directory, string name)
    {
        // A plain file name of ours and nothing else.
        var path = Path.Combine(directory, Path.GetFileName(name));
        return name.EndsWith(".eml", StringComparison.Ordinal) && Path.GetFileName(name) == name && File.Exists(path)
            ? EmlFile.Parse(await File.ReadAllTextAsync(path))
            : null;
    }
}

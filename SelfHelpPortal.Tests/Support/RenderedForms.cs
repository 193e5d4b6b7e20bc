using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Customer.ReleaseLicense;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Shared.Transfers;
using SelfHelpPortal.Tests.House;

namespace SelfHelpPortal.Tests.Support;

/// <param name="Type">As the markup says it; <c>textarea</c> and <c>select</c> for those.</param>
internal sealed record FormField(string Name, string Type, string Value)
{
    public bool IsText => Type is "text" or "email" or "tel" or "search" or "url" or "password" or "textarea" or "number" or "date";
}

/// <summary>A form as a page has drawn it.</summary>
/// <param name="Name">Where it goes, its handler and its fields: equal for the same form on another page.</param>
internal sealed record RenderedForm(string Name, string Action, bool HasParts, IReadOnlyList<FormField> Fields)
{
    public static IReadOnlyList<RenderedForm> FindAll(IHtmlDocument page, string path) =>
        [.. page.QuerySelectorAll<IHtmlFormElement>("form[method=post]").Select(form => From(form, path))];

    private static RenderedForm From(IHtmlFormElement form, string path)
    {
        var fields = form.QuerySelectorAll("input[name], textarea[name], select[name], button[name]").Select(element => new FormField(
            element.GetAttribute("name")!,
            element.LocalName == "input" ? element.GetAttribute("type") ?? "text" : element.LocalName == "button" ? "submit"
            : element.LocalName,
            element switch
            {
                IHtmlTextAreaElement area => area.Value,
                IHtmlSelectElement select => select.Value ?? "",
                _ => element.GetAttribute("value") ?? "",
            })).ToList();
        var action = form.GetAttribute("action") is { Length: > 0 } to ? to : path;
        var handler = fields.Find(field => field.Name == "_handler")?.Value;
        return new(
            $"{Template(action)} {handler} [{string.Join(' ', fields.Where(f => f.Type != "hidden").Select(f => f.Name).Distinct())}]",
            action,
            form.GetAttribute("enctype") == "multipart/form-data",
            fields);
    }

    /// <summary>Without what is different for each subject.</summary>
    private static string Template(string action) =>
        string.Join('/', action.Split('?')[0].Split('/').Select(word => word.Length > 14 || word.Any(char.IsAsciiDigit) ? "*" : word));
}

/// <summary>A form and who sees it where.</summary>
internal sealed record FormTarget(Person Person, string Page, string Name);

/// <summary>
/// All forms of the portal, found by walking its pages and one prepared link of each kind; a new page is walked because the matrix has its
/// line.
/// </summary>
internal sealed class RenderedForms(MatrixPortal prepared)
{
    /// <summary>They take the browser out of its sign-in, which the rest still needs.</summary>
    private static readonly string[] Ends = ["/account/sign-out"];

    private readonly HtmlParser _parser = new();

    public async Task<IReadOnlyList<FormTarget>> FindAsync()
    {
        var found = new Dictionary<string, FormTarget>();
        string[] paths = [.. Paths(), .. await LinksAsync()];
        foreach (var person in (Person[])[Person.Anonymous, Person.Owner, Person.Member, Person.Administrator])
        {
            foreach (var path in paths)
            {
                foreach (var form in await OpenAsync(person, path))
                {
                    if (!Array.Exists(Ends, form.Action.StartsWith))
                    {
                        found.TryAdd(form.Name, new FormTarget(person, path, form.Name));
                    }
                }
            }
        }

        return [.. found.Values];
    }

    /// <summary>The form as the page shows it now; null when the page shows it no longer.</summary>
    public async Task<RenderedForm?> OpenAsync(FormTarget target) =>
        (await OpenAsync(target.Person, target.Page)).FirstOrDefault(form => form.Name == target.Name);

    public async Task<IReadOnlyList<RenderedForm>> OpenAsync(Person person, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await prepared.BrowserOf(person).SendAsync(request);
        return answer.Content.Headers.ContentType?.MediaType == "text/html"
            ? RenderedForm.FindAll(_parser.ParseDocument(await answer.Content.ReadAsStringAsync()), path)
            : [];
    }

    /// <summary>Every page that the matrix names.</summary>
    public IEnumerable<string> Paths() =>
        AuthorizationMatrix.Endpoints.Select(line => line.Split(" | ")).Where(columns => !columns[0].Contains(' '))
            .Select(columns => prepared.Address(columns[1]));

    /// <summary>One link of each kind, each able to act, and a draft of a transfer at each of its steps.</summary>
    private async Task<IReadOnlyList<string>> LinksAsync()
    {
        var portal = prepared.Portal;
        var qr = await portal.AddLicenseAsync(computers: "KASSE-ALT");
        var key = await portal.AddLicenseAsync(computers: "KASSE-ALT");
        var released = await portal.AddLicenseAsync(computers: "KASSE-ALT");
        var objection = await released.ReleaseAsync("KASSE-ALT");
        var mailed = await portal.AddLicenseAsync(new ReleasePolicy { DeadPc = DeadPcRule.ConfirmByMail }, computers: "KASSE-ALT");
        var now = portal.Clock.Now;
        var release = new ReleaseRequest { LicenseId = mailed.Id, CreatedAt = now };
        release.Mailed((await mailed.ReadAsync()).Activations.Single().Id, now);
        var opening =
            new Registration { Id = Guid.NewGuid(), Email = "neu@muster-gastro.example", CreatedAt = now, ExpiresAt = now.AddDays(1) };
        await using (var db = portal.Open())
        {
            db.AddRange(release, opening);
            await db.SaveChangesAsync();
        }

        var waiting = await portal.AddTransferAsync();
        var drafts = portal.Services.GetRequiredService<TransferDrafts>();
        var product = (await waiting.ReadAsync()).ProductId;
        var draft = await drafts.BeginAsync(
            new TransferDraft
            {
                ProductId = product,
                Remedy = TransferRemedy.Fee,
                Items = [new DraftItem(A.Hardware("KASSE-NEU").ToString(), null)],
                HardwareRead = true,
                LicenseAsked = true,
                Contact = new DraftContact
                {
                    Company = "Muster Gastro GmbH",
                    Name = "Kasse",
                    Email = SampleTransfer.Orderer,
                    Street = "Musterstraße 2",
                    PostalCode = "12345",
                    City = "Musterstadt",
                    Country = "DE",
                    Language = "de",
                },
            },
            AttemptSubjects.DraftFor(LinkPurpose.TransferDraft, mailed.Id),
            now,
            default);
        using var browser = new Browser(portal);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", key.Key));
        string[] steps = ["product", "remedy", "hardware", "read", "license", "till", "tills", "contact", "check"];
        return
        [
            browser.Path,
            "/D/" + await qr.QrTokenAsync("KASSE-ALT"),
            "/license/" + await key.LinkAsync(LinkPurpose.LicenseInformation, key.Id),
            "/release/confirm/" + await mailed.LinkAsync(LinkPurpose.ReleaseConfirm, release.Id),
            "/object/" + await released.LinkAsync(LinkPurpose.Objection, objection.Id),
            "/account/confirm/" + await key.LinkAsync(LinkPurpose.Registration, opening.Id),
            .. steps.Select(step => string.Create(CultureInfo.InvariantCulture, $"/transfer/{draft.Page}/{step}")),
        ];
    }
}

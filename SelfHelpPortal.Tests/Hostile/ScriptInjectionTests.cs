using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Xml.Linq;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Tests.House;
using SelfHelpPortal.Tests.Http;
using SelfHelpPortal.Tests.Platform.Mail;
using SelfHelpPortal.Tests.Platform.Pdf;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Hostile;

/// <summary>
/// T17: 200 payloads (vectors/xss.txt) through every text field, into page, mail, PDF, XML and CSV. None becomes an element, an attribute
/// or an address. Each run sends a part of the payloads to each form, another one each time; with <c>SELFHELP_LONG=1</c> all of them.
/// </summary>
[Collection(nameof(HostileInput))]
public class ScriptInjectionTests(MatrixPortal prepared)
{
    private const string Mark = "xss4711";
    private const int Part = 3;

    private static readonly string[] Addresses =
        ["href", "src", "action", "formaction", "xlink:href", "srcset", "data", "poster", "background", "ping", "cite", "codebase",
            "dynsrc", "lowsrc", "srcdoc", "content"];
    private static readonly HtmlParser Parser = new();

    /// <summary>One a line, with \n, \t, \\ and \uXXXX for what would not fit into a line.</summary>
    public static IReadOnlyList<string> Payloads { get; } =
        [.. File.ReadAllLines(Repository.At("SelfHelpPortal.Tests", "vectors", "xss.txt"))
            .Select(line => System.Text.RegularExpressions.Regex.Replace(line, @"\\(n|t|\\|u[0-9a-f]{4})", m =>
            m.Groups[1].Value switch { "n" => "\n", "t" => "\t", "\\" => "\\",
                var code => ((char)Convert.ToInt32(code[1..], 16)).ToString() }))];

    [Fact]
    public async Task No_payload_comes_alive_on_a_page()
    {
        Payloads.Count.ShouldBeGreaterThanOrEqualTo(200);
        var random = new Seeded();
        var forms = new RenderedForms(prepared);
        var targets = await forms.FindAsync();
        var faults = new List<string>();
        var echoed = 0;
        foreach (var target in targets)
        {
            var first = Effort.IsLong ? 0 : random.Below(Payloads.Count);
            for (var i = 0; i < (Effort.IsLong ? Payloads.Count : Part); i++)
            {
                if (await forms.OpenAsync(target) is not { } form || !form.Fields.Any(f => f.IsText))
                {
                    break;
                }

                var place = first + i;
                var number = 0;
                var fields =
                    form.Fields.Select(f => KeyValuePair.Create(f.Name, f.IsText && f.Type != "password"
                        ? Payloads[(place + (37 * number++)) % Payloads.Count]
                        : f.Value)).ToList();
                using var request = new HttpRequestMessage(HttpMethod.Post, form.Action) { Content = new FormUrlEncodedContent(fields) };
                request.Headers.Add("X-Forwarded-For", new System.Net.IPAddress(random.Bytes(4)).ToString());
                using var answer = await prepared.BrowserOf(target.Person).SendAsync(request);
                var html = await answer.Content.ReadAsStringAsync();
                echoed += html.Contains(Mark, StringComparison.Ordinal) ? 1 : 0;
                faults.AddRange(Alive(html)
                    .Select(fault => $"{target.Name}, payload {place % Payloads.Count}, seed {random.Seed}: {fault}"));
            }
        }

        // What was stored is shown on other pages, and to other people.
        foreach (var person in (Person[])[Person.Owner, Person.Administrator])
        {
            foreach (var path in forms.Paths().Distinct())
            {
                using var request = new HttpRequestMessage(HttpMethod.Get,
                    path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "q=" + Uri.EscapeDataString(random.Of(Payloads)));
                using var answer = await prepared.BrowserOf(person).SendAsync(request);
                if (answer.Content.Headers.ContentType?.MediaType == "text/html")
                {
                    faults.AddRange(Alive(await answer.Content.ReadAsStringAsync())
                        .Select(fault => $"{path} as {person}, seed {random.Seed}: {fault}"));
                }
            }
        }

        faults.ShouldBeEmpty();
        echoed.ShouldBeGreaterThan(15, "the pages show again what was typed");
    }

    [Fact]
    public async Task No_payload_comes_alive_in_a_mail()
    {
        var renderer = MailParts.Renderer();
        var faults = new List<string>();
        var shown = 0;
        var next = 0;
        foreach (var example in MailExamples.All("de").Concat(MailExamples.All("en")))
        {
            for (var round = 0; round < (Effort.IsLong ? 40 : 4); round++)
            {
                var mail = await renderer.RenderAsync(Poisoned(example, () => Payloads[next++ % Payloads.Count]));
                shown += mail.Html.Contains(Mark, StringComparison.Ordinal) ? 1 : 0;
                faults.AddRange(Alive(mail.Html).Select(fault => $"{example.Kind}: {fault}"));
                mail.Subject.ShouldNotContain('\n');
            }
        }

        faults.ShouldBeEmpty();
        shown.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void No_payload_comes_alive_in_an_invoice()
    {
        var shown = 0;
        foreach (var payload in Payloads.Chunk(2).Select(two => string.Join(' ', two).Replace('\n', ' ').Replace('\t', ' '))
            .Select(text => text.Length > 180 ? text[..180] : text))
        {
            var invoice = InvoiceExamples.German
                with
            { Buyer = InvoiceExamples.German.Buyer with { Company = payload, Street = payload, City = payload } };
            string pdf;
            byte[] xml;
            try
            {
                xml = CiiWriter.Write(invoice);
                pdf = Encoding.Latin1.GetString(InvoiceExamples.Renderer.Render(invoice, xml));
            }
            catch (InvoiceTextException)
            {
                // The font does not have one of the characters; the invoice is refused in a sentence.
                continue;
            }

            XDocument.Parse(Encoding.UTF8.GetString(xml).TrimStart('\uFEFF')).Descendants()
                .Where(e => e.Name.LocalName.Contains(Mark, StringComparison.Ordinal) || e.Name.LocalName is "script" or "img")
                .ShouldBeEmpty();
            foreach (var name in (string[])["/JavaScript", "/JS", "/URI", "/OpenAction", "/AA", "/Launch", "/SubmitForm", "/RichMedia"])
            {
                System.Text.RegularExpressions.Regex.IsMatch(pdf, name + @"\b").ShouldBeFalse(name);
            }

            shown++;
        }

        shown.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task No_payload_is_a_formula_in_a_spreadsheet()
    {
        await using (var db = prepared.Portal.Open())
        {
            (await db.Invoices.AnyAsync()).ShouldBeTrue();
        }

        foreach (var payload in (string[])["=1+1", "+1+cmd", "-2+cmd", "@SUM(1)", "\t=1", "\r=1", "＝1", "=1;=2", "\"=1", "x\r\n=1"])
        {
            var cells = Cells(Csv.Line(payload, "plain"));
            cells.Count.ShouldBe(2, payload);
            cells[1].ShouldBe("plain");
            "=+-@\t\r＝＋－＠".Contains(cells[0][0], StringComparison.Ordinal).ShouldBeFalse(payload);
        }

        Csv.Line("-83.30", "83.30").ShouldBe("-83.30;83.30\r\n", "amounts stay amounts");
        using var zip = new MemoryStream();
        await prepared.Portal.Services.GetRequiredService<ExportInvoices>()
            .WriteAsync(new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31), zip, CultureInfo.InvariantCulture, default);
        await using var archive = new ZipArchive(zip);
        archive.Entries.ShouldContain(entry => entry.Name == "booking.csv");
    }

    /// <summary>The control: each way of coming alive is seen.</summary>
    [Theory]
    [InlineData("<script>xss4711()</script>")]
    [InlineData("<p>x</p><script src=\"//evil.example/xss4711.js\"></script>")]
    [InlineData("<img src=x onerror=xss4711()>")]
    [InlineData("<a href=\"java\tscript:xss4711()\">x</a>")]
    [InlineData("<xss4711>x</xss4711>")]
    [InlineData("<p style=\"background:url(xss4711)\">x</p>")]
    [InlineData("<input value=\"\" autofocus onfocus=\"xss4711()\">")]
    [InlineData("<p xss4711>x</p>")]
    [InlineData("<a href=\"https://evil.example/?xss4711\">x</a>")]
    public void A_payload_that_lives_is_found(string html)
    {
        Alive(html).ShouldNotBeEmpty();
        Alive("<p>&lt;script&gt;xss4711()&lt;/script&gt;</p><input value=\"&lt;img onerror=xss4711()&gt;\">").ShouldBeEmpty();
    }

    private static IEnumerable<string> Alive(string html)
    {
        foreach (var element in Parser.ParseDocument(html).All)
        {
            if (element.LocalName.Contains(Mark, StringComparison.OrdinalIgnoreCase)
                || (element.LocalName is "script" or "style" && element.TextContent.Contains(Mark, StringComparison.OrdinalIgnoreCase)))
            {
                yield return element.OuterHtml;
            }

            foreach (var attribute in element.Attributes)
            {
                var value = string.Concat(attribute.Value.Where(c => c > ' '));
                if (attribute.Name.Contains(Mark, StringComparison.OrdinalIgnoreCase)
                    || attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
                    || (attribute.Name is "style" && value.Contains(Mark, StringComparison.OrdinalIgnoreCase))
                    || (Addresses.Contains(attribute.Name)
                        && (IsLive(value) || (value.Contains(Mark, StringComparison.OrdinalIgnoreCase) && !IsOwn(value)))))
                {
                    yield return element.OuterHtml;
                }
            }
        }
    }

    private static bool IsLive(string address) =>
        address.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase)
            || address.StartsWith("vbscript:", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("data:text", StringComparison.OrdinalIgnoreCase);

    /// <summary>An address of the portal that carries the payload in its path or query, escaped.</summary>
    private static bool IsOwn(string address) => address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal)
        && !address.StartsWith("/\\", StringComparison.Ordinal);

    /// <summary>
    /// The mail with every text in it replaced that somebody may have typed; addresses of the portal and of the recipient stay.
    /// </summary>
    private static MailModel Poisoned(MailModel mail, Func<string> payload)
    {
        var copy = (MailModel)mail.GetType().GetMethod("<Clone>$")!.Invoke(mail, null)!;
        foreach (var property in mail.GetType().GetProperties()
            .Where(p => p.PropertyType == typeof(string) && p.CanWrite && p.GetValue(mail) is string { Length: > 0 } text
            && !text.StartsWith("http", StringComparison.Ordinal) && !p.Name.EndsWith("Kind", StringComparison.Ordinal)))
        {
            property.SetValue(copy, payload());
        }

        return copy;
    }

    private static List<string> Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length - 2; i++)
        {
            switch (line[i])
            {
                case '"' when quoted && line[i + 1] == '"':
                    cell.Append('"');
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ';' when !quoted:
                    cells.Add(cell.ToString());
                    cell.Clear();
                    break;
                default:
                    cell.Append(line[i]);
                    break;
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}

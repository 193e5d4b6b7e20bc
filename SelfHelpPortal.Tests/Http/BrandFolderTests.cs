using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Images;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Tests.Platform.Pdf;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>One folder with fixed names is all of the vendor's look that is pictures.</summary>
public sealed class BrandFolderTests : IDisposable
{
    private const string Drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 60 20\"><path d=\"M0 0h60v20z\"/></svg>";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("brand-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Drawings_stand_on_pages_and_the_PNG_on_invoices_and_phones()
    {
        Save("logo.svg", Drawing);
        Save("logo-dark.svg", Drawing.Replace("h60", "h50", StringComparison.Ordinal));
        Save("icon.svg", Drawing.Replace("60 20", "20 20", StringComparison.Ordinal));
        Save("logo.png", Png.Logo(260, 100, color: 6));
        Save("icon.png", Png.Logo(64, 64, color: 3));
        Save("Readme.txt", "ours");
        await using var portal = await StartAsync();
        using var client = portal.CreateClient();

        var page = await PageAsync(client, "/imprint");
        var logo = page.QuerySelector(".brand img").ShouldNotBeNull();
        (logo.GetAttribute("width"), logo.GetAttribute("height")).ShouldBe(("96", "32"));
        var dark = page.QuerySelector(".brand source").ShouldNotBeNull().GetAttribute("srcset")!;
        var icon = page.QuerySelector("link[rel=icon]").ShouldNotBeNull();
        icon.GetAttribute("type").ShouldBe("image/svg+xml");
        foreach (var address in new[] { logo.GetAttribute("src")!, dark, icon.GetAttribute("href")! })
        {
            (await client.GetAsync(address)).ShouldSatisfyAllConditions(
                a => a.StatusCode.ShouldBe(HttpStatusCode.OK), a => a.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml"),
                a => a.Headers.CacheControl!.ToString().ShouldContain("immutable"),
                a => a.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]),
                a => a.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                    p => p.ShouldContain("default-src 'none'"), p => p.ShouldContain("sandbox"), p => p.ShouldNotContain("script-src")));
        }

        (await client.GetByteArrayAsync("/apple-touch-icon.png")).ShouldBe(Png.Logo(64, 64, color: 3));
        portal.Services.GetRequiredService<IOptions<VendorOptions>>().Value.Images.Logo.ShouldNotBeNull().Png.Width.ShouldBe(260);
        portal.Services.GetRequiredService<CurrentVendor>().InFile.ShouldBe(["logo", "icon"], ignoreOrder: true);
    }

    [Fact]
    public async Task Where_key_and_code_stand_is_shown_where_somebody_asks_in_both_languages()
    {
        foreach (var place in new[] { "key", "hardware" })
        {
            Save($"muster-pos-{place}.svg", Drawing);
            Save($"muster-pos-{place}.de.txt", $"\uFEFFDas Fenster mit {place}\n");
            Save($"muster-pos-{place}.en.txt", $"The window with {place}");
        }

        Save("gone-key.png", Png.Logo(20, 10));
        Save("gone-key.de.txt", "Etwas");
        Save("gone-key.en.txt", "Something");
        await using var portal = await StartAsync();
        await using (var db = portal.Open())
        {
            db.Add(Product.Create("muster-pos", "Muster-POS", new()));
            await db.SaveChangesAsync();
        }

        using var client = portal.CreateClient();

        var german = (await PageAsync(client, "/release?lang=de")).QuerySelectorAll("details .place-picture").ShouldHaveSingleItem();
        var picture = german.QuerySelector("img").ShouldNotBeNull();
        picture.GetAttribute("alt").ShouldBe("Das Fenster mit key");
        (picture.GetAttribute("width"), picture.GetAttribute("loading")).ShouldBe(("60", "lazy"));
        german.QuerySelector("figcaption")!.TextContent.ShouldBe("Muster-POS");
        (await client.GetAsync(picture.GetAttribute("src"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await PageAsync(client, "/activate?lang=en")).QuerySelectorAll("details img").Select(i => i.GetAttribute("alt"))
            .ShouldBe(["The window with hardware", "The window with key"]);
    }

    [Fact]
    public async Task Check_config_names_a_picture_of_a_product_that_there_is_not()
    {
        Save("gone-key.png", Png.Logo(20, 10));
        Save("gone-key.de.txt", "Etwas");
        Save("gone-key.en.txt", "Something");
        await using var portal = PortalFactory.InProduction();
        portal.Configuration["Brand:Folder"] = _folder.FullName;

        var (exit, output) = await portal.RunAsync("check", "config");

        exit.ShouldBe(ExitCode.Refused);
        output.ShouldContain("gone-key.png is of the product 'gone', which there is not");
    }

    public static TheoryData<string, string, string> Refused => new()
    {
        { "logo.svg", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><script/></svg>", "could run a script ('script')" },
        { "logo.svg", "\u0089PNG", "it is no SVG" },
        { "logo.svg", Drawing + new string(' ', PngFile.MaxBytes), "20 KB are possible" },
        { "logo.png", "<svg/>", "it is no PNG" },
        { "icon.svg", Drawing, "as wide as it is high" },
        { "logo-dark.svg", Drawing, "neither a logo.svg nor a logo.png" },
        { "logo.jpg", "x", "the portal knows logo" },
        { "muster-pos-window.png", "x", "PRODUCT-key" },
        { "muster-pos-key.en.txt", "The window", "PRODUCT-key" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_file_that_cannot_be_used_refuses_the_start_with_its_name(string file, string content, string sentence)
    {
        Save(file, content);

        var refused = await Should.ThrowAsync<OptionsValidationException>(() => StartAsync());

        refused.Failures.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            s => s.ShouldStartWith("Brand:Folder: " + Path.Combine(_folder.FullName, file)), s => s.ShouldContain(sentence));
    }

    [Fact]
    public async Task A_picture_without_words_refuses_the_start_and_so_does_a_folder_that_is_not_there()
    {
        Save("muster-pos-key.svg", Drawing);
        Save("muster-pos-key.de.txt", " ");

        (await Should.ThrowAsync<OptionsValidationException>(() => StartAsync())).Failures.ShouldSatisfyAllConditions(
            f => f.Count().ShouldBe(2), f => f.ShouldAllBe(s => s.Contains("it has to say in a sentence", StringComparison.Ordinal)));

        await using var portal = new PortalFactory();
        portal.Configuration["Brand:Folder"] = Path.Combine(_folder.FullName, "nowhere");
        (await Should.ThrowAsync<OptionsValidationException>(portal.InitializeAsync)).Failures.ShouldHaveSingleItem()
            .ShouldContain("cannot be read");
    }

    [Fact]
    public void The_sample_folder_keeps_every_rule()
    {
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var brand = BrandFolder.Read(Repository.At("samples", "brand"), new Microsoft.Extensions.Hosting.Internal.HostingEnvironment
        {
            ContentRootPath = Repository.Folder,
        });

        brand.Complaints.ShouldBeEmpty();
        brand.Products.Select(p => p.Place).ShouldBe(Enum.GetValues<BrandPlace>(), ignoreOrder: true);
        brand.Products.ShouldAllBe(p => p.De != p.En);
    }

    private async Task<PortalFactory> StartAsync()
    {
        var portal = new PortalFactory();
        portal.Configuration["Brand:Folder"] = _folder.FullName;
        try
        {
            await portal.InitializeAsync();
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    private static async Task<IHtmlDocument> PageAsync(HttpClient client, string path) =>
        new HtmlParser().ParseDocument(await client.GetStringAsync(path));

    private void Save(string name, string content) => File.WriteAllText(Path.Combine(_folder.FullName, name), content);

    private void Save(string name, byte[] content) => File.WriteAllBytes(Path.Combine(_folder.FullName, name), content);
}

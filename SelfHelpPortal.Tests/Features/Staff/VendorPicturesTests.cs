using System.Net;
using System.Text;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Vendor;
using SelfHelpPortal.Platform.Images;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Platform.Pdf;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Administrators give the vendor's logo and icon, and pages, invoices and every node have them from then on.</summary>
public sealed class VendorPicturesTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private static readonly string Logo = Convert.ToBase64String(Png.Logo(260, 100, color: 6));
    private static readonly string Dark = Convert.ToBase64String(Png.Logo(200, 100));
    private static readonly string Icon = Convert.ToBase64String(Png.Logo(64, 64, color: 3));

    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    private VendorImages Here => ground.Use<IOptions<VendorOptions>>().Value.Images;

    [Fact]
    public async Task What_is_saved_stands_at_once_on_pages_and_invoices_and_soon_on_other_nodes()
    {
        await using var other = await SecondNode.StartAsync(Portal);
        (await SaveAsync(s => s with { Logo = null, LogoDark = null, Icon = null })).ShouldBe(StaffResult.Done);
        var renderer = ground.Use<IInvoiceRenderer>();
        var without = renderer.Render(InvoiceExamples.German, InvoiceExamples.AnyXml);
        (await BrandAsync()).QuerySelector("img").ShouldBeNull();

        (await SaveAsync(s => s with { Logo = Logo, Icon = Icon, Name = "Beispiel & Söhne GmbH" })).ShouldBe(StaffResult.Done);

        var brand = await BrandAsync();
        brand.QuerySelector("source").ShouldBeNull();
        brand.QuerySelector(".brand-vendor").ShouldBeNull("the picture says the name");
        brand.QuerySelector("img").ShouldNotBeNull().ShouldSatisfyAllConditions(
            i => i.GetAttribute("alt").ShouldBe("Beispiel & Söhne GmbH"), i => i.GetAttribute("src").ShouldBe(Here.Logo!.Address),
            i => (i.GetAttribute("width"), i.GetAttribute("height")).ShouldBe(("83", "32")),
            i => i.ClassList.ShouldContain("brand-logo-light", "dark letters need a light ground"));
        var invoice = renderer.Render(InvoiceExamples.German, InvoiceExamples.AnyXml);
        Encoding.Latin1.GetString(without).ShouldNotContain("/Subtype/Image");
        Encoding.Latin1.GetString(invoice).ShouldContain("/Width 260/Height 100");
        ground.Use<VendorInvoicing>().Complaints.ShouldNotContain(c => c.Word.StartsWith("Logo", StringComparison.Ordinal));
        await Eventually.BecomesTrueAsync(() =>
            other.Services.GetRequiredService<IOptions<VendorOptions>>().Value.Images.Logo?.Sha256 == Here.Logo!.Sha256);
        other.Services.GetRequiredService<IInvoiceRenderer>().Render(InvoiceExamples.German, InvoiceExamples.AnyXml).ShouldBe(invoice);

        (await SaveAsync(s => s with { LogoDark = Dark })).ShouldBe(StaffResult.Done);
        brand = await BrandAsync();
        brand.QuerySelector("source[media='(prefers-color-scheme: dark)']").ShouldNotBeNull().GetAttribute("srcset")
            .ShouldBe(Here.LogoDark!.Address);
        brand.QuerySelector(".brand-logo-light").ShouldBeNull();
    }

    [Fact]
    public async Task Browsers_keep_a_picture_under_its_checksum_and_ask_again_for_the_icon()
    {
        (await SaveAsync(s => s with { Logo = Logo, LogoDark = null, Icon = Icon })).ShouldBe(StaffResult.Done);
        using var client = Portal.CreateClient();

        var kept = await client.GetAsync(Here.Logo!.Address);
        kept.ShouldSatisfyAllConditions(
            a => a.StatusCode.ShouldBe(HttpStatusCode.OK), a => a.Content.Headers.ContentType!.ToString().ShouldBe("image/png"),
            a => a.Headers.CacheControl!.ToString().ShouldContain("immutable"), a => a.Headers.ETag.ShouldNotBeNull(),
            a => a.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]));
        (await kept.Content.ReadAsByteArrayAsync()).ShouldBe(Convert.FromBase64String(Logo));
        foreach (var path in new[] { "/favicon.ico", "/apple-touch-icon.png" })
        {
            var icon = await client.GetAsync(path);
            (await icon.Content.ReadAsByteArrayAsync()).ShouldBe(Convert.FromBase64String(Icon), path);
            icon.Headers.CacheControl!.NoCache.ShouldBeTrue(path);
            using var again = new HttpRequestMessage(HttpMethod.Get, path);
            again.Headers.IfNoneMatch.Add(icon.Headers.ETag!);
            (await client.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified, path);
        }

        var page = new HtmlParser().ParseDocument(await client.GetStringAsync("/imprint"));
        page.QuerySelector("link[rel=icon]").ShouldNotBeNull().GetAttribute("href").ShouldBe(Here.Icon!.Address);
        page.QuerySelector("link[rel=apple-touch-icon]").ShouldNotBeNull();

        // A page in the memory of a browser names the logo before.
        var before = Here.Logo.Address;
        (await SaveAsync(s => s with { Logo = Dark })).ShouldBe(StaffResult.Done);
        (await client.GetAsync(before)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync($"/brand/{new string('0', 64)}.png")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Without_an_icon_the_portals_own_is_there()
    {
        (await SaveAsync(s => s with { Icon = null })).ShouldBe(StaffResult.Done);
        using var client = Portal.CreateClient();

        foreach (var path in new[] { "/favicon.ico", "/apple-touch-icon.png" })
        {
            var moved = await client.GetAsync(path);
            (moved.StatusCode, moved.Headers.Location?.OriginalString).ShouldBe((HttpStatusCode.Redirect, "/touch-icon.png"), path);
        }

        PngFile.Read(await client.GetByteArrayAsync("/touch-icon.png")).Png.ShouldNotBeNull()
            .ShouldSatisfyAllConditions(p => p.Width.ShouldBe(180), p => p.Height.ShouldBe(180));
        var page = await client.GetStringAsync("/imprint");
        page.ShouldContain("rel=\"icon\" href=\"/favicon.");
        page.ShouldContain("rel=\"apple-touch-icon\" href=\"/touch-icon.");
    }

    public static TheoryData<string, string, string, string> Refused => new()
    {
        { "logo", "svg", "kein PNG", "not a PNG" },
        { "logoDark", "svg", "kein PNG", "not a PNG" },
        { "logo", "no base64", "kein PNG", "not a PNG" },
        { "logo", "too many bytes", "möglich sind 20", "20 are possible" },
        { "logo", "bomb", "höher als 2000 Pixel", "higher than 2000 pixels" },
        { "logo", "interlaced", "ohne Interlacing", "without interlacing" },
        { "logo", "cut", "beschädigt", "damaged" },
        { "logo", "gone", "nicht mehr aufbewahrt", "not kept any more" },
        { "icon", "wide", "quadratisch", "a square" },
        { "icon", "small", "32 bis 512", "32 to 512" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_no_picture_is_refused_at_its_field_in_both_languages(
        string path, string what, string german, string english)
    {
        var before = (await ShowAsync()).Version;
        var value = what switch
        {
            "svg" => Convert.ToBase64String("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"u8),
            "no base64" => "javascript:alert(1)",
            "too many bytes" => Convert.ToBase64String([.. Png.Logo(20, 10), .. new byte[PngFile.MaxBytes]]),
            "bomb" => Convert.ToBase64String(Png.Bomb(100_000, 100_000)),
            "interlaced" => Convert.ToBase64String(Png.Logo(20, 10, interlacing: 1)),
            "cut" => Convert.ToBase64String(Png.Logo(20, 10)[..60]),
            "gone" => new string('a', 64),
            "small" => Convert.ToBase64String(Png.Logo(16, 16)),
            _ => Convert.ToBase64String(Png.Logo(64, 63)),
        };

        var saved = await SaveAsync(s => path switch
        {
            "logo" => s with { Logo = value, LogoDark = null },
            "logoDark" => s with { Logo = Logo, LogoDark = value },
            _ => s with { Icon = value },
        });

        saved.Refused.ShouldBe(StaffRefusal.SettingInvalid);
        saved.Broken.ShouldNotBeNull().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            b => b.Id.ShouldBe($"vendor.{path}"), b => b.German.ShouldContain(german), b => b.English.ShouldContain(english));
        (await ShowAsync()).Version.ShouldBe(before);
    }

    [Fact]
    public async Task A_logo_for_dark_pages_alone_is_refused()
    {
        var saved = await SaveAsync(s => s with { Logo = null, LogoDark = Dark });

        saved.Broken.ShouldNotBeNull().ShouldHaveSingleItem().Id.ShouldBe("vendor.logo");
    }

    [Fact]
    public async Task Who_is_no_administrator_or_has_shown_no_factor_changes_nothing()
    {
        var shown = await ShowAsync();
        var wanted = shown.Settings with { Logo = Convert.ToBase64String(Png.Logo(33, 33)) };
        var save = ground.Use<SaveVendor>();

        (await save.ExecuteAsync(await ground.Clerk.ActorAsync(), Guid.NewGuid(), wanted, shown.Version, Now, default))
            .Refused.ShouldBe(StaffRefusal.NotPermitted);
        var stale = await ground.Administrator.ActorAsync(authenticatedAt: Now - FreshSignIn.Lifetime);
        (await save.ExecuteAsync(stale, Guid.NewGuid(), wanted, shown.Version, Now, default))
            .Refused.ShouldBe(StaffRefusal.FactorTooOld);

        (await ShowAsync()).Version.ShouldBe(shown.Version);
    }

    [Fact]
    public async Task An_older_picture_comes_back_with_its_version_and_only_the_last_ones_are_kept()
    {
        var own = Convert.ToBase64String(Png.Logo(120, 60, color: 6));
        (await SaveAsync(s => s with { Logo = own, LogoDark = null, Icon = null })).ShouldBe(StaffResult.Done);
        var first = (await ShowAsync()).History[0];
        var sha = Here.Logo!.Sha256;
        first.Changes.ShouldContain(c => c.Path == "logo" && c.After == sha, "the history names it, and does not hold it");
        (await SaveAsync(s => s with { Logo = Dark })).ShouldBe(StaffResult.Done);

        var view = await ShowAsync();
        (await SaveAsync(_ => view.Read(first))).ShouldBe(StaffResult.Done);
        Here.Logo!.Sha256.ShouldBe(sha);

        for (var round = 0; round < VendorImageStore.KeptVersions; round++)
        {
            var other = Convert.ToBase64String(Png.Logo(100 + round, 50));
            (await SaveAsync(s => s with { Logo = other })).ShouldBe(StaffResult.Done);
        }

        await using var db = Portal.Open();
        (await db.BrandImages.CountAsync()).ShouldBe(VendorImageStore.KeptVersions);
        (await VendorImageStore.FindAsync(db, sha, default)).ShouldBeNull();
        (await SaveAsync(_ => ReadOnly(first))).Broken.ShouldNotBeNull().ShouldHaveSingleItem().Id.ShouldBe("vendor.logo");
        (await db.AuditEntries.Where(e => e.Kind == AuditKind.SettingChanged).OrderByDescending(e => e.Id).FirstAsync())
            .Text.ShouldNotBeNull().ShouldContain("logo");

        static VendorSettings ReadOnly(SettingLine line) => VendorSettings.Read(line.Content);
    }

    [Fact]
    public async Task The_database_holds_a_picture_against_its_checksum()
    {
        await using var db = Portal.Open();
        db.BrandImages.Add(new() { Sha256 = new string('0', 64), Content = Png.Logo(20, 10) });

        await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    [Fact]
    public async Task Files_of_the_configuration_win_and_are_kept_for_the_day_they_are_taken_out()
    {
        var folder = Directory.CreateTempSubdirectory("brand-");
        try
        {
            await using var node = new PortalFactory();
            node.Configuration["Vendor:Logo"] = Save("logo.png", Png.Logo(260, 100, color: 6));
            node.Configuration["Vendor:Icon"] = Save("icon.png", Png.Logo(64, 64, color: 3));
            await node.InitializeAsync();
            var administrator = await StaffUser.CreateAsync(node, StaffRoles.Administrator);
            var actor = await administrator.ActorAsync();
            using var client = node.CreateClient();
            var images = node.Services.GetRequiredService<IOptions<VendorOptions>>();
            (await client.GetStringAsync("/imprint")).ShouldContain(images.Value.Images.Logo!.Address);
            (await client.GetAsync(images.Value.Images.Logo.Address)).StatusCode.ShouldBe(HttpStatusCode.OK);
            var shown = (await node.Services.GetRequiredService<ShowVendor>().ExecuteAsync(actor, node.Clock.Now, default)).Value!;
            shown.InFile.ShouldBe(["vendor.logo", "vendor.icon"], ignoreOrder: true);

            (await node.Services.GetRequiredService<SaveVendor>().ExecuteAsync(
                actor, Guid.NewGuid(), shown.Settings with { Logo = Dark, LogoDark = Dark, Icon = null }, 0, node.Clock.Now, default))
                .ShouldBe(StaffResult.Done);

            images.Value.Images.ShouldSatisfyAllConditions(
                i => i.Logo!.Base64.ShouldBe(Logo), i => i.LogoDark!.Base64.ShouldBe(Dark), i => i.Icon!.Base64.ShouldBe(Icon));
            await using var db = node.Open();
            (await VendorImageStore.FindAsync(db, images.Value.Images.Logo!.Sha256, default)).ShouldNotBeNull();
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        string Save(string name, byte[] file)
        {
            var path = Path.Combine(folder.FullName, name);
            File.WriteAllBytes(path, file);
            return path;
        }
    }

    [Theory]
    [InlineData("Vendor:Icon", "nowhere.png", "cannot be read")]
    [InlineData("Vendor:LogoDark", "SelfHelpPortal.csproj", "not a PNG")]
    public async Task A_file_that_cannot_be_used_refuses_the_start(string key, string file, string sentence)
    {
        await using var node = new PortalFactory();
        node.Configuration[key] = Repository.At("SelfHelpPortal", file);

        var refused = await Should.ThrowAsync<OptionsValidationException>(node.InitializeAsync);

        refused.Failures.ShouldHaveSingleItem().ShouldSatisfyAllConditions(s => s.ShouldStartWith(key), s => s.ShouldContain(sentence));
    }

    private async Task<AngleSharp.Dom.IElement> BrandAsync()
    {
        using var client = Portal.CreateClient();
        return new HtmlParser().ParseDocument(await client.GetStringAsync("/imprint")).QuerySelector(".brand").ShouldNotBeNull();
    }

    private async Task<VendorView> ShowAsync() =>
        (await ground.Use<ShowVendor>().ExecuteAsync(await ground.Administrator.ActorAsync(), Now, default)).Value.ShouldNotBeNull();

    private async Task<StaffResult> SaveAsync(Func<VendorSettings, VendorSettings> change)
    {
        var shown = await ShowAsync();
        return await ground.Use<SaveVendor>().ExecuteAsync(
            await ground.Administrator.ActorAsync(), Guid.NewGuid(), change(shown.Settings), shown.Version, Now, default);
    }
}

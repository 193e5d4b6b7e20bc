using System.IO.Compression;
using System.Net;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>Public pages, style and scripts are compressed in every build; what could tell a secret by its length is not.</summary>
public class CompressedPagesTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData("/", "br")]
    [InlineData("/", "gzip")]
    [InlineData("/transfer", "br")]
    [InlineData("/release", "br")]
    [InlineData("/D/none", "br")]
    [InlineData("/nowhere", "br")]
    [InlineData("/account/sign-in", "gzip")]
    public async Task A_public_page_is_compressed_and_says_the_same(string path, string encoding)
    {
        var (plain, none) = await GetAsync(path, accept: null);
        var (packed, used) = await GetAsync(path, encoding);

        (none, used).ShouldBe(("", encoding));
        packed.Length.ShouldBeLessThan(plain.Length * 3 / 4);
        using var unpacked = new StreamReader(encoding == "br"
            ? new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress)
            : new GZipStream(new MemoryStream(packed), CompressionMode.Decompress));
        (await unpacked.ReadToEndAsync()).ShouldContain("</html>");
    }

    [Fact]
    public async Task Style_and_scripts_are_compressed_by_every_build()
    {
        var page = System.Text.Encoding.UTF8.GetString((await GetAsync("/transfer", accept: null)).Body);
        var files = System.Text.RegularExpressions.Regex.Matches(page, "(?:href|src)=\"(/[a-z]+\\.[a-z0-9]+\\.(?:css|js))\"")
            .Select(m => m.Groups[1].Value).ToList();

        files.Count.ShouldBe(3);
        foreach (var file in files)
        {
            (await GetAsync(file, "gzip, br")).Encoding.ShouldBeOneOf("gzip", "br");
        }
    }

    /// <summary>BREACH: a secret of the reader beside what a stranger wrote into the address.</summary>
    [Theory]
    [InlineData("/transfer?hw=H1234", false)]
    [InlineData("/activate?hw=H1234", false)]
    [InlineData("/my", true)]
    [InlineData("/account", true)]
    [InlineData("/", true)]
    public async Task What_has_foreign_text_in_its_address_or_a_reader_who_is_signed_in_is_not(string path, bool isSignedIn)
    {
        var user = await CustomerUser.CreateAsync(portal, customer: null);
        using var browser = isSignedIn ? await user.SignInAsync() : new Browser(portal);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Encoding", "gzip, br");
        if (browser.Cookies.Length > 0)
        {
            request.Headers.Add("Cookie", browser.Cookies);
        }

        using var answer = await browser.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentEncoding.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_to_a_form_is_not()
    {
        using var browser = new Browser(portal);
        await browser.GetAsync("/lost-key");

        using var answer = await browser.PostAsync(r => r.Headers.Add("Accept-Encoding", "gzip, br"), ("Email", "keine"));

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Content.Headers.ContentEncoding.ShouldBeEmpty();
    }

    private async Task<(byte[] Body, string Encoding)> GetAsync(string path, string? accept)
    {
        using var client = portal.CreateClient();
        if (accept is not null)
        {
            client.DefaultRequestHeaders.Add("Accept-Encoding", accept);
        }

        using var answer = await client.GetAsync(path);
        return (await answer.Content.ReadAsByteArrayAsync(), string.Join(", ", answer.Content.Headers.ContentEncoding));
    }
}

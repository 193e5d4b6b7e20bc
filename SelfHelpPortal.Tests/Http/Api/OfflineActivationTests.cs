using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Licensing.Files;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Api;

/// <summary>POST /api/v1/offline-activations: a request file in, a license file out.</summary>
public sealed class OfflineActivationTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    [Fact]
    public async Task A_request_file_becomes_a_license_file_with_which_everything_else_works()
    {
        var till = await portal.TillAsync("KASSE-1");

        using var response = await PostAsync(FileFrom(till).Write());

        ((int)response.StatusCode).ShouldBe(201);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var text = await response.Content.ReadAsStringAsync();
        text.ShouldStartWith("-----BEGIN LSHP LICENSE-----\n");
        var claims = Claims(text);
        (till.Handle, till.Generation, till.Secret) = (claims.Handle, claims.Generation, claims.ReleaseSecret);
        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
        var license = await portal.LicenseOfAsync(till);
        response.Content.Headers.ContentDisposition!.ToString().ShouldBe($"attachment; filename=\"Lizenz-{license.Number}.lshlic\"");
        license.Activations.ShouldHaveSingleItem().PcName.ShouldBe("KASSE-1");
        (await till.ReleaseAsync()).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_same_computer_again_gets_the_same_file()
    {
        var till = await portal.TillAsync("KASSE-2");
        using var first = await PostAsync(FileFrom(till).Write());
        using var again = await PostAsync((FileFrom(till) with { Nonce = "another-nonce" }).Write());

        ((int)first.StatusCode, (int)again.StatusCode).ShouldBe((201, 200));
        (await again.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_idempotency_key_gives_the_first_answer_again_and_refuses_another_file()
    {
        var till = await portal.TillAsync("KASSE-3", seats: 2);
        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync(FileFrom(till).Write(), headers => headers.Add("Idempotency-Key", key));
        using var again = await PostAsync(FileFrom(till).Write(), headers => headers.Add("Idempotency-Key", key));
        ((int)first.StatusCode, (int)again.StatusCode).ShouldBe((201, 201));
        (await again.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());

        using var other = await PostAsync(
            (FileFrom(till) with { HardwareCode = A.Hardware("ANDERE").ToString() }).Write(),
            headers => headers.Add("Idempotency-Key", key));
        (await ApiAnswer.ReadAsync(other)).ShouldBeProblem(422, "IDEMPOTENCY_MISMATCH");
        using var bad = await PostAsync(FileFrom(till).Write(), headers => headers.Add("Idempotency-Key", "with space"));
        (await ApiAnswer.ReadAsync(bad)).ShouldBeProblem(400, "INVALID_REQUEST");
    }

    [Fact]
    public async Task Refusals_are_those_of_activations()
    {
        var till = await portal.TillAsync("KASSE-4");
        using (var unknown = await PostAsync((FileFrom(till) with { ActivationKey = ActivationKey.New().ToString() }).Write()))
        {
            (await ApiAnswer.ReadAsync(unknown)).ShouldBeProblem(404, "UNKNOWN_KEY");
        }

        using (var mistyped = await PostAsync((FileFrom(till) with { ActivationKey = till.Key[..^1] }).Write()))
        {
            (await ApiAnswer.ReadAsync(mistyped)).ShouldBeProblem(404, "UNKNOWN_KEY");
        }

        using (var product = await PostAsync((FileFrom(till) with { Product = ApiPortal.Beam }).Write()))
        {
            (await ApiAnswer.ReadAsync(product)).ShouldBeProblem(404, "WRONG_PRODUCT");
        }

        using (var hardware = await PostAsync((FileFrom(till) with { HardwareCode = till.Key }).Write()))
        {
            (await ApiAnswer.ReadAsync(hardware)).ShouldBeProblem(400, "INVALID_HARDWARE_CODE");
        }

        (await till.ActivateAsync()).ShouldBeActivated(201);
        using (var full = await PostAsync((FileFrom(till) with { HardwareCode = A.Hardware("ZWEITER").ToString() }).Write()))
        {
            var problem = (await ApiAnswer.ReadAsync(full)).ShouldBeProblem(409, "TOO_MANY_ACTIVATIONS");
            problem["activations"]!.AsArray().ShouldHaveSingleItem()!["pcName"]!.GetValue<string>().ShouldBe("KA…4");
            problem["releaseUrl"]!.GetValue<string>().ShouldEndWith("/release");
        }

        await portal.StaffAsync(till, (license, _) => license.Suspend());
        using var suspended = await PostAsync(FileFrom(till).Write());
        (await ApiAnswer.ReadAsync(suspended)).ShouldBeProblem(403, "SUSPENDED");
    }

    [Fact]
    public async Task A_locked_license_names_its_case()
    {
        var (old, _) = await portal.ContradictionAsync(ApiPortal.Beam);
        var number = (await old.CheckAsync())["caseNumber"]!.GetValue<string>();

        using var response = await PostAsync(FileFrom(old).Write());

        (await ApiAnswer.ReadAsync(response)).ShouldBeProblem(423, "LOCKED_ILLEGAL")["caseNumber"]!.GetValue<string>().ShouldBe(number);
    }

    public static TheoryData<string, string> Unreadable => new()
    {
        { "", "This is not a request file of at most 8 KB (-----BEGIN LSHP REQUEST-----)" },
        { "{}", "This is not a request file of at most 8 KB (-----BEGIN LSHP REQUEST-----)" },
        { new string(' ', 9000), "This is not a request file of at most 8 KB (-----BEGIN LSHP REQUEST-----)" },
        { (RequestFileTests.Sample with { Kind = "info" }).Write(),
            "This request file is not for an activation: its kind has to be activate" },
        { (RequestFileTests.Sample with { Kind = "activate" }).Write(), "The field activationKey is missing" },
        { (RequestFileTests.Sample with { Kind = "activate", ActivationKey = "K", PcName = new string('n', 101) }).Write(),
            "The field pcName has more than 100 characters" },
        { (RequestFileTests.Sample with { Kind = "activate", ActivationKey = "K", Nonce = "short" }).Write(),
            "The field nonce has 8 to 128 printable ASCII characters" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_cannot_be_read_says_why(string text, string detail)
    {
        using var response = await PostAsync(text);

        (await ApiAnswer.ReadAsync(response)).ShouldBeProblem(400, "INVALID_REQUEST")["detail"]!.GetValue<string>().ShouldBe(detail);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_no_request_file()
    {
        using var content = new ByteArrayContent([.. "-----BEGIN LSHP REQUEST-----\n"u8, 0xFF, 0xFE]);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        using var response = await portal.Client.PostAsync("/api/v1/offline-activations", content);

        (await ApiAnswer.ReadAsync(response)).ShouldBeProblem(400, "INVALID_REQUEST");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_type_of_content_is_refused(string type)
    {
        using var content = new StringContent("x", Encoding.UTF8, type);
        using var response = await portal.Client.PostAsync("/api/v1/offline-activations", content);

        (await ApiAnswer.ReadAsync(response)).ShouldBeProblem(415, "INVALID_REQUEST");
    }

    [Fact]
    public async Task A_megabyte_is_refused_unread()
    {
        using var response = await PostAsync(new string('x', 1_000_000), headers => headers.ExpectContinue = true);

        (await ApiAnswer.ReadAsync(response)).ShouldBeProblem(413, "INVALID_REQUEST");
    }

    [Fact]
    public async Task Who_is_never_online_learns_of_a_lock_by_the_blocklist()
    {
        var till = await portal.TillAsync("KASSE-9");
        using var response = await PostAsync(FileFrom(till).Write());
        var claims = Claims(await response.Content.ReadAsStringAsync());
        till.Handle = claims.Handle;
        await portal.StaffAsync(till, (license, activation) => license.Exclude(activation, new HardwarePolicy(), portal.Clock.Now));
        portal.Clock.Advance(TimeSpan.FromMinutes(1));

        var list = Blocklist.Read(await portal.Client.GetStringAsync("/api/v1/blocklist"), Keys);

        list.IsGenuine.ShouldBeTrue();
        list.Claims!.Blocked.ShouldContain(new BlockedActivation(claims.Handle, claims.Generation));
    }

    private static RequestFile FileFrom(Till till) => RequestFileTests.Sample with
    {
        Kind = "activate",
        Product = till.Product,
        ActivationKey = till.Key,
        HardwareCode = till.HardwareCode,
        PcName = till.Name,
    };

    private VerificationKeys Keys => portal.Portal.Services.GetRequiredService<SigningKeys>().Verifier;

    private LicenseFile Claims(string text) => LicenseFile.Read(text, Keys).Claims!;

    private async Task<HttpResponseMessage> PostAsync(string text, Action<HttpRequestHeaders>? headers = null)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/api/v1/offline-activations")
        { Content = new StringContent(text, Encoding.UTF8, "text/plain") };
        headers?.Invoke(request.Headers);
        request.Headers.AcceptLanguage.ParseAdd("en");
        return await portal.Client.SendAsync(request);
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>The card with a key, judged by the programs of other people.</summary>
public sealed class KeyCardTests : IDisposable
{
    private readonly PdfTools _tools = new();

    private static KeyCardRenderer Renderer { get; } =
        new(InvoiceArtwork.Open(Options.Create(new VendorOptions()), WebApplication.CreateEmptyBuilder(new()).Environment));

    public void Dispose() => _tools.Dispose();

    [Theory]
    [InlineData("de", "Schlüsselkarte", "Subscription bis")]
    [InlineData("en", "Key card", "Subscription until")]
    public void The_key_is_printed_and_in_the_code(string language, string title, string until)
    {
        var key = ActivationKey.New().ToString();

        var file = _tools.Save("card.pdf", Renderer.Render(Card(key) with { Language = language }));

        var text = PdfTools.Run("pdftotext", "-layout", file, "-");
        text.ShouldContain(title);
        text.ShouldContain(until);
        text.ShouldContain(key);
        text.ShouldContain("Müller & Söhne GmbH");
        text.ShouldContain("31.12.2028");
        text.ShouldContain("https://licenses.example");
        var folder = Environment.GetEnvironmentVariable("SELFHELP_SCREENS") ?? _tools.Folder;
        PdfTools.Run("pdftoppm", "-r", "150", "-png", file, Path.Combine(folder, $"key-card-{language}"));
        PdfTools.Run("zbarimg", "-q", "--raw", "-Sbinary", Directory.GetFiles(folder, $"key-card-{language}*.png").Single()).ShouldBe(key);
        PdfTools.Run("qpdf", "--check", file).ShouldContain("No syntax or stream encoding errors");
    }

    [Fact]
    public void A_long_name_or_a_sign_that_the_font_lacks_stops_no_card()
    {
        var card = Card(ActivationKey.New().ToString()) with
        {
            Company = $"株式会社 😀 {new string('m', 200)}",
            Product = new string('W', 100),
            MaintenanceUntil = null,
        };

        var text = PdfTools.Run("pdftotext", "-layout", _tools.Save("card.pdf", Renderer.Render(card)), "-");

        text.ShouldContain("???? ? mmm");
        text.ShouldNotContain("Subscription");
    }

    private static KeyCard Card(string key) => new(
        "Muster Software GmbH", "Muster POS", "L-1043", "Müller & Söhne GmbH", key, 3, new DateOnly(2028, 12, 31),
        "https://licenses.example", "de", new DateOnly(2026, 11, 22));
}

using System.Text.RegularExpressions;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>Money is multiplied and rounded in one place, so that page, XML, mail and code never differ by a cent.</summary>
public partial class MoneyTests
{
    /// <summary>Money itself, the two that check it with sums of their own, and what rounds no money.</summary>
    private static readonly string[] MayReckon =
    [
        "SelfHelpPortal.Licensing/Billing/EInvoiceRules.Table.cs",
        "SelfHelpPortal.Licensing/Billing/InvoiceRules.cs",
        "SelfHelpPortal.Licensing/Billing/Money.cs",
        "SelfHelpPortal/Platform/Pdf/SrgbProfile.cs",
    ];

    [Fact]
    public void Nobody_else_multiplies_or_rounds() =>
        new[] { "SelfHelpPortal", "SelfHelpPortal.Licensing" }
            .SelectMany(project => new[] { "*.cs", "*.razor" }.SelectMany(
                pattern => Directory.EnumerateFiles(Repository.At(project), pattern, SearchOption.AllDirectories)))
            .Select(file => Path.GetRelativePath(Repository.Folder, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
                && Reckons().IsMatch(File.ReadAllText(Repository.At(file))))
            .ShouldBe(MayReckon, ignoreOrder: true);

    [Theory]
    [InlineData("var tax = Math.Round(net * 0.19m, 2);")]
    [InlineData("decimal.Round(x)")]
    [InlineData("price.Cents * 119 / 100")]
    [InlineData("line.Net.Amount * rate")]
    [InlineData("rate * line.Net.Amount")]
    [InlineData("0.19m * total.Cents")]
    public void Who_does_is_found(string code) => Reckons().IsMatch(code).ShouldBeTrue();

    [Theory]
    [InlineData("line.UnitNet * line.Quantity")]
    [InlineData("net.Cents + vat.Cents")]
    public void Adding_is_for_all(string code) => Reckons().IsMatch(code).ShouldBeFalse();

    [GeneratedRegex(@"\b(Math|decimal)\.Round\b|\bMidpointRounding\b|\b(Cents|Amount)\s*[*/%]|[*/%]\s*(\w+\.)+(Cents|Amount)\b")]
    private static partial Regex Reckons();
}

using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

public class RequestReferenceTests
{
    [Theory]
    [InlineData("m-7f3k-20")]
    [InlineData("M 7F3K 2O")]
    [InlineData("7F3K-20")]
    [InlineData(" M\u20137F3K\u201320\u200B")]
    public void Reads_a_reference_as_it_is_told(string input)
    {
        RequestReference.TryParse(input, out var reference).ShouldBeTrue();
        reference!.ToString().ShouldBe("M-7F3K-20");
        reference.Normalized.ShouldBe("7F3K20");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("M-7F3K-2")]
    [InlineData("M-7F3K-200")]
    [InlineData("K-7F3K-20")]
    [InlineData("M-7F3U-20")]
    [InlineData("M-7F3K-2!")]
    public void Refuses_what_is_none(string? input) => RequestReference.TryParse(input, out _).ShouldBeFalse();

    [Fact]
    public void Finds_every_single_error_and_every_swap()
    {
        foreach (var text in Vectors.All.RequestReferences.Select(text => text.Replace("-", "")[1..]))
        {
            for (var place = 0; place < text.Length; place++)
            {
                foreach (var wrong in CodeAlphabet.Symbols.Where(symbol => symbol != text[place]))
                {
                    RequestReference.TryParse("M" + text[..place] + wrong + text[(place + 1)..], out _).ShouldBeFalse(text);
                }

                if (place > 0 && text[place] != text[place - 1])
                {
                    RequestReference.TryParse("M" + Generated.Swap(text, place - 1, place), out _).ShouldBeFalse(text);
                }
            }
        }
    }

    [Fact]
    public void New_references_read_back() => Enumerable.Range(0, 1000).Select(_ => RequestReference.New())
        .ShouldAllBe(made => Reads(made));

    private static bool Reads(RequestReference made) => RequestReference.TryParse(made.ToString(), out var read) && read == made;
}

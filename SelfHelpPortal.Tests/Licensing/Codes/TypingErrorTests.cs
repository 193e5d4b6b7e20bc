using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

/// <summary>What the check symbols promise, tried at every place of generated codes of every kind.</summary>
public class TypingErrorTests
{
    [Fact]
    public void A_right_code_reads_back_grouped_and_in_lower_case() => Prop.ForAll(Generated.Code, code =>
    {
        var grouped = string.Join("-", code.Chunk(5).Select(group => new string(group)));
        Generated.Read(code[0], grouped.ToLowerInvariant()).Normalized.ShouldBe(code);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_single_wrong_symbol_is_found_in_its_group() => Prop.ForAll(Generated.Code, code =>
    {
        for (var place = 0; place < code.Length; place++)
        {
            foreach (var wrong in CodeAlphabet.Symbols.Where(symbol => symbol != code[place]))
            {
                ShouldBeWrong(code, code[..place] + wrong + code[(place + 1)..], place / 5);
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void Every_swap_of_neighbours_is_found_in_its_group() => Prop.ForAll(Generated.Code, code =>
    {
        for (var place = 1; place < code.Length; place++)
        {
            if (code[place] != code[place - 1])
            {
                ShouldBeWrong(code, Generated.Swap(code, place - 1, place), (place - 1) / 5);
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_swap_of_groups_is_found_at_the_first_of_them() => Prop.ForAll(Generated.Code, code =>
    {
        for (var left = 0; left < code.Length / 5; left++)
        {
            for (var right = left + 1; right < code.Length / 5; right++)
            {
                ShouldBeWrong(code, Generated.Swap(code, left * 5, right * 5, 5), left);
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_missing_or_doubled_symbol_is_a_matter_of_length() => Prop.ForAll(Generated.Code, code =>
    {
        for (var place = 1; place < code.Length; place++)
        {
            Problem(code[0], code.Remove(place, 1)).ShouldBe(new CodeProblem(CodeProblemKind.TooShort, Length: code.Length - 1));
            Problem(code[0], code.Insert(place, code[place..(place + 1)]))
                .ShouldBe(new CodeProblem(CodeProblemKind.TooLong, Length: code.Length + 1));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Another_kind_is_named_even_when_it_is_mistyped_or_cut_off() => Prop.ForAll(Generated.Code, code =>
    {
        foreach (var expected in "KDHE".Where(letter => letter != code[0]))
        {
            foreach (var typed in new[] { code, code[..^1] + (code[^1] == '0' ? '1' : '0') })
            {
                var problem = Problem(expected, typed);
                problem.Kind.ShouldBe(CodeProblemKind.WrongKind);
                problem.Seen.ShouldBe((CodeKind)code[0]);
            }

            Problem(expected, code[..^1]).Seen.ShouldBe((CodeKind)code[0]);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_refused_without_an_exception() => Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text =>
    {
        foreach (var kind in "KDHE")
        {
            Generated.Read(kind, text).Normalized.ShouldBeNull();
        }

        ReleaseLink.TryParse(text, out _).ShouldBeFalse();
        CodeFinder.Find(text, CodeKind.ActivationKey).ShouldBeNull();

        // Short enough that chance may hit one.
        (Handles.TryParse(text, out var handle) && handle.Length != 13).ShouldBeFalse();
        (RequestReference.TryParse(text, out var reference) && reference.Normalized.Length != 6).ShouldBeFalse();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static void ShouldBeWrong(string code, string mistyped, int group) =>
        Problem(code[0], mistyped).ShouldBe(
            new CodeProblem(CodeProblemKind.WrongGroup, group + 1, mistyped.Substring(group * 5, 5), code.Length),
            $"{code} typed as {mistyped}");

    private static CodeProblem Problem(char kind, string input)
    {
        var (normalized, problem) = Generated.Read(kind, input);
        normalized.ShouldBeNull();
        return problem;
    }
}

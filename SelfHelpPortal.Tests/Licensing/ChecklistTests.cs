using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>Which items somebody sees, and what becomes of ticks.</summary>
public class ChecklistTests
{
    private static readonly ChecklistPolicy Policy = SampleChecklists.Policy;

    [Theory]
    [InlineData("DE", null, "tse")]
    [InlineData("DE", true, "tse restore")]
    [InlineData("DE", false, "tse new")]
    [InlineData("AT", true, "signature")]
    [InlineData("FR", true, "")]
    [InlineData(null, true, "")]
    public void Country_and_backup_decide_what_is_shown(string? country, bool? backup, string items) =>
        string.Join(' ', Shown(country, new ChecklistAnswers { HasBackup = backup }).Items.Select(i => i.Id)).ShouldBe(items);

    [Fact]
    public void The_country_is_asked_for_only_where_it_is_unknown_and_decides_something()
    {
        Shown(null).AsksForCountry.ShouldBeTrue();
        Shown("DE").AsksForCountry.ShouldBeFalse();
        Shown("FR").IsShown.ShouldBeFalse("another country has no list");
        Shown(null, new ChecklistAnswers { Country = "AT" }).Items.ShouldHaveSingleItem().Id.ShouldBe("signature");
        Shown("DE", new ChecklistAnswers { Country = "AT" }).Country.ShouldBe("DE", "what is known comes first");

        var forAll = new ChecklistPolicy { Other = Policy.At };
        ShownChecklist.Of(forAll, null, null).AsksForCountry.ShouldBeFalse();
        ShownChecklist.Of(forAll, "DE", null).Items.ShouldHaveSingleItem();
        ShownChecklist.Of(new ChecklistPolicy(), null, null).IsShown.ShouldBeFalse("a vendor without lists");
    }

    [Fact]
    public void A_form_changes_only_what_it_showed()
    {
        var first = ChecklistAnswers.None.With(new(null, true, ["tse"], ["tse"]), Policy);
        first.ShouldBe(new ChecklistAnswers { HasBackup = true, Done = ["tse"] });

        var second = first.With(new(null, null, ["tse", "restore"], ["tse", "restore"]), Policy);
        second.Done.ShouldBe(["restore", "tse"]);

        // The back button: a form from before the question was answered.
        second.With(new(null, null, ["tse"], []), Policy).ShouldBe(new ChecklistAnswers { HasBackup = true, Done = ["restore"] });

        // Another answer hides what was ticked and loses nothing.
        var lost = second.With(new(null, false, ["tse", "restore"], ["tse", "restore"]), Policy);
        Shown("DE", lost).Items.Where(Shown("DE", lost).IsTicked).Select(i => i.Id).ShouldBe(["tse"]);
        lost.With(new(null, true, ["tse", "new"], ["tse"]), Policy).Done.ShouldBe(["restore", "tse"]);
    }

    [Fact]
    public void What_is_none_of_the_items_or_countries_is_left_out() =>
        ChecklistAnswers.None.With(new("<script>", null, ["tse", "x", "tse"], ["tse", "x", "tse"]), Policy)
            .ShouldBe(new ChecklistAnswers { Done = ["tse"] });

    [Fact]
    public void It_is_done_when_everything_is_answered_and_ticked()
    {
        Shown("DE", new ChecklistAnswers { Done = ["tse"] }).IsDone.ShouldBeFalse("nobody has said whether there is a backup");
        Shown("DE", new ChecklistAnswers { HasBackup = false, Done = ["tse", "restore"] }).IsDone.ShouldBeFalse();
        Shown("DE", new ChecklistAnswers { HasBackup = false, Done = ["tse", "new"] }).IsDone.ShouldBeTrue();
        Shown(null).IsDone.ShouldBeFalse("the country is unknown");
        Shown(null, new ChecklistAnswers { Country = ChecklistPolicy.OtherCountry }).IsDone.ShouldBeTrue("nothing is to be done there");
    }

    [Fact]
    public void Two_lists_with_the_same_items_are_equal_and_no_new_version()
    {
        SampleChecklists.Policy.ShouldBe(SampleChecklists.Policy);
        SampleChecklists.Policy.GetHashCode().ShouldBe(SampleChecklists.Policy.GetHashCode());
        SampleChecklists.Policy.ShouldNotBe(SampleChecklists.Policy with { At = new() });
    }

    [Fact]
    public void What_cannot_be_meant_is_named_by_its_path()
    {
        (ChecklistItem? Item, string Path)[] table =
        [
            (SampleChecklists.Item("Upper"), "id"), (SampleChecklists.Item(""), "id"), (SampleChecklists.Item("first"), "id"),
            (SampleChecklists.Item("a", german: " "), "textDe"), (SampleChecklists.Item("a", english: new string('x', 301)), "textEn"),
            (SampleChecklists.Item("a", link: "javascript:alert(1)"), "link"), (SampleChecklists.Item("a", german: null!), "textDe"),
            (SampleChecklists.Item("a", link: "https://x.example/" + new string('x', 290)), "link"), (null, ""),
        ];
        foreach (var (item, path) in table)
        {
            With(SampleChecklists.Item("first"), item!).Problems().ShouldHaveSingleItem().Id
                .ShouldBe($"checklists.at.items.1.{path}".TrimEnd('.'));
        }

        With([.. Enumerable.Range(0, 21).Select(i => SampleChecklists.Item($"item-{i}"))]).Problems().ShouldHaveSingleItem().Id
            .ShouldBe("checklists.at.items");
        new ProductPolicies { Checklists = Policy }.Problems().ShouldBeEmpty();
    }

    private static ProductPolicies With(params ChecklistItem[] items) => new() { Checklists = new() { At = new() { Items = items } } };

    private static ShownChecklist Shown(string? country, ChecklistAnswers? answers = null) => ShownChecklist.Of(Policy, country, answers);
}

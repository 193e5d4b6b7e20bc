using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>Staff ask and the customer answers; all of it is kept.</summary>
public class FlagAnswerTests
{
    [Fact]
    public void A_question_waits_and_the_answer_gives_the_case_back()
    {
        var (scene, flag) = Flagged();
        flag.Ask("Steht der PC noch bei Ihnen?", scene.Now).ShouldSucceed();
        flag.State.ShouldBe(FlagState.AwaitingCustomer);

        flag.Answer(FlagExplanation.OldPcBack, "Ja", scene.AfterHours(1).Now).ShouldSucceed().IsRepetition.ShouldBeFalse();

        flag.State.ShouldBe(FlagState.Open);
        flag.Messages.Select(m => (m.IsAnswer, m.Text)).ShouldBe([(false, "Steht der PC noch bei Ihnen?"), (true, "Ja")]);
    }

    [Fact]
    public void Later_answers_are_added_and_the_same_again_is_not()
    {
        var (scene, flag) = Flagged();
        flag.Answer(FlagExplanation.OldPcBack, null, scene.Now).ShouldSucceed();
        flag.Answer(FlagExplanation.OldPcBack, null, scene.AfterHours(1).Now).ShouldSucceed().IsRepetition.ShouldBeTrue();
        flag.Answer(FlagExplanation.OldPcBack, "Doch noch etwas", scene.AfterHours(1).Now).ShouldSucceed().IsRepetition.ShouldBeFalse();
        flag.Ask("Und jetzt?", scene.AfterHours(1).Now).ShouldSucceed();
        flag.Answer(FlagExplanation.OldPcBack, "Doch noch etwas", scene.AfterHours(1).Now)
            .ShouldSucceed().IsRepetition.ShouldBeFalse("it answers another question");

        flag.Messages.Count.ShouldBe(4);
    }

    [Fact]
    public void What_was_said_before_the_last_answer_counts_again()
    {
        foreach (var hours in (int[])[1, 0])
        {
            var (scene, flag) = Flagged();
            foreach (var text in (string[])["first", "second", "first"])
            {
                // Within one moment the identifiers tell which came first; they count milliseconds.
                Thread.Sleep(5);
                flag.Answer(FlagExplanation.Other, text, scene.AfterHours(hours).Now).ShouldSucceed().IsRepetition.ShouldBeFalse();
            }

            flag.Messages.Count.ShouldBe(3);
        }
    }

    [Fact]
    public void Nobody_fills_the_desk_with_answers()
    {
        var (scene, flag) = Flagged();
        for (var n = 0; n < Flag.MostAnswers; n++)
        {
            flag.Answer(FlagExplanation.Other, $"Nummer {n}", scene.AfterHours(1).Now).ShouldSucceed();
        }

        flag.Answer(FlagExplanation.Other, "noch eine", scene.AfterHours(1).Now).ShouldBeRefused(Refusal.TooManyTries);
        flag.Messages.Count.ShouldBe(Flag.MostAnswers);
    }

    [Fact]
    public void A_resolved_case_and_an_objection_take_neither()
    {
        var (scene, flag) = Flagged();
        scene.License.Unlock(flag, scene.Now).ShouldSucceed();
        flag.Ask("?", scene.Now).ShouldBeRefused(Refusal.Conflict);
        flag.Answer(FlagExplanation.Other, "x", scene.Now).ShouldBeRefused(Refusal.Conflict);

        var other = A.License();
        other.Activate("pc");
        other.AfterHours(1).Release("pc");
        var objection = other.Object("pc").Flag;
        objection.Ask("?", other.Now).ShouldBeRefused(Refusal.Conflict);
        objection.Answer(FlagExplanation.Other, "x", other.Now).ShouldBeRefused(Refusal.Conflict);
        objection.Messages.ShouldBeEmpty();
    }

    private static (LicenseScene Scene, Flag Flag) Flagged()
    {
        var scene = A.License().Replaced("old", by: "new");
        return (scene, scene.See("old").ShouldNotBeNull().Flag);
    }
}

using SelfHelpPortal.Features.Account;

namespace SelfHelpPortal.Tests.Account;

public class PasswordRulesTests
{
    private static readonly string[] Words = ["muster", "beamalign", "clerk"];

    [Theory]
    [InlineData("vier kraniche ziehen nordwärts")]
    [InlineData("tr0ub4dor&3xyzw")]
    [InlineData("839201746512")]
    [InlineData("Äpfel, Birnen, Quitten")]
    public void Long_and_unheard_of_is_enough(string password) => PasswordRules.Validate(password, Words).ShouldBeNull();

    [Theory]
    [InlineData("elfzeichen1", PasswordRules.TooShort)]
    [InlineData("", PasswordRules.TooShort)]
    [InlineData("passwordpassword", PasswordRules.TooCommon)]
    [InlineData("Passwort1234", PasswordRules.TooCommon)]
    [InlineData("P@ssw0rd2026!!", PasswordRules.TooCommon)]
    [InlineData("!!Willkommen2026", PasswordRules.TooCommon)]
    [InlineData("administrator", PasswordRules.TooCommon)]
    [InlineData("aaaaaaaaaaaaaaa", PasswordRules.TooCommon)]
    [InlineData("abababababab", PasswordRules.TooCommon)]
    [InlineData("abcdefghijklmnop", PasswordRules.TooCommon)]
    [InlineData("ich-mag-beamalign-sehr", PasswordRules.HasOurWords)]
    [InlineData("mein B3amAl1gn Passwort", PasswordRules.HasOurWords)]
    [InlineData("clerk sitzt am Fenster", PasswordRules.HasOurWords)]
    public void What_is_tried_first_is_refused(string password, string complaint)
    {
        var found = PasswordRules.Validate(password, Words);

        found.ShouldBe(complaint);
    }

    [Fact]
    public void A_very_long_one_is_refused_and_the_longest_allowed_is_not()
    {
        var sentence = string.Concat(Enumerable.Repeat("nordwind ", 20));

        PasswordRules.Validate(sentence[..PasswordRules.Longest], Words).ShouldBeNull();
        PasswordRules.Validate(sentence[..(PasswordRules.Longest + 1)], Words).ShouldBe(PasswordRules.TooLong);
    }
}

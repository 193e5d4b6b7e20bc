using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>
/// What a product's policies may say: the last value that is taken, the first that is refused, and the sentence that names it.
/// </summary>
public class ProductPoliciesTests
{
    private static readonly ProductPolicies Usual = new();

    [Fact]
    public void The_last_values_that_can_be_meant_are_taken()
    {
        foreach (var policies in (ProductPolicies[])
        [
            Usual,
            With(new ReleasePolicy { AllowedUnproven = null }),
            With(new ReleasePolicy { AllowedUnproven = 0, RefillDays = 1, MinimumHoldMinutes = 0, ObjectionHours = 1 }),
            With(new FlagPolicy { HoursBetweenStages = 1, LocksPerHour = 1 }),
            With(new HardwarePolicy { Points = 1 }),
            With(new HardwarePolicy { Points = 1.5m }),
            With(new HardwarePolicy { Points = 4.5m }),
            With(new CheckInPolicy { EveryDays = 1, GraceDays = 0 }),
            With(new TimeOnly(8, 0), new TimeOnly(8, 1)),
            With(new KeyScheme { Pattern = "[0-9]{8}" }),
            With(new TransferPolicy { FeeSku = "F", RenewalSku = "R", RenewalOfferedWithinDays = 0,
                RenewalInfoUrl = "https://example.org/renew" }),
            With(new TransferPolicy { FeeSku = new string('F', 60), RenewalSku = new string('R', 60) }),
            With(new TransferPolicy { ChecklistDe = "1.", ChecklistEn = "1.", WhereIsTheHardwareCodeDe = "Unten",
                WhereIsTheHardwareCodeEn = "Below" }),
        ])
        {
            policies.Problems().ShouldBeEmpty();
        }
    }

    [Fact]
    public void The_first_values_that_cannot_be_meant_are_each_named_in_a_sentence()
    {
        (ProductPolicies Policies, string Sentence)[] table =
        [
            (With(new ReleasePolicy { AllowedUnproven = -1 }), "release.allowedUnproven is a number from 0 on, or null for no limit."),
            (With(new ReleasePolicy { RefillDays = 0 }), "release.refillDays is at least 1."),
            (With(new ReleasePolicy { MinimumHoldMinutes = -1 }), "release.minimumHoldMinutes is at least 0."),
            (With(new ReleasePolicy { ObjectionHours = 0 }), "release.objectionHours is at least 1."),
            (With(new FlagPolicy { HoursBetweenStages = 0 }), "flag.hoursBetweenStages is at least 1."),
            (With(new FlagPolicy { LocksPerHour = 0 }), "flag.locksPerHour is at least 1."),
            (With(new HardwarePolicy { Points = 0.5m }), "hardware.points is a number from 1 to 4.5 in steps of a half."),
            (With(new HardwarePolicy { Points = 5 }), "hardware.points is a number from 1 to 4.5 in steps of a half."),
            (With(new HardwarePolicy { Points = 2.25m }), "hardware.points is a number from 1 to 4.5 in steps of a half."),
            (With(new CheckInPolicy { EveryDays = 0 }), "checkIn.everyDays is at least 1."),
            (With(new CheckInPolicy { GraceDays = -1 }), "checkIn.graceDays is at least 0."),
            (With(new TimeOnly(8, 0), new TimeOnly(8, 0)), "businessHours.from lies before businessHours.until."),
            (With(new TimeOnly(17, 0), new TimeOnly(8, 0)), "businessHours.from lies before businessHours.until."),
            (With(new TransferPolicy { FeeSku = "" }), "transfer.feeSku has 1 to 60 characters, or is null."),
            (With(new TransferPolicy { FeeSku = new string('F', 61) }), "transfer.feeSku has 1 to 60 characters, or is null."),
            (With(new TransferPolicy { RenewalSku = "" }), "transfer.renewalSku has 1 to 60 characters, or is null."),
            (With(new TransferPolicy { RenewalSku = new string('R', 61) }), "transfer.renewalSku has 1 to 60 characters, or is null."),
            (With(new TransferPolicy { FeeSku = "X", RenewalSku = "X" }), "transfer.feeSku and transfer.renewalSku are two articles."),
            (With(new TransferPolicy { RenewalOfferedWithinDays = -1 }),
                "transfer.renewalOfferedWithinDays is a number from 0 on, or null for always."),
            (With(new TransferPolicy { RenewalInfoUrl = "http://example.org" }),
                "transfer.renewalInfoUrl is an address that begins with https://, or null."),
            (With(new TransferPolicy { RenewalInfoUrl = "renew" }),
                "transfer.renewalInfoUrl is an address that begins with https://, or null."),
            (With(new TransferPolicy { ChecklistDe = "1." }), "transfer.checklistDe and transfer.checklistEn are given together."),
            (With(new TransferPolicy { ChecklistEn = "1." }), "transfer.checklistDe and transfer.checklistEn are given together."),
            (With(new TransferPolicy { WhereIsTheHardwareCodeDe = "Unten" }),
                "transfer.whereIsTheHardwareCodeDe and transfer.whereIsTheHardwareCodeEn are given together."),
            (With(new TransferPolicy { WhereIsTheHardwareCodeEn = "Below" }),
                "transfer.whereIsTheHardwareCodeDe and transfer.whereIsTheHardwareCodeEn are given together."),
        ];
        foreach (var (policies, sentence) in table)
        {
            policies.Problems().ShouldBe([sentence]);
        }
    }

    [Fact]
    public void A_pattern_that_is_none_is_named_with_what_is_wrong_with_it() =>
        With(new KeyScheme { Pattern = "[A-Z" }).Problems().ShouldHaveSingleItem()
            .ShouldBe($"key.pattern cannot be used: {KeyScheme.ProblemOf("[A-Z")}");

    [Fact]
    public void All_that_is_wrong_is_named_at_once() =>
        (With(new CheckInPolicy { EveryDays = 0, GraceDays = -1 })
            with
        { Key = new KeyScheme { Pattern = "(" }, Transfer = new TransferPolicy { FeeSku = "" } })
            .Problems().Select(p => p.Split(' ')[0]).ShouldBe(["checkIn.everyDays", "checkIn.graceDays", "transfer.feeSku", "key.pattern"]);

    [Fact]
    public void Only_other_policies_are_a_new_version()
    {
        var product = Product.Create("muster-pos", "MusterPOS", Usual);
        product.ChangePolicies(new ProductPolicies());
        product.PolicyVersion.ShouldBe(1);

        product.ChangePolicies(With(new CheckInPolicy { EveryDays = 3 }));

        (product.PolicyVersion, product.Policies.CheckIn.EveryDays).ShouldBe((2, 3));
    }

    private static ProductPolicies With(ReleasePolicy release) => Usual with { Release = release };

    private static ProductPolicies With(FlagPolicy flag) => Usual with { Flag = flag };

    private static ProductPolicies With(HardwarePolicy hardware) => Usual with { Hardware = hardware };

    private static ProductPolicies With(CheckInPolicy checkIn) => Usual with { CheckIn = checkIn };

    private static ProductPolicies With(TimeOnly from, TimeOnly until) =>
        Usual with { BusinessHours = new BusinessHours { From = from, Until = until } };

    private static ProductPolicies With(KeyScheme key) => Usual with { Key = key };

    private static ProductPolicies With(TransferPolicy transfer) => Usual with { Transfer = transfer };
}

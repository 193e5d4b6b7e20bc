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
            Of(new ReleasePolicy { AllowedUnproven = null }),
            Of(new ReleasePolicy { AllowedUnproven = 0, RefillDays = 1, MinimumHoldMinutes = 0, ObjectionHours = 1 }),
            Of(new FlagPolicy { HoursBetweenStages = 1, LocksPerHour = 1 }),
            Of(new HardwarePolicy { Points = 1 }),
            Of(new HardwarePolicy { Points = 1.5m }),
            Of(new HardwarePolicy { Points = 4.5m }),
            Of(new CheckInPolicy { EveryDays = 1, GraceDays = 0 }),
            Of(new TimeOnly(8, 0), new TimeOnly(8, 1)),
            Of(new KeyScheme { Pattern = "[0-9]{8}" }),
            Of(new TransferPolicy { FeeSku = "F", RenewalSku = "R", RenewalOfferedWithinDays = 0,
                RenewalInfoUrl = "https://example.org/renew" }),
            Of(new TransferPolicy { FeeSku = new string('F', 60), RenewalSku = new string('R', 60) }),
            Of(new TransferPolicy { ChecklistDe = "1.", ChecklistEn = "1.", WhereIsTheHardwareCodeDe = "Unten",
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
            (Of(new ReleasePolicy { AllowedUnproven = -1 }), "release.allowedUnproven is a number from 0 on, or null for no limit."),
            (Of(new ReleasePolicy { RefillDays = 0 }), "release.refillDays is at least 1."),
            (Of(new ReleasePolicy { MinimumHoldMinutes = -1 }), "release.minimumHoldMinutes is at least 0."),
            (Of(new ReleasePolicy { ObjectionHours = 0 }), "release.objectionHours is at least 1."),
            (Of(new FlagPolicy { HoursBetweenStages = 0 }), "flag.hoursBetweenStages is at least 1."),
            (Of(new FlagPolicy { LocksPerHour = 0 }), "flag.locksPerHour is at least 1."),
            (Of(new HardwarePolicy { Points = 0.5m }), "hardware.points is a number from 1 to 4.5 in steps of a half."),
            (Of(new HardwarePolicy { Points = 5 }), "hardware.points is a number from 1 to 4.5 in steps of a half."),
            (Of(new HardwarePolicy { Points = 2.25m }), "hardware.points is a number from 1 to 4.5 in steps of a half."),
            (Of(new CheckInPolicy { EveryDays = 0 }), "checkIn.everyDays is at least 1."),
            (Of(new CheckInPolicy { GraceDays = -1 }), "checkIn.graceDays is at least 0."),
            (Of(new TimeOnly(8, 0), new TimeOnly(8, 0)), "businessHours.from lies before businessHours.until."),
            (Of(new TimeOnly(17, 0), new TimeOnly(8, 0)), "businessHours.from lies before businessHours.until."),
            (Of(new TransferPolicy { FeeSku = "" }), "transfer.feeSku has 1 to 60 characters, or is null."),
            (Of(new TransferPolicy { FeeSku = new string('F', 61) }), "transfer.feeSku has 1 to 60 characters, or is null."),
            (Of(new TransferPolicy { RenewalSku = "" }), "transfer.renewalSku has 1 to 60 characters, or is null."),
            (Of(new TransferPolicy { RenewalSku = new string('R', 61) }), "transfer.renewalSku has 1 to 60 characters, or is null."),
            (Of(new TransferPolicy { FeeSku = "X", RenewalSku = "X" }), "transfer.feeSku and transfer.renewalSku are two articles."),
            (Of(new TransferPolicy { RenewalOfferedWithinDays = -1 }),
                "transfer.renewalOfferedWithinDays is a number from 0 on, or null for always."),
            (Of(new TransferPolicy { RenewalInfoUrl = "http://example.org" }),
                "transfer.renewalInfoUrl is an address that begins with https://, or null."),
            (Of(new TransferPolicy { RenewalInfoUrl = "renew" }),
                "transfer.renewalInfoUrl is an address that begins with https://, or null."),
            (Of(new TransferPolicy { ChecklistDe = "1." }), "transfer.checklistDe and transfer.checklistEn are given together."),
            (Of(new TransferPolicy { ChecklistEn = "1." }), "transfer.checklistDe and transfer.checklistEn are given together."),
            (Of(new TransferPolicy { WhereIsTheHardwareCodeDe = "Unten" }),
                "transfer.whereIsTheHardwareCodeDe and transfer.whereIsTheHardwareCodeEn are given together."),
            (Of(new TransferPolicy { WhereIsTheHardwareCodeEn = "Below" }),
                "transfer.whereIsTheHardwareCodeDe and transfer.whereIsTheHardwareCodeEn are given together."),
        ];
        foreach (var (policies, sentence) in table)
        {
            policies.Problems().ShouldBe([sentence]);
        }
    }

    [Fact]
    public void A_pattern_that_is_none_is_named_with_what_is_wrong_with_it() =>
        Of(new KeyScheme { Pattern = "[A-Z" }).Problems().ShouldHaveSingleItem()
            .ShouldBe($"key.pattern cannot be used: {KeyScheme.ProblemOf("[A-Z")}");

    [Fact]
    public void All_that_is_wrong_is_named_at_once() =>
        (Of(new CheckInPolicy { EveryDays = 0, GraceDays = -1 })
            with
        { Key = new KeyScheme { Pattern = "(" }, Transfer = new TransferPolicy { FeeSku = "" } })
            .Problems().Select(p => p.Split(' ')[0]).ShouldBe(["checkIn.everyDays", "checkIn.graceDays", "transfer.feeSku", "key.pattern"]);

    [Fact]
    public void Only_other_policies_are_a_new_version()
    {
        var product = Product.Create("muster-pos", "MusterPOS", Usual);
        product.ChangePolicies(new ProductPolicies());
        product.PolicyVersion.ShouldBe(1);

        product.ChangePolicies(Of(new CheckInPolicy { EveryDays = 3 }));

        (product.PolicyVersion, product.Policies.CheckIn.EveryDays).ShouldBe((2, 3));
    }

    private static ProductPolicies Of(ReleasePolicy release) => Usual with { Release = release };

    private static ProductPolicies Of(FlagPolicy flag) => Usual with { Flag = flag };

    private static ProductPolicies Of(HardwarePolicy hardware) => Usual with { Hardware = hardware };

    private static ProductPolicies Of(CheckInPolicy checkIn) => Usual with { CheckIn = checkIn };

    private static ProductPolicies Of(TimeOnly from, TimeOnly until) =>
        Usual with { BusinessHours = new BusinessHours { From = from, Until = until } };

    private static ProductPolicies Of(KeyScheme key) => Usual with { Key = key };

    private static ProductPolicies Of(TransferPolicy transfer) => Usual with { Transfer = transfer };
}

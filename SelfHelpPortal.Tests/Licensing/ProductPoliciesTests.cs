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
            With(new TransferPolicy { WhereIsTheHardwareCodeDe = "Unten", WhereIsTheHardwareCodeEn = "Below" }),
        ])
        {
            policies.Problems().ShouldBeEmpty();
        }
    }

    [Fact]
    public void The_first_values_that_cannot_be_meant_are_each_named_by_their_path()
    {
        (ProductPolicies Policies, string Path)[] table =
        [
            (With(new ReleasePolicy { AllowedUnproven = -1 }), "release.allowedUnproven"),
            (With(new ReleasePolicy { AllowedUnproven = 1001 }), "release.allowedUnproven"),
            (With(new ReleasePolicy { RefillDays = 0 }), "release.refillDays"),
            (With(new ReleasePolicy { RefillDays = 3651 }), "release.refillDays"),
            (With(new ReleasePolicy { MinimumHoldMinutes = -1 }), "release.minimumHoldMinutes"),
            (With(new ReleasePolicy { MinimumHoldMinutes = 525_601 }), "release.minimumHoldMinutes"),
            (With(new ReleasePolicy { ObjectionHours = 0 }), "release.objectionHours"),
            (With(new ReleasePolicy { ObjectionHours = 721 }), "release.objectionHours"),
            (With(new FlagPolicy { HoursBetweenStages = 0 }), "flag.hoursBetweenStages"),
            (With(new FlagPolicy { HoursBetweenStages = 721 }), "flag.hoursBetweenStages"),
            (With(new FlagPolicy { LocksPerHour = 0 }), "flag.locksPerHour"),
            (With(new FlagPolicy { LocksPerHour = 10_001 }), "flag.locksPerHour"),
            (With(new HardwarePolicy { Points = 0.5m }), "hardware.points"),
            (With(new HardwarePolicy { Points = 5 }), "hardware.points"),
            (With(new HardwarePolicy { Points = 2.25m }), "hardware.points"),
            (With(new CheckInPolicy { EveryDays = 0 }), "checkIn.everyDays"),
            (With(new CheckInPolicy { EveryDays = 367 }), "checkIn.everyDays"),
            (With(new CheckInPolicy { GraceDays = -1 }), "checkIn.graceDays"),
            (With(new CheckInPolicy { GraceDays = 367 }), "checkIn.graceDays"),
            (With(new TimeOnly(8, 0), new TimeOnly(8, 0)), "businessHours.until"),
            (With(new TimeOnly(17, 0), new TimeOnly(8, 0)), "businessHours.until"),
            (With(new TransferPolicy { FeeSku = "" }), "transfer.feeSku"),
            (With(new TransferPolicy { FeeSku = "A B" }), "transfer.feeSku"),
            (With(new TransferPolicy { FeeSku = "A/B" }), "transfer.feeSku"),
            (With(new TransferPolicy { FeeSku = new string('F', 61) }), "transfer.feeSku"),
            (With(new TransferPolicy { RenewalSku = "" }), "transfer.renewalSku"),
            (With(new TransferPolicy { RenewalSku = new string('R', 61) }), "transfer.renewalSku"),
            (With(new TransferPolicy { FeeSku = "X", RenewalSku = "X" }), "transfer.renewalSku"),
            (With(new TransferPolicy { RenewalOfferedWithinDays = -1 }), "transfer.renewalOfferedWithinDays"),
            (With(new TransferPolicy { RenewalOfferedWithinDays = 3651 }), "transfer.renewalOfferedWithinDays"),
            (With(new TransferPolicy { RenewalInfoUrl = "http://example.org" }), "transfer.renewalInfoUrl"),
            (With(new TransferPolicy { RenewalInfoUrl = "renew" }), "transfer.renewalInfoUrl"),
            (With(new TransferPolicy { WhereIsTheHardwareCodeDe = "Unten" }), "transfer.whereIsTheHardwareCodeEn"),
            (With(new TransferPolicy { WhereIsTheHardwareCodeEn = "Below" }), "transfer.whereIsTheHardwareCodeDe"),
            (Usual with { Links = new ProductLinks { DownloadUrl = "javascript:alert(1)" } }, "links.downloadUrl"),
            (Usual with { Links = new ProductLinks { VersionListUrl = "http://example.org" } }, "links.versionListUrl"),
            (Usual with { Links = new ProductLinks { WhereIsTheKeyDe = "Unten" } }, "links.whereIsTheKeyEn"),
            (Usual with { Links = new ProductLinks { WhereIsTheKeyEn = "Below" } }, "links.whereIsTheKeyDe"),
        ];
        foreach (var (policies, path) in table)
        {
            policies.Problems().ShouldHaveSingleItem().Id.ShouldBe(path);
        }
    }

    [Fact]
    public void A_pattern_that_is_none_is_named_with_what_is_wrong_with_it() =>
        With(new KeyScheme { Pattern = "[A-Z" }).Problems().ShouldHaveSingleItem().In("en").ShouldEndWith(KeyScheme.ProblemOf("[A-Z")!);

    [Fact]
    public void All_that_is_wrong_is_named_at_once() =>
        (With(new CheckInPolicy { EveryDays = 0, GraceDays = -1 })
            with
        { Key = new KeyScheme { Pattern = "(" }, Transfer = new TransferPolicy { FeeSku = "" } })
            .Problems().Select(p => p.Id).ShouldBe(["checkIn.everyDays", "checkIn.graceDays", "transfer.feeSku", "key.pattern"]);

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

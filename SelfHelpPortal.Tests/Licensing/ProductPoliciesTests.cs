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
    public void The_first_values_that_cannot_be_meant_are_each_named_by_their_path()
    {
        (ProductPolicies Policies, string Path)[] table =
        [
            (Of(new ReleasePolicy { AllowedUnproven = -1 }), "release.allowedUnproven"),
            (Of(new ReleasePolicy { AllowedUnproven = 1001 }), "release.allowedUnproven"),
            (Of(new ReleasePolicy { RefillDays = 0 }), "release.refillDays"),
            (Of(new ReleasePolicy { RefillDays = 3651 }), "release.refillDays"),
            (Of(new ReleasePolicy { MinimumHoldMinutes = -1 }), "release.minimumHoldMinutes"),
            (Of(new ReleasePolicy { MinimumHoldMinutes = 525_601 }), "release.minimumHoldMinutes"),
            (Of(new ReleasePolicy { ObjectionHours = 0 }), "release.objectionHours"),
            (Of(new ReleasePolicy { ObjectionHours = 721 }), "release.objectionHours"),
            (Of(new FlagPolicy { HoursBetweenStages = 0 }), "flag.hoursBetweenStages"),
            (Of(new FlagPolicy { HoursBetweenStages = 721 }), "flag.hoursBetweenStages"),
            (Of(new FlagPolicy { LocksPerHour = 0 }), "flag.locksPerHour"),
            (Of(new FlagPolicy { LocksPerHour = 10_001 }), "flag.locksPerHour"),
            (Of(new HardwarePolicy { Points = 0.5m }), "hardware.points"),
            (Of(new HardwarePolicy { Points = 5 }), "hardware.points"),
            (Of(new HardwarePolicy { Points = 2.25m }), "hardware.points"),
            (Of(new CheckInPolicy { EveryDays = 0 }), "checkIn.everyDays"),
            (Of(new CheckInPolicy { EveryDays = 367 }), "checkIn.everyDays"),
            (Of(new CheckInPolicy { GraceDays = -1 }), "checkIn.graceDays"),
            (Of(new CheckInPolicy { GraceDays = 367 }), "checkIn.graceDays"),
            (Of(new TimeOnly(8, 0), new TimeOnly(8, 0)), "businessHours.until"),
            (Of(new TimeOnly(17, 0), new TimeOnly(8, 0)), "businessHours.until"),
            (Of(new TransferPolicy { FeeSku = "" }), "transfer.feeSku"),
            (Of(new TransferPolicy { FeeSku = "A B" }), "transfer.feeSku"),
            (Of(new TransferPolicy { FeeSku = "A/B" }), "transfer.feeSku"),
            (Of(new TransferPolicy { FeeSku = new string('F', 61) }), "transfer.feeSku"),
            (Of(new TransferPolicy { RenewalSku = "" }), "transfer.renewalSku"),
            (Of(new TransferPolicy { RenewalSku = new string('R', 61) }), "transfer.renewalSku"),
            (Of(new TransferPolicy { FeeSku = "X", RenewalSku = "X" }), "transfer.renewalSku"),
            (Of(new TransferPolicy { RenewalOfferedWithinDays = -1 }), "transfer.renewalOfferedWithinDays"),
            (Of(new TransferPolicy { RenewalOfferedWithinDays = 3651 }), "transfer.renewalOfferedWithinDays"),
            (Of(new TransferPolicy { RenewalInfoUrl = "http://example.org" }), "transfer.renewalInfoUrl"),
            (Of(new TransferPolicy { RenewalInfoUrl = "renew" }), "transfer.renewalInfoUrl"),
            (Of(new TransferPolicy { ChecklistDe = "1." }), "transfer.checklistEn"),
            (Of(new TransferPolicy { ChecklistEn = "1." }), "transfer.checklistDe"),
            (Of(new TransferPolicy { WhereIsTheHardwareCodeDe = "Unten" }), "transfer.whereIsTheHardwareCodeEn"),
            (Of(new TransferPolicy { WhereIsTheHardwareCodeEn = "Below" }), "transfer.whereIsTheHardwareCodeDe"),
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
        Of(new KeyScheme { Pattern = "[A-Z" }).Problems().ShouldHaveSingleItem().In("en").ShouldEndWith(KeyScheme.ProblemOf("[A-Z")!);

    [Fact]
    public void All_that_is_wrong_is_named_at_once() =>
        (Of(new CheckInPolicy { EveryDays = 0, GraceDays = -1 })
            with
        { Key = new KeyScheme { Pattern = "(" }, Transfer = new TransferPolicy { FeeSku = "" } })
            .Problems().Select(p => p.Id).ShouldBe(["checkIn.everyDays", "checkIn.graceDays", "transfer.feeSku", "key.pattern"]);

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

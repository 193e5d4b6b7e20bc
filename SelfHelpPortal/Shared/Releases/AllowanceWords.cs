using System.Globalization;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Releases;

/// <summary>Names what pages say about free releases: AllowanceWords.resx (English) and AllowanceWords.de.resx.</summary>
public sealed class AllowanceWords;

internal static class AllowanceTexts
{
    /// <summary>The free releases that are left, in plain words.</summary>
    public static string For(this IStringLocalizer<AllowanceWords> words, ReleasePolicy policy, ReleaseAllowance allowance,
        LocalTimes times) => (policy, allowance) switch
        {
            ({ DeadPc: DeadPcRule.PaidTransfer }, _) => words["OnlyTransfer"],
            ({ DeadPc: DeadPcRule.StaffOnly }, _) => words["OnlyStaff"],
            (_, { IsUsedUp: true, NextAt: { } next }) => words["UsedUp", times.Date(next, CultureInfo.CurrentUICulture)],
            ({ AllowedUnproven: { } all }, { Left: { } left }) => words["LeftOf", left, all],
            _ => words["Unlimited"],
        };
}

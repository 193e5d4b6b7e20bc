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
    /// <param name="areStopped">Nothing of this license can be released now, however many are left.</param>
    public static string For(this IStringLocalizer<AllowanceWords> words, ReleasePolicy policy, ReleaseAllowance allowance,
        LocalTimes times, bool areStopped = false) => (policy, allowance) switch
        {
            _ when areStopped => words["Stopped"],
            ({ DeadPc: DeadPcRule.PaidTransfer }, _) => words["OnlyTransfer"],
            ({ DeadPc: DeadPcRule.StaffOnly }, _) => words["OnlyStaff"],
            (_, { IsUsedUp: true, NextAt: { } next }) => words["UsedUp", times.Date(next, CultureInfo.CurrentUICulture)],
            ({ AllowedUnproven: { } all }, { Left: { } left }) => words["LeftOf", left, all],
            _ => words["Unlimited"],
        };
}

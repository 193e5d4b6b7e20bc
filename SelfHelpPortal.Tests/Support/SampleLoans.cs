using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Customer.Loans;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A license whose only computer, KASSE-1, is being repaired, and a loan for ERSATZ that has been begun.</summary>
/// <param name="Token">Of the page of whoever asked.</param>
internal sealed record SampleLoan(SampleLicense License, string Email, string Token, Guid Id)
{
    public PortalFactory Portal => License.Portal;

    public string Page => $"/loan/{Token}";

    public async Task<Loan> ReadAsync()
    {
        await using var db = Portal.Open();
        return await db.Loans.AsNoTracking().SingleAsync(l => l.Id == Id);
    }

    /// <summary>Sends it, as whoever asked does with one button.</summary>
    public async Task<LoanOutcome> SendAsync() =>
        (await Portal.Services.GetRequiredService<SendLoan>()
            .ExecuteAsync(Token, chosen: null, SampleAppointments.Somebody(), person: null, Portal.Clock.Now, default))!.Outcome;

    /// <summary>The owner's page, as the mail would lead there.</summary>
    public Task<string> OwnerTokenAsync() => License.LinkAsync(LinkPurpose.Loan, Id);
}

internal static class SampleLoans
{
    public static readonly LoanPolicy Offered = new() { LongestDays = 42, OverlapDays = 7 };

    public static readonly ReleasePolicy AtOnce = A.FreeRelease;

    /// <param name="byKey">The key was typed; otherwise only the number.</param>
    /// <param name="days">From today to the last day.</param>
    public static async Task<SampleLoan> AddLoanAsync(
        this PortalFactory portal, LoanPolicy? loans = null, ReleasePolicy? release = null, bool byKey = true, int days = 14)
    {
        var license = await portal.AddLicenseAsync(
            release ?? AtOnce, loans: loans ?? Offered, transfer: new() { FeeSku = "FEE" }, computers: "KASSE-1");
        var email = SampleAppointments.Wish().Email;
        await license.OfAsync(email);
        var productId = (await license.ReadAsync()).ProductId;
        var today = portal.Services.GetRequiredService<LocalTimes>().Today(portal.Clock.Now);
        var begun = await portal.Services.GetRequiredService<BeginLoan>().ExecuteAsync(
            productId, byKey ? license.Key : license.Number, new Computer(A.Hardware("ERSATZ"), "ERSATZ", "1.0"), "Netzteil von Kasse 1",
            today.AddDays(days), SampleAppointments.Somebody(), person: null, portal.Clock.Now, default);
        await using var db = portal.Open();
        var id = (await SecretLinks.FindAsync(db, LinkPurpose.LoanRequest, begun.Token, portal.Clock.Now))!.RecordId;
        return new SampleLoan(license, email, begun.Token!, id);
    }
}

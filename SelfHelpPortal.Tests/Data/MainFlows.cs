using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>
/// What people and machines do most, by commands, API, pages and the acts of staff, in a running portal that has the demo's products. It
/// fills the dump of a release, and shows that an installation works after an upgrade.
/// </summary>
internal sealed class MainFlows(PortalFactory portal)
{
    private const string Product = ApiPortal.Beam;

    public async Task WalkAsync()
    {
        await LicenseMovesAsync();
        await DeadTillAsync();
        await SignInAsync();
        (await portal.RunAsync("verify", "history")).ShouldSatisfyAllConditions(r => r.Exit.ShouldBe(ExitCode.Done, r.Output));
    }

    /// <summary>
    /// A computer that the earlier release activated goes on, and its key still opens the license. Only with the secrets of that time.
    /// </summary>
    public async Task GoOnAsync()
    {
        (await portal.RunAsync("check", "restore")).ShouldSatisfyAllConditions(r => r.Exit.ShouldBe(ExitCode.Done, r.Output));
        using var client = portal.CreateClient();
        await using var db = portal.Open();
        var id = await db.Licenses.Where(l => l.ProductId == Product).OrderBy(l => l.CreatedAt).ThenBy(l => l.Number).Select(l => l.Id)
            .FirstAsync();
        var license = (await db.LoadLicenseAsync(id, default)).ShouldNotBeNull();
        var activation = license.ActiveComputers.First();
        var till = new Till(client, portal.Clock, activation.PcName!, Product,
            portal.Services.GetRequiredService<LicenseFactory>().KeyOf(license))
        {
            HardwareCode = activation.HardwareCode.ToString(),
            Handle = activation.Handle,
            Generation = activation.Generation,
            Secret = portal.Services.GetRequiredService<ActivationSecretsFactory>().Open(activation),
        };

        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
        using var page = await new Browser(portal).GetAsync("/release");
        await page.SubmitAsync(("ActivationKey", till.Key));
        page.Outcome.ShouldBe("confirm", page.Words);
    }

    /// <summary>Import, activation, release by key, check-in of both, lock and unlock.</summary>
    private async Task LicenseMovesAsync()
    {
        var key = await ImportAsync();
        using var client = portal.CreateClient();
        var dead = new Till(client, portal.Clock, $"ALT-{key[^5..]}", Product, key);
        var next = new Till(client, portal.Clock, $"NEU-{key[^5..]}", Product, key);
        (await dead.ActivateAsync()).ShouldBeActivated(201);
        (await next.ActivateAsync()).Code.ShouldBe("TOO_MANY_ACTIVATIONS");

        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        using var page = await new Browser(portal).GetAsync("/release");
        await page.SubmitAsync(("ActivationKey", key));
        page.Outcome.ShouldBe("confirm", page.Words);
        await page.SubmitAsync(("Reason", "Netzteil defekt"));
        page.Outcome.ShouldBe("released", page.Words);

        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        (await next.ActivateAsync()).ShouldBeActivated(201);
        (await next.CheckAsync()).ShouldBe("VALID", valid: true);
        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        var locked = (await dead.CheckAsync()).ShouldBe("LOCKED_ILLEGAL", valid: false);
        (await next.CheckAsync()).ShouldBe("LOCKED_ILLEGAL", valid: false);

        var clerk = await StaffUser.CreateAsync(portal);
        var unlocked = await portal.Services.GetRequiredService<UnlockLicense>().ExecuteAsync(
            new StaffAct(Guid.NewGuid(), await clerk.ActorAsync(), "Der alte PC ist verschrottet"),
            locked["caseNumber"]!.GetValue<string>(), new(FlagCause.RepairedPc), portal.Clock.Now, default);
        unlocked.ShouldBe(StaffResult.Done);
        (await next.CheckAsync()).ShouldBe("VALID", valid: true);
    }

    /// <summary>
    /// An order by the codes of the tills that still work; the owner confirms, and license and invoice are there. The numbers go on without
    /// a gap.
    /// </summary>
    private async Task DeadTillAsync()
    {
        var before = await InvoiceNumbersAsync();
        var tills = await Tills.AddAsync(portal, policy: Tills.Policy with { Review = TransferReview.Automatic });
        using var orderer = new Browser(portal);
        var request = await tills.OrderAsync(orderer, email: tills.Owner);
        using var owner = await new Browser(portal).GetAsync(await tills.LinkAsync(request.Reference!, "transfer-confirm"));
        await owner.ConfirmAsync();
        owner.Outcome.ShouldBe("submitted", owner.Words);

        (await tills.ReadAsync(request.Id)).State.ShouldBe(TransferState.Completed);
        var issued = (await InvoiceNumbersAsync()).Except(before).ShouldHaveSingleItem();
        var year = portal.Clock.Now.Year;
        issued.ShouldBe(
            InvoiceNumber.Format(InvoiceKind.Invoice, year, before.Count(n => n.StartsWith($"{year}-", StringComparison.Ordinal)) + 1));

        // The customer's account has the invoice.
        var person = await CustomerUser.CreateAsync(portal, tills.CustomerId);
        using var account = await person.SignInAsync();
        await account.GetAsync("/my/invoices");
        account.Words.ShouldContain("83,30");
    }

    /// <summary>A clerk signs in with password and app.</summary>
    private async Task SignInAsync()
    {
        using var clerk = await (await StaffUser.CreateAsync(portal)).SignInAsync();
        await clerk.GetAsync("/staff");
        clerk.Path.ShouldBe("/staff");
    }

    private async Task<string> ImportAsync()
    {
        await using var db = portal.Open();
        var number = $"L-{await db.Licenses.CountAsync() + 90_000}";
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file, $"product,license_number,seats,company,email,language\n{Product},{number},1,Muster Technik "
                    + $"GmbH,technik@muster-technik.example,de\n");
            (await portal.RunAsync("import", "licenses", file)).ShouldSatisfyAllConditions(r => r.Exit.ShouldBe(ExitCode.Done, r.Output));
        }
        finally
        {
            File.Delete(file);
        }

        var license = await db.Licenses.AsNoTracking().SingleAsync(l => l.Number == number);
        return portal.Services.GetRequiredService<LicenseFactory>().KeyOf(license);
    }

    private async Task<List<string>> InvoiceNumbersAsync()
    {
        await using var db = portal.Open();
        return await db.Invoices.Select(i => i.Number).ToListAsync();
    }
}

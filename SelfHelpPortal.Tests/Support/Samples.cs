using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A license in a running portal, and what its customer and its computers hold.</summary>
internal sealed record SampleLicense(PortalFactory Portal, Guid Id, string Number, string Key, ProductPolicies Policies)
{
    public const string Owner = "inhaber@muster-gastro.example";

    public string LastFive => Key[^5..];

    /// <summary>Acts on the license as the rules allow, outside every page.</summary>
    public async Task<T> ActAsync<T>(Func<License, PortalDbContext, Task<T>> act)
    {
        await using var db = Portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var license = await db.LockLicenseAsync(Id, CancellationToken.None);
        var result = await act(license!, db);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return result;
    }

    public Task<Activation> ActivateAsync(string pc) => ActAsync((license, _) =>
        Task.FromResult(license.Activate(new Computer(A.Hardware(pc), pc, "1.0"), Make<ActivationSecretsFactory>().Make(),
            Policies.Hardware, Portal.Clock.Now).ShouldSucceed().Activation));

    /// <summary>Takes the license off a computer, whatever the policy says.</summary>
    public Task<Activation> ReleaseAsync(
        string pc, ReleaseMethod method = ReleaseMethod.ActivationKey, DateTimeOffset? goesOnUntil = null) => ActAsync((license, _) =>
        Task.FromResult(license.Release(Last(license, pc), method, A.FreeRelease, Portal.Clock.Now, goesOnUntil: goesOnUntil)
            .ShouldSucceed().Activation));

    /// <summary>A released computer is seen beside the one that took its seat.</summary>
    /// <returns>The number of the case.</returns>
    public Task<string> SightAsync(string pc) => ActAsync(async (license, db) =>
    {
        var number = await Numbers.NextFlagAsync(db, CancellationToken.None);
        var activation = Last(license, pc);
        license.DetectConcurrentUse(activation, activation.HardwareCode, Policies, new SightingCircumstances(Portal.Clock.Now, true, true),
            number, Portal.Clock.Now).ShouldNotBeNull();
        return number;
    });

    /// <summary>Gives the license's customer another address on file, name and language.</summary>
    public async Task<Guid> OfAsync(string address, string company = "Muster Gastro GmbH", string language = "de")
    {
        await using var db = Portal.Open();
        var customer = await db.Customers.SingleAsync(c => db.Licenses.Any(l => l.Id == Id && l.CustomerId == c.Id));
        (customer.Email, customer.Company, customer.Language) = (address, company, language);
        await db.SaveChangesAsync();
        return customer.Id;
    }

    public Task SuspendAsync() => ActAsync((license, _) => Task.FromResult(license.Suspend().ShouldSucceed()));

    public async Task<License> ReadAsync()
    {
        await using var db = Portal.Open();
        return (await db.LoadLicenseAsync(Id, CancellationToken.None))!;
    }

    public async Task<IReadOnlyList<LicenseEvent>> EventsAsync()
    {
        await using var db = Portal.Open();
        return await db.Events.AsNoTracking().Where(e => e.Stream == Id).OrderBy(e => e.Seq).ToListAsync();
    }

    /// <summary>What the computer shows once it gave up its license: the link under its QR code.</summary>
    public async Task<string> QrTokenAsync(string pc) =>
        await FromSecretAsync(pc, (secret, a) => ReleaseLink.Token(secret, a.Handle, a.Generation));

    public async Task<string> VerificationCodeAsync(string pc) =>
        await FromSecretAsync(pc, (secret, a) => VerificationCode.Compute(secret, a.Handle, a.Generation).ToString());

    public async Task<string> EmergencyCodeAsync(string pc) =>
        await FromSecretAsync(pc, (secret, a) => EmergencyCode.Compute(secret, a.Handle, a.Generation, Portal.Clock.Now.Year).ToString());

    /// <summary>A link as a mail carries it.</summary>
    public async Task<string> LinkAsync(LinkPurpose purpose, Guid record)
    {
        await using var db = Portal.Open();
        var token = SecretLinks.Issue(db, purpose, record, Portal.Clock.Now);
        await db.SaveChangesAsync();
        return token;
    }

    private static Activation Last(License license, string pc) => license.Activations.Where(a => a.PcName == pc).MaxBy(a => a.ActivatedAt)!;

    private async Task<string> FromSecretAsync(string pc, Func<byte[], Activation, string> make)
    {
        var activation = Last(await ReadAsync(), pc);
        return make(Make<ActivationSecretsFactory>().Open(activation), activation);
    }

    private T Make<T>()
        where T : notnull => Portal.Services.GetRequiredService<T>();
}

internal static class Samples
{
    private static int _count;

    /// <summary>A license of a product of its own, active on these computers for a month.</summary>
    public static async Task<SampleLicense> AddLicenseAsync(
        this PortalFactory portal, ReleasePolicy? release = null, int seats = 1, string? foreignKey = null, KeyScheme? keys = null,
        FlagPolicy? flag = null, LoanPolicy? loans = null, TransferPolicy? transfer = null, params string[] computers)
    {
        var policies = new ProductPolicies
        {
            Release = release ?? A.FreeRelease,
            Flag = flag ?? new FlagPolicy { Rule = FlagRule.Strict },
            Key = keys ?? KeyScheme.Own,
            Loans = loans ?? new LoanPolicy(),
            Transfer = transfer ?? new TransferPolicy(),
            Links = new ProductLinks
            {
                DownloadUrl = "https://muster-software.example/download",
                VersionListUrl = "https://muster-software.example/versions"
            },
        };
        var number = Interlocked.Increment(ref _count);
        var key = ActivationKey.New();
        await using var db = portal.Open();
        var product = Product.Create($"sample-{number}", "BeamAlign", policies);
        var customer = new Customer
        {
            Number = await Numbers.NextCustomerAsync(db, CancellationToken.None),
            Company = "Muster Gastro GmbH",
            Email = SampleLicense.Owner
        };
        var license = portal.Services.GetRequiredService<LicenseFactory>().Make(
            await Numbers.NextLicenseAsync(db, CancellationToken.None), product.Id, customer.Id, foreignKey ?? key.Normalized, foreignKey
            ?? key.ToString(), seats, portal.Clock.Now);
        db.AddRange(product, customer, license);
        EventLog.Begin(db, license.Id, EventKind.Imported, new EventData { After = license.State.ToString() }, Actor.Operator,
            portal.Clock.Now);
        await db.SaveChangesAsync();
        portal.Services.GetRequiredService<ProductCatalog>().Forget();

        var sample = new SampleLicense(portal, license.Id, license.Number, foreignKey ?? key.ToString(), policies);
        foreach (var pc in computers)
        {
            await sample.ActivateAsync(pc);
        }

        return sample;
    }
}

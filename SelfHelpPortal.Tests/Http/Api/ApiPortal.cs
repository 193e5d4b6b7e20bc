using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Settings;
using SelfHelpPortal.Features.Staff.SeedDemo;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Api;

/// <summary>
/// A portal with the two demo products and one customer, for licensed software to talk to. A class fixture, or made in a test.
/// </summary>
public sealed class ApiPortal : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>Staged flags; a dead PC costs a transfer.</summary>
    public const string Pos = "muster-pos";

    /// <summary>Strict flags; a dead PC is released at once.</summary>
    public const string Beam = "beamalign";

    private Guid _customer;
    private HttpClient? _client;

    internal PortalFactory Portal { get; init; } = new();

    internal HttpClient Client => _client!;

    internal TestClock Clock => Portal.Clock;

    public async Task InitializeAsync()
    {
        await Portal.InitializeAsync();
        _client = Portal.CreateClient();
        await Portal.Services.GetRequiredService<SettingsFile>()
            .SaveAsync(SeedDemo.Settings(Clock.Now), Clock.Now, CancellationToken.None);
        await using var db = Portal.Open();
        var customer = new Customer { Number = "C-10042", Company = "Muster Gastro GmbH", Email = "inhaber@muster-gastro.example" };
        db.Customers.Add(customer);
        await db.SaveChangesAsync();
        _customer = customer.Id;
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await Portal.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    /// <summary>A new license; the answer is its activation key.</summary>
    internal async Task<string> LicenseAsync(string product = Pos, int seats = 1, DateTimeOffset? expires = null)
    {
        var key = ActivationKey.New();
        await using var db = Portal.Open();
        var license = Portal.Services.GetRequiredService<LicenseFactory>().Make(
            await Numbers.NextLicenseAsync(db, CancellationToken.None), product, _customer, key.Normalized, key.ToString(), seats,
            Clock.Now);
        license.ExpiresAt = expires;
        license.MaintenanceUntil = new DateOnly(2027, 1, 31);
        db.Licenses.Add(license);
        EventLog.Begin(db, license.Id, EventKind.Imported, new EventData { After = license.State.ToString() }, Actor.Operator, Clock.Now);
        await db.SaveChangesAsync();
        return key.ToString();
    }

    /// <summary>A computer with this software on it that has a license of its own.</summary>
    internal async Task<Till> TillAsync(
        string name, string product = Pos, string? key = null, int seats = 1, DateTimeOffset? expires = null) =>
        new(this, name, product, key ?? await LicenseAsync(product, seats, expires));

    /// <summary>The same, and activated.</summary>
    internal async Task<Till> ActiveTillAsync(
        string name, string product = Pos, string? key = null, int seats = 1, DateTimeOffset? expires = null)
    {
        var till = await TillAsync(name, product, key, seats, expires);
        (await till.ActivateAsync()).Status.ShouldBe(201);
        return till;
    }

    /// <summary>What staff do to the license that this computer uses or used; the staff pages have tests of their own.</summary>
    internal async Task StaffAsync(Till till, Action<License, Activation> act)
    {
        await using var db = Portal.Open();
        var id = await db.Activations.Where(a => a.Handle == till.Handle).Select(a => a.LicenseId).SingleAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var license = (await db.LockLicenseAsync(id, CancellationToken.None))!;
        act(license, license.Activations.Single(a => a.Handle == till.Handle));
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    /// <summary>What staff do to a license that no computer has used yet.</summary>
    internal async Task StaffAsync(string key, Action<License> act)
    {
        await using var db = Portal.Open();
        var lastFive = key[^5..];
        var id = await db.Licenses.Where(l => l.Key.LastFive == lastFive).OrderByDescending(l => l.Id).Select(l => l.Id).FirstAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        act((await db.LockLicenseAsync(id, CancellationToken.None))!);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    internal async Task<License> LicenseOfAsync(Till till)
    {
        await using var db = Portal.Open();
        var id = await db.Activations.Where(a => a.Handle == till.Handle).Select(a => a.LicenseId).SingleAsync();
        return (await db.LoadLicenseAsync(id, CancellationToken.None))!;
    }
}

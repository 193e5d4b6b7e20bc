using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Machine.CheckIn;
using SelfHelpPortal.Features.Machine.Release;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Tests.Features.Staff;
using SelfHelpPortal.Tests.Support;
using SelfHelpPortal.Tests.Walks;

namespace SelfHelpPortal.Tests.Features;

/// <summary>
/// T30: 32 workers activate, release, check in, lock, unlock, suspend and move one license, all at once. No deadlock comes to the surface
/// and the license keeps its rules. Three storms, more if an act has not succeeded by then; forty with <c>SELFHELP_LONG=1</c>.
/// </summary>
public sealed class StormTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private const int Workers = 32;
    private const int ActsEach = 4;
    private const int Move = 7;
    private const int MostStorms = 40;

    // Activate and check in.
    private static readonly int[] KeepTheComputer = [0, 1, 4];
    private static readonly int Storms = Effort.Times(3, MostStorms);

    // A storm in which nothing succeeds would prove nothing.
    private static readonly string[] HaveToSucceed = ["activated", "released", "checked in", "suspended", "resumed"];

    private PortalFactory Portal => ground.Portal;

    [Fact]
    public async Task Everything_at_once_on_one_license_keeps_its_rules()
    {
        var random = new Seeded();
        var did = new ConcurrentDictionary<string, int>();
        for (var storm = 0; storm < Storms || (storm < MostStorms && HaveToSucceed.Any(word => !did.ContainsKey(word))); storm++)
        {
            var order = await Portal.AddTransferAsync();
            // The order can only be settled while its old computer still has the license, so some begin with that.
            var acts = Enumerable.Range(0, Workers).Select(worker => Acts(worker, random)).ToList();
            await Task.WhenAll(acts.Select((list, worker) => Task.Run(async () =>
            {
                foreach (var act in list)
                {
                    var word = await ActAsync(order, act, worker);
                    did.AddOrUpdate(word, 1, (_, n) => n + 1);
                }
            })));
            await ShouldKeepItsRulesAsync(order, $"storm {storm}, seed {random.Seed}");
        }

        HaveToSucceed.ShouldBeSubsetOf(did.Keys, string.Join(", ", did.Select(d => $"{d.Key} {d.Value}")));
    }

    private static int[] Acts(int worker, Seeded random) => [.. Enumerable.Range(0, ActsEach).Select(place =>
        place == 0 && worker < 8 ? Move : place < 2 ? random.Of(KeepTheComputer) : random.Below(Move + 1))];

    private async Task<string> ActAsync(SampleTransfer order, int act, int worker)
    {
        var license = order.Licenses[0];
        switch (act)
        {
            case 0 or 1:
                var pc = $"PC-{worker % 4} {order.Reference}";
                var activated = await ground.Use<ActivateLicense>().ExecuteAsync(
                    new ActivateRequest(license.Key, await ProductAsync(license), new Computer(A.Hardware(pc), pc, "1.0")),
                    PortalWalk.Caller, Portal.Clock.Now, default);
                return activated.Outcome.Succeeded ? "activated" : "not activated";
            case 2 or 3:
                return await ProofAsync(license, active: true, DeviceProof.Release, worker) is not { } release
                    ? "nothing to release"
                    : (await ground.Use<ReleaseFromApp>()
                        .ExecuteAsync(release.Request, PortalWalk.Caller, Portal.Clock.Now, default)).Succeeded
                            ? "released"
                            : "not released";
            case 4:
                if (await ProofAsync(license, active: false, DeviceProof.Check, worker) is not { } check)
                {
                    return "nothing to check";
                }

                var seen = new CheckInRequest(check.Request, check.Hardware, "1.0");
                return (await ground.Use<CheckInComputer>().ExecuteAsync(seen, PortalWalk.Caller, Portal.Clock.Now, default)).Succeeded
                    ? "checked in"
                    : "not checked in";
            case 5:
                var suspended = await ground.Use<SuspendLicense>()
                    .ExecuteAsync(await ground.ActAsync(), license.Id, Portal.Clock.Now, default);
                return suspended.Succeeded ? "suspended" : "not suspended";
            case 6:
                var resumed = await ground.Use<ReinstateLicense>()
                    .ExecuteAsync(await ground.ActAsync(), license.Id, Portal.Clock.Now, default);
                return await UnlockAsync(license) || resumed.Succeeded ? "resumed" : "not resumed";
            default:
                var moved = await ground.Use<SettleTransfer>()
                    .ExecuteAsync(await ground.ActAsync(by: ground.Administrator), order.Id, Portal.Clock.Now, default);
                return moved.Succeeded ? "moved" : "not moved";
        }
    }

    private async Task<bool> UnlockAsync(SampleLicense license)
    {
        await using var db = Portal.Open();
        var flag = await db.Flags.Where(f => f.LicenseId == license.Id && f.ResolvedAt == null).Select(f => f.Number).FirstOrDefaultAsync();
        return flag is not null
            && (await ground.Use<UnlockLicense>()
                .ExecuteAsync(await ground.ActAsync(), flag, new(FlagCause.RepairedPc), Portal.Clock.Now, default)).Succeeded;
    }

    private async Task<(DeviceRequest Request, HardwareCode Hardware)?> ProofAsync(
        SampleLicense license, bool active, string purpose, int worker)
    {
        await using var db = Portal.Open();
        var activations = await db.Activations.AsNoTracking()
            .Where(a => a.LicenseId == license.Id && (a.State == ActivationState.Active) == active).ToListAsync();
        if (activations.Count == 0)
        {
            return null;
        }

        var any = activations[worker % activations.Count];
        var (nonce, ts) = (Guid.NewGuid().ToString("n"), Portal.Clock.Now.ToUnixTimeSeconds());
        var secret = ground.Use<ActivationSecretsFactory>().Open(any);
        return (new DeviceRequest(any.Handle, any.Generation, nonce, ts,
            DeviceProof.Compute(purpose, any.Handle, any.Generation, nonce, ts, secret)), any.HardwareCode);
    }

    private static async Task<string> ProductAsync(SampleLicense license) => (await license.ReadAsync()).ProductId;

    private async Task ShouldKeepItsRulesAsync(SampleTransfer order, string where)
    {
        var license = await order.Licenses[0].ReadAsync();
        license.ActiveComputers.Count().ShouldBeLessThanOrEqualTo(license.Seats, where);
        license.Activations.GroupBy(a => (a.Seat, a.Generation)).ShouldAllBe(same => same.Count() == 1, where);

        var events = await order.Licenses[0].EventsAsync();
        events.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, events.Count), where);
        EventLog.IsIntact(events).ShouldBeTrue(where);
        events.Where(e => e.Kind == EventKind.Released).Select(e => EventLog.Read(e.Data).Activation!.Value)
            .ShouldBe(license.Activations.Where(a => a.ReleasedBy is not (null or ReleaseMethod.Transfer)).Select(a => a.Id),
                ignoreOrder: true, where);

        await using var db = Portal.Open();
        var invoices = await db.Invoices.CountAsync(i => i.TransferRequestId == order.Id);
        invoices.ShouldBe((await order.ReadAsync()).State == TransferState.Completed ? 1 : 0, where);
    }
}

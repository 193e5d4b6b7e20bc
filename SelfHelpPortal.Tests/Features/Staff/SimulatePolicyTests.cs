using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Licensing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>A limit of releases without proof, tried on what customers really did.</summary>
public sealed class SimulatePolicyTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    [Fact]
    public async Task It_says_for_each_limit_whom_it_would_have_refused()
    {
        var license = await Portal.AddLicenseAsync(computers: ["PC-0"]);
        var product = (await license.ReadAsync()).ProductId;
        // Three moves that counted; the first of them more than a year ago.
        foreach (var move in Enumerable.Range(0, 3))
        {
            await license.ReleaseAsync($"PC-{move}");
            Portal.Clock.Advance(TimeSpan.FromHours(1));
            await license.ActivateAsync($"PC-{move + 1}");
            Portal.Clock.Advance(move == 0 ? TimeSpan.FromDays(400) : TimeSpan.FromDays(10));
        }

        var simulated = await SimulateAsync(product, refillDays: 180);

        (simulated.Customers, simulated.Releases).ShouldBe((1, 2));
        simulated.Limits.Select(l => l.Allowed).ShouldBe(Enumerable.Range(0, SimulatePolicy.MostAllowed + 1));
        simulated.Limits.Take(4).Select(l => (l.Customers, l.Refused)).ShouldBe([(1, 2), (1, 1), (0, 0), (0, 0)]);
    }

    [Fact]
    public async Task Of_a_product_that_nobody_released_there_is_nothing_to_say()
    {
        var license = await Portal.AddLicenseAsync(computers: ["PC-0"]);

        var simulated = await SimulateAsync((await license.ReadAsync()).ProductId, refillDays: 180);

        (simulated.Customers, simulated.Releases).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Whatever_is_typed_is_answered()
    {
        foreach (var days in new[] { int.MinValue, 0, int.MaxValue })
        {
            (await SimulateAsync("muster-pos", days)).Releases.ShouldBe(0);
        }
    }

    [Fact]
    public async Task Only_administrators_may_ask() =>
        (await ground.Use<SimulatePolicy>().ExecuteAsync(
            await ground.Clerk.ActorAsync(), "muster-pos", new ReleasePolicy(), Portal.Clock.Now, default)).Refused
            .ShouldBe(StaffRefusal.NotPermitted);

    private async Task<PolicySimulation> SimulateAsync(string product, int refillDays) =>
        (await ground.Use<SimulatePolicy>().ExecuteAsync(
            await ground.Administrator.ActorAsync(), product, A.FreeRelease with { RefillDays = refillDays }, Portal.Clock.Now, default))
            .Value!;
}

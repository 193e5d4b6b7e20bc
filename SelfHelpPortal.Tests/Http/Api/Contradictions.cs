namespace SelfHelpPortal.Tests.Http.Api;

internal static class Contradictions
{
    /// <summary>
    /// The old computer is released (by staff, so without a proof), the new one has the seat, and the old one was started again but has not
    /// checked in yet.
    /// </summary>
    public static async Task<(Till Old, Till New)> ContradictionAsync(this ApiPortal portal, string product)
    {
        var old = await portal.ActiveTillAsync("ALT-" + Guid.NewGuid().ToString("n")[..6], product);
        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        await portal.StaffAsync(old, (license, activation) => license.ReleaseByStaff(activation, portal.Clock.Now));
        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        var taker = await portal.ActiveTillAsync("NEU-" + Guid.NewGuid().ToString("n")[..6], product, old.Key);
        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        return (old, taker);
    }
}

using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Shared.Access;

/// <summary>Notes who opened a circuit, and drops every event that comes after the sign-in has ended.</summary>
internal sealed class StaffCircuitHandler(StaffSession session, StaffCircuits circuits, AuthenticationStateProvider authentication)
    : CircuitHandler
{
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        if (StaffActor.From(state.User) is { } actor)
        {
            session.Actor = actor;
            circuits.Add(session, actor);
            // What changed between the handshake and now was told to nobody.
            try
            {
                await circuits.CheckAsync(session, actor, cancellationToken);
            }
            catch (Exception failure) when (DatabaseFaults.IsUnavailable(failure))
            {
                // Its pages say so, and the next look is a minute away.
            }
        }
        else
        {
            session.End();
        }
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        circuits.Remove(session);
        return Task.CompletedTask;
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(
        Func<CircuitInboundActivityContext, Task> next) =>
        context => session.IsEnded ? Task.CompletedTask : next(context);
}

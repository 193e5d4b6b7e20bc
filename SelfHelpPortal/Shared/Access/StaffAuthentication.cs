using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// Looks at the account of an open circuit every minute, in case a notification was lost and for the end of the sign-in's time.
/// </summary>
internal sealed class StaffAuthentication(StaffSession session, StaffCircuits circuits, ILoggerFactory loggers)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => AccountOptions.Revalidation;

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return StaffActor.From(authenticationState.User) is { } actor && await circuits.CheckAsync(session, actor, cancellationToken);
        }
        catch (Exception failure) when (DatabaseFaults.IsUnavailable(failure))
        {
            // Nobody is signed out because the database is away. Until it is back no act can be done, and each looks at the account itself.
            return true;
        }
    }
}

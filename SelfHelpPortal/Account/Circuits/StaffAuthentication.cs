using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace SelfHelpPortal.Account.Circuits;

/// <summary>Looks at the account of an open circuit every minute, in case a notification was lost and for the end of the sign-in's time.</summary>
internal sealed class StaffAuthentication(StaffSession session, StaffCircuits circuits, ILoggerFactory loggers) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => AccountSetup.Revalidation;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        StaffActor.Of(authenticationState.User) is { } actor && await circuits.CheckAsync(session, actor, cancellationToken);
}

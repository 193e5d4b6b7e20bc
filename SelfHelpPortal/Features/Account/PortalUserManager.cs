using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Features.Account;

/// <summary>Identity's, with recovery codes of our own making.</summary>
internal sealed class PortalUserManager(
    IUserStore<PortalUser> store,
    IOptions<IdentityOptions> options,
    IPasswordHasher<PortalUser> hasher,
    IEnumerable<IUserValidator<PortalUser>> userValidators,
    IEnumerable<IPasswordValidator<PortalUser>> passwordValidators,
    ILookupNormalizer normalizer,
    IdentityErrorDescriber errors,
    IServiceProvider services,
    ILogger<PortalUserManager> log)
    : UserManager<PortalUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, log)
{
    protected override string CreateTwoFactorRecoveryCode() => RecoveryCode.New();
}

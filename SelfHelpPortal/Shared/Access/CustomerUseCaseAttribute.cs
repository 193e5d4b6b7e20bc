using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Shared.Access;

/// <summary>A use case of people who are signed in, on what belongs to a customer.</summary>
/// <param name="role">The least role that is enough.</param>
internal sealed class CustomerUseCaseAttribute(CustomerRole role) : UseCaseAttribute
{
    public CustomerRole Role { get; } = role;

    /// <exception cref="InvalidOperationException">The use case carries no such mark.</exception>
    public static CustomerRole RoleOf(Type useCase) => Get<CustomerUseCaseAttribute>(useCase).Role;

    /// <inheritdoc cref="RoleOf(Type)"/>
    public static CustomerRole RoleOf<TUseCase>() => RoleOf(typeof(TUseCase));
}

/// <summary>A use case that everybody who is signed in may call for the own account, member of a customer or not.</summary>
internal sealed class OwnAccountUseCaseAttribute : UseCaseAttribute;

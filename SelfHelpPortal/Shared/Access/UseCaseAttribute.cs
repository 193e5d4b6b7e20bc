using System.Reflection;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// Marks a class as a use case that asks who somebody is, and says whom it lets in. The gate reads it from here, so that a use case and its
/// permission are one thing; all of them are singletons, since each call opens its own context.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal abstract class UseCaseAttribute : Attribute
{
    /// <returns>Every use case of the portal that carries such a mark.</returns>
    public static IEnumerable<Type> All() =>
        typeof(UseCaseAttribute).Assembly.GetTypes().Where(t => t.GetCustomAttribute<UseCaseAttribute>() is not null);

    /// <exception cref="InvalidOperationException">The class carries no <typeparamref name="T"/>.</exception>
    public static T Get<T>(Type useCase)
        where T : UseCaseAttribute =>
        useCase.GetCustomAttribute<T>()
            ?? throw new InvalidOperationException(
                $"The use case {useCase.Name} has no [{typeof(T).Name[..^"Attribute".Length]}]; add it to the class.");
}

internal static class UseCaseSetup
{
    public static void AddUseCases(this IServiceCollection services)
    {
        foreach (var useCase in UseCaseAttribute.All())
        {
            services.AddSingleton(useCase);
        }
    }
}

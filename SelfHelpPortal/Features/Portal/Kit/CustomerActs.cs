using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Commands;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.Kit;

/// <summary>What every act under <c>/my</c> carries.</summary>
/// <param name="CommandId">Made when the form was first shown: however often it is sent, the act happens once.</param>
internal sealed record CustomerAct(Guid CommandId, CustomerActor Actor);

/// <summary>Why an act under <c>/my</c> was stopped before its own rules were asked, or refused by them with nothing more to say.</summary>
public enum CustomerRefusal
{
    SignInEnded,

    /// <summary>The role is not enough.</summary>
    NotPermitted,

    /// <summary>Unknown, or another customer's: one answer for both.</summary>
    NotFound,

    /// <summary>This form was sent before with another content.</summary>
    SentBefore,

    /// <summary>Somebody has changed it meanwhile, or it makes no sense in this state.</summary>
    Conflict,
}

/// <summary>How an act ended. Sent again, it has the same end.</summary>
internal readonly record struct CustomerAnswer<T>(T? Value, CustomerRefusal? Refused)
    where T : class
{
    public static implicit operator CustomerAnswer<T>(T value) => new(value, null);

    public static implicit operator CustomerAnswer<T>(CustomerRefusal refusal) => new(null, refusal);
}

/// <summary>
/// What customers change of their own, they change in the order of <see cref="CommandRunner"/>; account and membership are checked.
/// </summary>
internal sealed class CustomerActs(CommandRunner commands, CustomerGate gate)
{
    /// <param name="useCase">Whose <see cref="CustomerUseCaseAttribute"/> counts.</param>
    /// <param name="customer">Whose it is: found by a query that asked for the membership (<see cref="Customers.For"/>).</param>
    /// <param name="content">What is asked for, so that a repetition with another content is noticed.</param>
    /// <param name="decide">Locks, asks for the owner again, decides, and adds event and mail. It neither saves nor commits.</param>
    public Task<CustomerAnswer<T>> RunAsync<T>(
        Type useCase, CustomerAct act, Guid customer, object content, Func<PortalDbContext, Task<CustomerAnswer<T>>> decide,
        DateTimeOffset now,
        CancellationToken cancellationToken)
        where T : class =>
        RunAsync(
            useCase, act, new { customer, content }, db =>
                gate.CheckAsync(db, act.Actor, customer, CustomerUseCaseAttribute.RoleOf(useCase), now, cancellationToken), decide, now,
            cancellationToken);

    /// <summary>The same for an act on a license, which its key may be enough for.</summary>
    /// <param name="own">Found by <see cref="OwnLicense.FindAsync"/>.</param>
    public Task<CustomerAnswer<T>> RunAsync<T>(
        Type useCase, CustomerAct act, OwnLicense own, object content, Func<PortalDbContext, Task<CustomerAnswer<T>>> decide,
        DateTimeOffset now,
        CancellationToken cancellationToken)
        where T : class =>
        RunAsync(
            useCase, act, new { customer = own.CustomerId, license = own.Id, content },
            db => gate.CheckAsync(db, act.Actor, own.CustomerId, own.Id, CustomerUseCaseAttribute.RoleOf(useCase), now, cancellationToken),
            decide, now, cancellationToken);

    /// <summary>
    /// The same for an act on the person's own account, in which no customer has a say (<see cref="OwnAccountUseCaseAttribute"/>).
    /// </summary>
    public Task<CustomerAnswer<T>> RunOwnAsync<T>(
        Type useCase, CustomerAct act, object content, Func<PortalDbContext, Task<CustomerAnswer<T>>> decide, DateTimeOffset now,
        CancellationToken cancellationToken)
        where T : class
    {
        _ = UseCaseAttribute.Get<OwnAccountUseCaseAttribute>(useCase);
        return RunAsync(useCase, act, content, db => gate.CheckAccountAsync(db, act.Actor, now, cancellationToken), decide, now,
            cancellationToken);
    }

    private Task<CustomerAnswer<T>> RunAsync<T>(
        Type useCase, CustomerAct act, object content, Func<PortalDbContext, Task<GateRefusal?>> check,
        Func<PortalDbContext, Task<CustomerAnswer<T>>> decide,
        DateTimeOffset now, CancellationToken cancellationToken)
        where T : class =>
        commands.RunAsync<CustomerAnswer<T>, T>(
            CommandKey.Form(act.Actor.Id.ToString("n"), act.CommandId, useCase.Name),
            content,
            async db => await check(db) is { } stopped ? Refusal(stopped) : null,
            decide,
            decided => decided.Value,
            done => done is null ? CustomerRefusal.SentBefore : done,
            now,
            cancellationToken);

    private static CustomerRefusal Refusal(GateRefusal stopped) => stopped switch
    {
        GateRefusal.SignInEnded => CustomerRefusal.SignInEnded,
        GateRefusal.NotPermitted or GateRefusal.FactorTooOld => CustomerRefusal.NotPermitted,
    };
}

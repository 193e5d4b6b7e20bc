using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.AnswerFlag;

/// <summary>What the customer of a case is shown.</summary>
internal sealed record CaseView
{
    /// <summary>The link is too old to act.</summary>
    public required bool IsExpired { get; init; }

    public required string CaseNumber { get; init; }
    public required string ProductName { get; init; }
    public required string LicenseNumber { get; init; }
    public required LicenseState LicenseState { get; init; }
    public required FlagState State { get; init; }
    public required FlagStage Stage { get; init; }
    public required DateTimeOffset? ResolvedAt { get; init; }
    public required IReadOnlyList<SeenBeside> Computers { get; init; }

    /// <summary>Questions and answers, oldest first.</summary>
    public required IReadOnlyList<FlagMessage> Messages { get; init; }

    /// <summary>Null when the license is not locked, or its product grants no code.</summary>
    public required EmergencyView? Emergency { get; init; }

    public bool IsAnswered => Messages.Any(m => m.IsAnswer);

    /// <summary>The question that waits for an answer.</summary>
    public FlagMessage? Question => State == FlagState.AwaitingCustomer ? Messages.LastOrDefault(m => !m.IsAnswer) : null;
}

/// <summary>
/// A released computer and the one that had its seat when it was seen last. Names as they are stored.
/// </summary>
internal sealed record SeenBeside(string? OldPc, DateTimeOffset ReleasedAt, DateTimeOffset SeenAt, string? NewPc);

/// <param name="Running">The code that was handed out and still counts; around New Year there may be another one already.</param>
/// <param name="NextAt">This year's was handed out: when there is another one.</param>
/// <param name="Computers">Those that a new code can be fetched for.</param>
internal sealed record EmergencyView(RunningCode? Running, DateTimeOffset? NextAt, IReadOnlyList<ComputerInUse> Computers);

internal sealed record RunningCode(string Code, string? PcName, int Year, DateTimeOffset ValidUntil);

/// <summary>Reads the page of a case. It changes nothing, however often the link is opened.</summary>
internal sealed class ShowCase(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, ActivationSecretsFactory secrets)
{
    /// <summary>Null when the link is none of ours.</summary>
    public async Task<CaseView?> ExecuteAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.Flag, token, now, cancellationToken) is not { } link)
        {
            return null;
        }

        var flag = await db.Flags.AsNoTracking().Include(f => f.Computers).Include(f => f.Messages).AsSplitQuery()
            .SingleAsync(f => f.Id == link.RecordId, cancellationToken);
        var license = await db.LoadLicenseAsync(flag.LicenseId, cancellationToken)
            ?? throw new MissingRowException("License", flag.LicenseId, "a flag");
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        return new CaseView
        {
            IsExpired = link.State == LinkState.Expired,
            CaseNumber = flag.Number,
            ProductName = product.Name,
            LicenseNumber = license.Number,
            LicenseState = license.State,
            State = flag.State,
            Stage = flag.Stage,
            ResolvedAt = flag.ResolvedAt,
            Computers = [.. flag.Computers.OrderBy(c => c.FirstSeenAt).ThenBy(c => c.Id).Select(c => Beside(c, license))],
            Messages = [.. flag.Messages.OrderBy(m => m.At).ThenBy(m => m.Id)],
            Emergency = flag.IsOpen ? await EmergencyAsync(db, license, product.Policies.Flag, now, cancellationToken) : null,
        };
    }

    private static SeenBeside Beside(FlaggedComputer computer, License license)
    {
        var old = license.Activations.Single(a => a.Id == computer.ActivationId);
        return new SeenBeside(old.PcName, old.EndedAt!.Value, computer.LastSeenAt,
            license.Activations.Single(a => a.Id == computer.UsedByActivationId).PcName);
    }

    private async Task<EmergencyView?> EmergencyAsync(
        PortalDbContext db, License license, FlagPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var running = license.EmergencyGrants.Where(g => g.Runs(now)).MaxBy(g => g.Year);
        var refused = license.CheckEmergencyCode(policy, now);
        return running is null && refused is { Refusal: not Refusal.LimitUsedUp }
            ? null
            : new EmergencyView(
                running is null ? null : Code(license, running),
                refused?.NextAllowedAt,
                refused is null ? await ComputersInUse.GetAsync(db, license, cancellationToken) : []);
    }

    private RunningCode Code(License license, EmergencyGrant grant)
    {
        var activation = license.Activations.Single(a => a.Id == grant.ActivationId);
        var code = EmergencyCode.Compute(secrets.Open(activation), activation.Handle, activation.Generation, grant.Year);
        return new RunningCode(code.ToString(), activation.PcName, grant.Year, grant.ValidUntil);
    }
}

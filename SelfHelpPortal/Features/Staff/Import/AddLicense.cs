using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Licenses;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Import;

/// <param name="Number">Of the license; null when it was not made.</param>
internal readonly record struct AddedLicense(StaffResult Result, string? Number)
{
    public StaffRefusal? Refused => Result.Refused;
}

/// <summary>
/// An administrator adds one license by hand, with its customer where that is new. It is a list of one row and has the same rules, but
/// changes nothing that is stored.
/// </summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class AddLicense(
    IDbContextFactory<PortalDbContext> contexts, AdministrationActs acts, LicenseWriter writer, LicenseFactory maker,
    ProductCatalog products)
{
    /// <param name="id">Of the license; made when the form was shown, so that however often it is sent there is one license.</param>
    /// <param name="typed">Of a customer whose number is typed nothing else is needed.</param>
    public async Task<AddedLicense> ExecuteAsync(
        StaffActor actor, Guid id, TypedLicense typed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string? number = null;
        var result = await ImportActs.GuardedAsync(async () =>
        {
            // Before the transaction, so that it needs no second connection.
            var check = new LicenseRowCheck(await products.AllAsync(cancellationToken));
            var result = await acts.RunAsync(
                typeof(AddLicense), actor, id, actor.Id, typed.Keep(), db => AddAsync(db, actor, id, typed, check, now, cancellationToken),
                now, cancellationToken);
            number = result.Succeeded || result.Refused == StaffRefusal.SentBefore ? await NumberOfAsync(id, cancellationToken) : null;
            return result.Refused == StaffRefusal.SentBefore ? SentBefore(number) : result;
        });
        return new(result, result.Succeeded ? number : null);
    }

    private async Task<StaffResult> AddAsync(
        PortalDbContext db, StaffActor actor, Guid id, TypedLicense typed, LicenseRowCheck check, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await writer.HoldAsync(db, cancellationToken);
        var (judged, judge) = await JudgeAsync(db, typed, check, cancellationToken);
        if (Problems(judged).ToList() is [_, ..] problems)
        {
            return new StaffResult(StaffRefusal.SettingInvalid, problems);
        }

        await Numbers.MoveBehindAsync(db, judged.LicenseNumber, judged.CustomerNumber, cancellationToken);
        await writer.AddAsync(db, judged, judge, id, actor.AsActor(), now, cancellationToken);
        return StaffResult.Done;
    }

    private async Task<string?> NumberOfAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Licenses.Where(l => l.Id == id).Select(l => l.Number).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The form has made a license, and then says something else: which of the two is meant only people know.</summary>
    private static StaffResult SentBefore(string? number) => new(
        StaffRefusal.SentBefore,
        [
            new("", $"Mit diesem Formular ist {number} schon angelegt, mit anderen Angaben. Für eine weitere Lizenz öffnen Sie es neu.",
                $"This form has made {number} already, with other content. For another license open it anew."),
        ]);

    private async Task<(JudgedRow Judged, RowJudge Judge)> JudgeAsync(
        PortalDbContext db, TypedLicense typed, LicenseRowCheck check, CancellationToken cancellationToken)
    {
        var complete = new TypedLicense();
        complete.Restore(typed.Keep());
        var customerNumber = typed.AsRow().CustomerNumber;
        if (EntryRules.IsNumber(customerNumber) && await db.CustomersNumbered(customerNumber).AsNoTracking()
            .SingleOrDefaultAsync(cancellationToken) is { } known)
        {
            complete[ImportField.Company] = typed[ImportField.Company].Trim() is "" ? known.Company : typed[ImportField.Company];
            complete[ImportField.Email] = typed[ImportField.Email].Trim() is "" ? known.Email : typed[ImportField.Email];
        }

        var judge = await RowJudge.PrepareAsync(
            db, file: null, [new ReadRow(1, complete.AsRow())], maker, check, hold: true, cancellationToken);
        return (judge.Judge(1), judge);
    }

    private static IEnumerable<BrokenRule> Problems(JudgedRow judged) => judged switch
    {
        { State: ImportRowState.Faulty } => judged.Notes.Findings,
        { License: { } license } =>
            [new(ImportField.LicenseNumber, $"{license.Number} gibt es schon.", $"{license.Number} already exists.")],
        _ => judged.Notes.Changes.Select(change => new BrokenRule(
            change.Field, $"Beim Kunden {judged.Customer!.Number} steht „{change.Before}“. Lassen Sie das Feld leer.",
            $"The customer {judged.Customer.Number} has “{change.Before}”. Leave the field empty.")),
    };
}

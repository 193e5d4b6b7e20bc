using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>
/// Takes the codes of the computers that still work, and says which license is left. Several left stop nobody: staff find out.
/// </summary>
public sealed partial class WorkingTills
{
    [Inject]
    private PublicAddress Address { get; set; } = default!;

    private List<DraftPc> Rows { get; set; } = [];

    private string TillAddress => Address.For(At("till"));

    private AuthenticatorQr Qr => AuthenticatorQr.From(TillAddress);

    /// <summary>The rows are those that the draft holds, so what follows from them may be said.</summary>
    private bool IsSaved => !Errors.Any && Rows.SequenceEqual(Draft.WorkingPcs);

    private bool IsChecked => IsSaved && View!.Known.Elimination is not null;

    private bool IsIdentified => IsChecked && View!.Known.Items.Any(i => i.By == TransferIdentification.Elimination);

    private IReadOnlyList<LeftComputer> Left { get; set; } = [];

    private string? Outcome => IsIdentified ? "identified" : IsChecked ? "not-identified" : null;

    private string NotIdentifiedText => View!.Known.Elimination switch
    {
        { Owner: null } => T["NobodyIdentified"],
        { Remaining.Count: 0 } => T["NoneLeft"],
        { Remaining.Count: var left } => T["SeveralLeft", left],
        null => "",
    };

    protected override async Task FillAsync()
    {
        Rows = Draft.WorkingPcs is [] ? [new DraftPc(null, null)] : [.. Draft.WorkingPcs];
        if (IsIdentified)
        {
            Left = await Show.LeftAsync(View!, Aborted);
        }
    }

    protected override void Read(IFormCollection form) =>
        Rows = [.. Enumerable.Range(0, MostRows).TakeWhile(i => form.ContainsKey(CodeOf(i)))
            .Select(i => new DraftPc(Given(form[NameOf(i)]), CodeIn(form[CodeOf(i)])))];

    protected override async Task SaveAsync()
    {
        if (Pressed == "add")
        {
            if (await KeepAsync([.. Rows, new DraftPc(null, null)]))
            {
                Stay(DraftSteps.Tills, FieldIds.From(NameOf(Math.Min(Rows.Count, MostRows - 1))));
            }

            return;
        }

        if (Pressed.StartsWith("remove-", StringComparison.Ordinal))
        {
            if (int.TryParse(Pressed.AsSpan("remove-".Length), out var row) && row >= 0 && row < Rows.Count)
            {
                Rows.RemoveAt(row);
            }

            if (await KeepAsync(Rows))
            {
                Stay(DraftSteps.Tills);
            }

            return;
        }

        // Rows that nobody filled in are no rows.
        var given = Rows.FindAll(IsFilled);
        if (Pressed is "go" or "no" or "yes" && given.TrueForAll(r => r.HardwareCode is null))
        {
            given = [];
        }

        if (!Check(given))
        {
            Rows = given;
            return;
        }

        var isKnown = given.SequenceEqual(Draft.WorkingPcs.Where(IsFilled));
        var goesOn = Pressed == "go" || (isKnown && Pressed is "yes" or "no");
        await ChangeAsync(
            d => d with { WorkingPcs = given, LicenseAsked = goesOn || d.LicenseAsked, IsNotTheOneLeft = goesOn && Pressed == "no" });
        if (goesOn)
        {
            GoOn(DraftSteps.Contact);
        }
        else
        {
            Stay(DraftSteps.Tills);
        }
    }

    private static bool IsFilled(DraftPc row) => row.HardwareCode is not null || row.Name is not null;

    private bool Check(List<DraftPc> rows)
    {
        if (rows is [] && Pressed == "check")
        {
            Rows = [new DraftPc(null, null)];
            rows.Add(Rows[0]);
        }

        for (var i = 0; i < rows.Count; i++)
        {
            if (!IsTooLong(CodeOf(i), rows[i].HardwareCode, DraftLimits.TypedCode)
                && HardwareInput.Parse(rows[i].HardwareCode) is { Code: null } input)
            {
                Refuse(CodeOf(i), Hardware.For(input, rows[i].HardwareCode, Codes, T["EnterTillCode"]));
            }

            IsTooLong(NameOf(i), rows[i].Name, DraftLimits.TillName);
        }

        return !Errors.Any;
    }

    private async Task<bool> KeepAsync(List<DraftPc> rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            IsTooLong(CodeOf(i), rows[i].HardwareCode, DraftLimits.TypedCode);
            IsTooLong(NameOf(i), rows[i].Name, DraftLimits.TillName);
        }

        if (Errors.Any)
        {
            return false;
        }

        await ChangeAsync(d => d with { WorkingPcs = [.. rows.Take(MostRows)], IsNotTheOneLeft = false });
        return true;
    }

    private EliminatedRow? MarkOf(int row)
    {
        // Only codes that can be read were compared.
        if (!IsChecked || HardwareInput.Parse(Rows[row].HardwareCode).Code is null)
        {
            return null;
        }

        var place = Rows.Take(row).Count(r => HardwareInput.Parse(r.HardwareCode).Code is not null);
        return View!.Known.Elimination!.Rows.ElementAtOrDefault(place);
    }

    private string NameShown(int row) => Rows[row].Name ?? T["TillNumber", row + 1];

    private IReadOnlyList<CodeGroup> GroupsOf(int row) =>
        Errors[CodeOf(row)] is not null && HardwareInput.Parse(Rows[row].HardwareCode).Problem is { } problem
            ? CodeGroup.Split(Rows[row].HardwareCode, CodeKind.HardwareCode, problem)
            : [];

    private static string NameOf(int row) => $"WorkingPcs[{row}].Name";

    private static string CodeOf(int row) => $"WorkingPcs[{row}].HardwareCode";

    /// <summary>Of a pasted request file only the code counts here.</summary>
    private static string? CodeIn(string? text) =>
        HardwareInput.Parse(text) is { File: not null, Code: { } code } ? code.ToString() : Given(text);

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.ChangeHardware;

/// <summary>
/// Says what to do when parts of one PC change: nothing, release first, or what now. By two hardware codes, or by the one that is kept with
/// the license. Nothing that is typed here is kept, and nothing changes.
/// </summary>
public sealed partial class HardwarePage
{
    private const int LongestCode = 4000;

    private readonly Dictionary<string, IReadOnlyList<CodeGroup>> _wrongGroups = [];

    [Inject]
    private ReadHardwareRecord Read { get; set; } = default!;

    [Inject]
    private ProductCatalog Catalog { get; set; } = default!;

    /// <summary>Of the page of a license, for whoever has typed its key.</summary>
    [Parameter]
    public string? Token { get; set; }

    [SupplyParameterFromForm]
    private string? Product { get; set; }

    [SupplyParameterFromForm]
    private string? OldCode { get; set; }

    [SupplyParameterFromForm]
    private string? NewCode { get; set; }

    private HardwareRecord? Record { get; set; }

    private IReadOnlyList<Product> Products { get; set; } = [];

    private HardwareVerdict? Verdict { get; set; }

    private string Here => Token is null ? "/hardware" : $"/hardware/{Token}";

    private IReadOnlyList<string> Names => PcNames.MaskedApart([.. Record!.Computers.Select(c => c.PcName)]);

    protected override async Task OpenAsync()
    {
        await LoadAsync();
        if (Expired is { } typed)
        {
            (Product, OldCode, NewCode) = (typed[nameof(Product)], typed[nameof(OldCode)], typed[nameof(NewCode)]);
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }
    }

    protected override async Task ActAsync()
    {
        await LoadAsync();
        if (Token is not null && Record is null)
        {
            return;
        }

        if (Record is not null)
        {
            if (ReadCode(nameof(NewCode), NewCode, isNeeded: true) is { } code && !Errors.Any && Record.Computers.Count > 0)
            {
                Verdict = Judge(Record, code);
            }

            return;
        }

        var product = Chosen();
        if (product is null)
        {
            Refuse(nameof(Product), T["ChooseProduct"]);
        }

        var old = ReadCode(nameof(OldCode), OldCode, isNeeded: true);
        var now = ReadCode(nameof(NewCode), NewCode, isNeeded: false);
        if (!Errors.Any)
        {
            var points = product!.Policies.Hardware.Points;
            Verdict = now is null ? HardwareVerdict.Before(old!, points) : HardwareVerdict.After(old!, now, points, name: null);
        }
    }

    /// <summary>Of several computers the one that the code is of; else the one that has most in common with it.</summary>
    private HardwareVerdict Judge(HardwareRecord record, HardwareCode now)
    {
        var (computer, name) = record.Computers.Zip(Names).MaxBy(c => c.First.Code.Match(now, record.Points) is var match
            ? (match.Matches ? 1000 : 0) + match.HalfPoints
            : 0);
        return HardwareVerdict.After(computer.Code, now, record.Points, name);
    }

    private Product? Chosen() => Products is [var only] ? only : Products.SingleOrDefault(p => p.Id == Product);

    private HardwareCode? ReadCode(string field, string? typed, bool isNeeded)
    {
        if (string.IsNullOrWhiteSpace(typed) && !isNeeded)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(typed) || typed.Length > LongestCode)
        {
            Refuse(field, T["EnterCode"]);
            return null;
        }

        var input = HardwareInput.Parse(typed);
        if (input is not { Code: { } code, File: null or { Kind: not "release" } })
        {
            _wrongGroups[field] = input.Problem is { } wrong ? CodeGroup.Split(typed, CodeKind.HardwareCode, wrong) : [];
            Refuse(field, input.Code is null ? Hardware.For(input, typed, Codes, T["EnterCode"]) : Hardware["File.ForRelease"]);
            return null;
        }

        if (code.HasFewParts)
        {
            Refuse(field, Hardware.FewParts(code.Parts));
        }

        return code;
    }

    private async Task LoadAsync()
    {
        if (Token is null)
        {
            Products = [.. (await Catalog.AllAsync(Aborted)).Values.OrderBy(p => p.Name, StringComparer.Ordinal)];
        }
        else if ((Record = await Read.ExecuteAsync(Token, Time.GetUtcNow(), Aborted)) is null)
        {
            HttpContext.NotFoundHere();
        }
    }

    private string Tolerance(HardwareCode code) => code.PartsThatMayChange(Record!.Points) switch
    {
        0 => T["NoneMayChange", 0, HardwareVerdict.Counted(code).Count],
        1 => T["OneOfMayChange", 1, HardwareVerdict.Counted(code).Count],
        var many => T["SeveralOfMayChange", many, HardwareVerdict.Counted(code).Count],
    };
}

/// <summary>What a change of parts comes to.</summary>
/// <param name="Outcome">The word for programs.</param>
/// <param name="Word">Of the sentences.</param>
/// <param name="MayChange">How many parts may still change.</param>
/// <param name="Parts">Those that count or, where some have changed, those.</param>
/// <param name="Name">Of the computer in the license's record, masked.</param>
internal sealed record HardwareVerdict(string Outcome, string Word, int MayChange, IReadOnlyList<string> Parts, string? Name = null)
{
    public bool IsFine => Outcome is "nothing-to-do" or "may-change";

    /// <summary>Nothing has changed yet.</summary>
    public static HardwareVerdict Before(HardwareCode code, decimal points) => code.PartsThatMayChange(points) switch
    {
        0 => new("release-first", "MustRelease", 0, Counted(code)),
        1 => new("may-change", "OneMayChange", 1, Counted(code)),
        var many => new("may-change", "SeveralMayChange", many, Counted(code)),
    };

    public static HardwareVerdict After(HardwareCode old, HardwareCode now, decimal points, string? name)
    {
        var changed = old.PartsChangedIn(now);
        return old.Match(now, points).Matches
            ? new("nothing-to-do", changed is [] ? "NothingChanged" : "NothingToDo", now.PartsThatMayChange(points), changed, name)
            : new("already-changed", "AlreadyChanged", 0, changed, name);
    }

    /// <summary>The readable parts that count.</summary>
    public static IReadOnlyList<string> Counted(HardwareCode code) => [.. code.Parts.Where(kind => kind != HardwareComponents.CpuId)];
}

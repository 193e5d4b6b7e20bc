using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>Asks for the code of the computer that takes the dead one's place, or for several.</summary>
public sealed partial class NewHardware
{
    private List<string?> Rows { get; set; } = [];

    private IFormFile? File { get; set; }

    private string? Outcome { get; set; }

    protected override Task FillAsync()
    {
        Rows = Draft.Items is [] ? [null] : [.. Draft.Items.Select(i => i.HardwareCode)];
        return Task.CompletedTask;
    }

    protected override void Read(IFormCollection form)
    {
        Rows = [.. Enumerable.Range(0, MostRows).TakeWhile(i => i == 0 || form.ContainsKey(NameOf(i)))
            .Select(i => (string?)form[NameOf(i)])];
        File = form.Files["RequestFile"];
    }

    protected override async Task SaveAsync()
    {
        if (Pressed == "add")
        {
            if (await KeepAsync([.. Rows, null]))
            {
                Stay(DraftSteps.Hardware, FieldIds.From(NameOf(Math.Min(Rows.Count, MostRows - 1))));
            }

            return;
        }

        if (Pressed.StartsWith("remove-", StringComparison.Ordinal))
        {
            if (int.TryParse(Pressed.AsSpan("remove-".Length), out var row) && row >= 0 && row < Rows.Count && Rows.Count > 1)
            {
                Rows.RemoveAt(row);
            }

            if (await KeepAsync(Rows))
            {
                Stay(DraftSteps.Hardware);
            }

            return;
        }

        await TakeFileAsync();
        var items = new List<DraftItem>();
        for (var i = 0; i < Rows.Count && !Errors.Any; i++)
        {
            if (await CheckAsync(i, items) is { } item)
            {
                items.Add(item);
            }
        }

        if (!Errors.Any)
        {
            await ChangeAsync(d => d with { Items = WithLicenses(items, d), HardwareRead = true });
            Stay(DraftSteps.Read);
        }
    }

    private static string NameOf(int row) => row == 0 ? "HardwareCode" : $"Items[{row}].HardwareCode";

    /// <summary>Rows as typed, right or wrong, so that nothing is lost while rows are added; of a pasted file what it says.</summary>
    private async Task<bool> KeepAsync(List<string?> rows)
    {
        var kept = rows.Take(MostRows).Select(Kept).ToList();
        for (var i = 0; i < kept.Count; i++)
        {
            IsTooLong(NameOf(i), kept[i].HardwareCode, DraftLimits.TypedCode);
        }

        if (Errors.Any)
        {
            return false;
        }

        await ChangeAsync(d => d with { Items = WithLicenses(kept, d), HardwareRead = false });
        return true;
    }

    private DraftItem Kept(string? row) =>
        HardwareInput.Parse(row) is { Code: { } code, File: { } file } && file.Product == View!.Product!.Id
            ? ItemFrom(code, file)
            : Draft.Items.FirstOrDefault(i => i.HardwareCode == row) ?? new DraftItem(row, null);

    private static DraftItem ItemFrom(HardwareCode code, RequestFile file) => new(code.ToString(), null)
    {
        PcName = Short(file.PcName, DraftLimits.PcName),
        AppVersion = Short(file.AppVersion, DraftLimits.AppVersion),
        FileFrom = file.Created,
    };

    private static List<DraftItem> WithLicenses(List<DraftItem> items, TransferDraft before) =>
        [.. items.Select((item, i) => item with { LicenseNumber = before.Items.ElementAtOrDefault(i)?.LicenseNumber })];

    /// <summary>An uploaded file takes the place of the first empty row.</summary>
    private async Task TakeFileAsync()
    {
        if (File is not { FileName.Length: > 0 } file)
        {
            return;
        }

        var (text, problem) = await HardwareInput.ReadAsync(file, Aborted);
        if (text is null)
        {
            Refuse("RequestFile", Hardware["File." + problem]);
            return;
        }

        var empty = Rows.FindIndex(string.IsNullOrWhiteSpace);
        if (empty >= 0)
        {
            Rows[empty] = text;
        }
        else if (Rows.Count < MostRows)
        {
            Rows.Add(text);
        }
        else
        {
            Refuse("RequestFile", T["TooManyRows", MostRows]);
        }
    }

    private async Task<DraftItem?> CheckAsync(int row, List<DraftItem> before)
    {
        var input = HardwareInput.Parse(Rows[row]);
        if (input.File is { } file && file.Product != View!.Product!.Id)
        {
            Refuse(NameOf(row), Hardware["File.OtherProduct", View.Product.Name]);
        }
        else if (input.Code is not { } code)
        {
            Refuse(NameOf(row), Hardware.For(input, Rows[row], Codes, T["EnterHardware"]));
        }
        else if (before.Exists(b => b.HardwareCode == code.ToString()))
        {
            Refuse(NameOf(row), T["SameTwice"]);
        }
        else if (await Show.FewPartsOfAsync(Draft, code, Aborted) is { } parts)
        {
            Outcome = "few-parts";
            Refuse(NameOf(row), Hardware.FewParts(parts));
        }
        else if (await Show.LicenseUsingAsync(View!.Product!, code, Aborted) is { } license)
        {
            Outcome = "old-pc-code";
            Refuse(NameOf(row), T["OldPcCode", license]);
        }
        else
        {
            // A draft keeps the code alone; of a file also what it says of the computer.
            var known = Draft.Items.FirstOrDefault(i => i.HardwareCode == code.ToString());
            return input.File is { } read
                ? ItemFrom(code, read)
                : (known ?? new DraftItem(code.ToString(), null)) with { HardwareCode = code.ToString() };
        }

        return null;
    }

    private static string? Short(string text, int length) =>
        string.IsNullOrWhiteSpace(text) ? null : UntrustedText.Shorten(text.Trim(), length);

    private IReadOnlyList<CodeGroup> GroupsOf(int row) =>
        Errors[NameOf(row)] is not null && HardwareInput.Parse(Rows[row]).Problem is { } problem
            ? CodeGroup.Split(Rows[row], CodeKind.HardwareCode, problem)
            : [];
}

using System.Text.Json;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Vendor;

public sealed partial class VendorPage
{
    private Guid _command = Guid.CreateVersion7();

    [Inject]
    private ShowVendor Show { get; set; } = default!;

    [Inject]
    private SaveVendor Save { get; set; } = default!;

    [Inject]
    private NavigationManager Links { get; set; } = default!;

    private VendorView? View { get; set; }

    private SettingForm? Form { get; set; }

    private StaffRefusal? Problem { get; set; }

    private string Here => new Uri(Links.Uri).AbsolutePath;

    private protected override bool IsLoaded => Form is not null;

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        View = Take(await Show.ExecuteAsync(Actor, Now, Aborted));
        Form = View is { } view ? FormOf(view.Settings) : null;
        _command = Guid.CreateVersion7();
    }

    private async Task SaveAsync()
    {
        Result = null;
        Problem = null;
        if (Form!.Read<VendorForm>() is not { } typed)
        {
            Problem = StaffRefusal.SettingInvalid;
            return;
        }

        var saved = await Save.ExecuteAsync(Actor, _command, typed.Vendor, View!.Version, Now, ToTheEnd);
        switch (saved.Refused)
        {
            case null:
                Result = ("saved", T["VendorSaved"]);
                await LoadAsync();
                break;
            case StaffRefusal.FactorTooOld:
                await AskForFactorAsync(nameof(SaveVendor), target: null, reason: "", Form.Keep());
                break;
            default:
                Form.Refuse(saved.Broken ?? []);
                // Another try is another act: the first one was refused.
                (Problem, _command) = (saved.Refused, Guid.CreateVersion7());
                break;
        }
    }

    /// <summary>Puts an older version into the form; nothing is changed before it is saved.</summary>
    private void Restore(SettingLine line)
    {
        Form = FormOf(VendorSettings.Read(line.Content));
        Result = ("restored", T["VersionInForm", line.Version]);
    }

    private protected override async Task ReopenAsync(StaffDraft draft)
    {
        if (draft is { Act: nameof(SaveVendor), Form: { } form })
        {
            Form!.Restore(form);
            // The file may say something else by now.
            Form.Fix(new VendorForm(View!.Settings), View.InFile);
            await SaveAsync();
        }
    }

    private SettingForm FormOf(VendorSettings settings)
    {
        var form = SettingForm.For(new VendorForm(settings));
        form.Fix(new VendorForm(View!.Settings), View.InFile);
        // The preview stands beside the fields.
        form.Changed += StateHasChanged;
        return form;
    }

    /// <returns>The fields that a complaint is about; none for what is a file of the machine.</returns>
    private static IEnumerable<string> FieldsOf(InvoicingComplaint complaint) => complaint.Word switch
    {
        "Demo" => complaint.Values[0].Split(", ").Select(key => FieldOf(key[(VendorOptions.Section.Length + 1)..])),
        "Mail" => [FieldOf(complaint.Values[0])],
        "Number" => new[] { nameof(VendorOptions.VatId), nameof(VendorOptions.Register), nameof(VendorOptions.SellerId) }.Select(FieldOf),
        nameof(VendorOptions.Country) or nameof(VendorOptions.VatId) or nameof(VendorOptions.TaxNumber) or nameof(VendorOptions.Address)
            or nameof(VendorOptions.ContactName) or nameof(VendorOptions.ContactPhone) or nameof(VendorOptions.Iban)
            or nameof(VendorOptions.Bic) or nameof(VendorOptions.PaymentDays) => [FieldOf(complaint.Word)],
        _ => [],
    };

    private static string FieldOf(string key) =>
        VendorForm.PathOf(key == nameof(VendorOptions.Address) ? "street" : JsonNamingPolicy.CamelCase.ConvertName(key));
}

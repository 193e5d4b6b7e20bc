using System.Text.Json;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Vendor;

public sealed partial class VendorPage
{
    [Inject]
    private ShowVendor Show { get; set; } = default!;

    [Inject]
    private SaveVendor Save { get; set; } = default!;

    /// <summary>The pictures of the form as they were read last, since a page draws itself anew at every key.</summary>
    private readonly Dictionary<string, (string Value, ShownPicture? Picture)> _pictures = [];

    private VendorView? View { get; set; }

    protected override Task OnInitializedAsync() => LoadAsync();

    private protected override async Task LoadAsync()
    {
        View = Take(await Show.ExecuteAsync(Actor, Now, Aborted));
        Edit(View is { } view ? FormOf(view.Settings) : null);
    }

    private Task SaveAsync() => SaveAsync<VendorForm>(
        nameof(SaveVendor),
        (typed, command) => Save.ExecuteAsync(Actor, command, typed.Vendor, View!.Version, Now, ToTheEnd),
        async _ =>
        {
            Result = ("saved", T["VendorSaved"]);
            await LoadAsync();
        });

    private void Restore(SettingLine line) => Edit(FormOf(View!.Read(line)), line);

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
        return form;
    }

    /// <returns>The picture that the form holds; null for none, and for one that cannot be shown.</returns>
    private ShownPicture? PictureAt(string path)
    {
        var value = Form!.Symbols(VendorForm.PathOf(path)) ?? "";
        if (!_pictures.TryGetValue(path, out var read) || read.Value != value)
        {
            _pictures[path] = read =
                (value, VendorImage.ReadBase64(path, value).Image is { } image ? ShownPicture.From(image) : null);
        }

        return read.Picture;
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

using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Vendor;

/// <summary>The vendor's data in a form: their paths begin with <c>vendor</c>, since a product has a name too.</summary>
internal sealed record VendorForm(VendorSettings Vendor)
{
    public static string PathOf(string path) => "vendor." + path;
}

/// <param name="Settings">As they hold, with what the configuration file gives.</param>
/// <param name="Version">0 when they were never changed here.</param>
/// <param name="InFile">Paths of the form that the configuration file gives.</param>
/// <param name="Missing">What stands in the way of invoices.</param>
/// <param name="Images">Those that the last versions name, in Base64 by their checksums.</param>
internal sealed record VendorView(
    VendorSettings Settings, int Version, IReadOnlyList<string> InFile, IReadOnlyList<InvoicingComplaint> Missing,
    IReadOnlyDictionary<string, string> Images, IReadOnlyList<SettingLine> History)
{
    /// <returns>An older version as a form has it. A picture that is gone stays a checksum, which is refused when it is saved.</returns>
    public VendorSettings Read(SettingLine version) => Read(version.Content, Images);

    public static VendorSettings Read(string content, IReadOnlyDictionary<string, string> images) =>
        VendorSettings.Read(content).WithImages((_, checksum) => images.GetValueOrDefault(checksum, checksum));
}

/// <summary>Who runs the portal, what is still missing for invoices, and who changed what.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowVendor(StaffReads reads, CurrentVendor vendor, VendorInvoicing invoicing)
{
    public Task<StaffAnswer<VendorView>> ExecuteAsync(StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<VendorView>(typeof(ShowVendor), actor, audited: null, async db =>
        {
            var history = await SettingLine.ReadAsync(db, SettingKind.Vendor, "", cancellationToken);
            var images = await VendorImageStore.ReadAllAsync(db, cancellationToken);
            var (settings, version) = history is [var last, ..]
                ? (vendor.WithFile(VendorView.Read(last.Content, images)), last.Version)
                : (VendorSettings.From(vendor.Value), 0);
            return new(settings, version, [.. vendor.InFile.Select(VendorForm.PathOf)], invoicing.Complaints, images, history);
        }, now, cancellationToken);
}

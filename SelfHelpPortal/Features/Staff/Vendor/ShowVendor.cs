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
internal sealed record VendorView(
    VendorSettings Settings, int Version, IReadOnlyList<string> InFile, IReadOnlyList<InvoicingComplaint> Missing,
    IReadOnlyList<SettingLine> History);

/// <summary>Who runs the portal, what is still missing for invoices, and who changed what.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowVendor(StaffReads reads, CurrentVendor vendor, VendorInvoicing invoicing)
{
    public Task<StaffAnswer<VendorView>> ExecuteAsync(StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<VendorView>(typeof(ShowVendor), actor, audited: null, async db =>
        {
            var history = await SettingLine.ReadAsync(db, SettingKind.Vendor, "", cancellationToken);
            var (settings, version) = history is [var last, ..]
                ? (vendor.WithFile(VendorSettings.Read(last.Content)), last.Version)
                : (VendorSettings.From(vendor.Value), 0);
            return new(settings, version, [.. vendor.InFile.Select(VendorForm.PathOf)], invoicing.Complaints, history);
        }, now, cancellationToken);
}

using System.Collections.Frozen;
using SelfHelpPortal.Account;

namespace SelfHelpPortal.Features.Staff;

/// <summary>The one table of who may do what: each use case of staff and the roles of which one is needed. A use case without a line fails a test.</summary>
internal static class StaffPermissions
{
    private static readonly string[] LicenseWork = [StaffRoles.Support, StaffRoles.Administrator];

    private static readonly FrozenDictionary<Type, string[]> Roles = new Dictionary<Type, string[]>
    {
        [typeof(Desk.ShowDesk)] = LicenseWork,
        [typeof(Licenses.SearchLicenses)] = LicenseWork,
        [typeof(Licenses.ShowLicense)] = LicenseWork,
        [typeof(Flags.ShowFlag)] = LicenseWork,
        [typeof(AskAboutFlag.AskAboutFlag)] = LicenseWork,
        [typeof(UnlockLicense.UnlockLicense)] = LicenseWork,
        [typeof(ExcludeDevice.ExcludeDevice)] = LicenseWork,
        [typeof(SuspendLicense.SuspendLicense)] = LicenseWork,
        [typeof(ResumeLicense.ResumeLicense)] = LicenseWork,
        [typeof(RevokeLicense.RevokeLicense)] = [StaffRoles.Administrator],
        [typeof(ReleaseForCustomer.ReleaseForCustomer)] = LicenseWork,
        [typeof(GrantRelease.GrantRelease)] = LicenseWork,
        [typeof(Invoices.SearchInvoices)] = LicenseWork,
        [typeof(Invoices.ShowInvoice)] = LicenseWork,
        [typeof(Invoices.ReadInvoiceDocument)] = LicenseWork,
        [typeof(ExportInvoices.ExportInvoices)] = LicenseWork,
        [typeof(CancelInvoice.CancelInvoice)] = LicenseWork,
        [typeof(RecordPayment.RecordPayment)] = LicenseWork,
        [typeof(SendInvoiceAgain.SendInvoiceAgain)] = LicenseWork,
        [typeof(RemindInvoice.PauseReminders)] = LicenseWork,
        [typeof(RemindInvoice.PauseCustomerReminders)] = LicenseWork,
        [typeof(Transfers.SearchTransfers)] = LicenseWork,
        [typeof(Transfers.ShowTransfer)] = LicenseWork,
        [typeof(Transfers.FindDeadComputer)] = LicenseWork,
        [typeof(SettleTransfer.SettleTransfer)] = LicenseWork,
        [typeof(WaiveFee.WaiveFee)] = LicenseWork,
        [typeof(IssueLicense.IssueLicense)] = LicenseWork,
        [typeof(AskCustomer.AskCustomer)] = LicenseWork,
        [typeof(DeclineTransfer.DeclineTransfer)] = LicenseWork,
        [typeof(IdentifyLicense.IdentifyLicense)] = LicenseWork,
        [typeof(RecordVatIdCheck.RecordVatIdCheck)] = LicenseWork,
    }.ToFrozenDictionary();

    public static string[] Of(Type useCase) =>
        Roles.GetValueOrDefault(useCase) ?? throw new InvalidOperationException($"{useCase.Name} has no line in the table of permissions.");

    public static bool Knows(Type useCase) => Roles.ContainsKey(useCase);
}

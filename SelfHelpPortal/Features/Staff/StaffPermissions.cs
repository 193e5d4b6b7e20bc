using System.Collections.Frozen;
using SelfHelpPortal.Account;

namespace SelfHelpPortal.Features.Staff;

/// <summary>The one table of who may do what: each use case of staff, the roles of which one is needed, and whether the factor has to be fresh. A use case without a line fails a test.</summary>
internal static class StaffPermissions
{
    private static readonly StaffPermission Everybody = new(StaffRoles.All);
    private static readonly StaffPermission LicenseWork = new([StaffRoles.Support, StaffRoles.Administrator]);
    private static readonly StaffPermission InvoiceWork = new([StaffRoles.Billing, StaffRoles.Administrator]);
    private static readonly StaffPermission Administration = new([StaffRoles.Administrator]);

    private static readonly FrozenDictionary<Type, StaffPermission> Table = new Dictionary<Type, StaffPermission>
    {
        [typeof(Desk.ShowDesk)] = Everybody,
        [typeof(Licenses.SearchLicenses)] = Everybody,
        [typeof(Licenses.ShowLicense)] = Everybody,
        [typeof(Flags.ShowFlag)] = Everybody,
        [typeof(AskAboutFlag.AskAboutFlag)] = LicenseWork,
        [typeof(UnlockLicense.UnlockLicense)] = LicenseWork,
        [typeof(ExcludeDevice.RequestExclusion)] = LicenseWork with { Fresh = true },
        [typeof(ExcludeDevice.ApproveExclusion)] = Administration with { Fresh = true },
        [typeof(ExcludeDevice.DeclineExclusion)] = LicenseWork,
        [typeof(SuspendLicense.SuspendLicense)] = LicenseWork,
        [typeof(ResumeLicense.ResumeLicense)] = LicenseWork,
        [typeof(RevokeLicense.RevokeLicense)] = Administration with { Fresh = true },
        [typeof(ReleaseForCustomer.ReleaseForCustomer)] = LicenseWork,
        [typeof(GrantRelease.GrantRelease)] = LicenseWork,
        [typeof(AllowFewParts.AllowFewParts)] = LicenseWork,
        [typeof(Invoices.SearchInvoices)] = Everybody,
        [typeof(Invoices.ShowInvoice)] = Everybody,
        [typeof(Invoices.ReadInvoiceDocument)] = Everybody,
        [typeof(ExportInvoices.ExportInvoices)] = InvoiceWork with { Fresh = true },
        [typeof(CancelInvoice.CancelInvoice)] = InvoiceWork with { Fresh = true },
        [typeof(RecordPayment.RecordPayment)] = Everybody,
        [typeof(SendInvoiceAgain.SendInvoiceAgain)] = Everybody,
        [typeof(RemindInvoice.PauseReminders)] = Everybody,
        [typeof(RemindInvoice.PauseCustomerReminders)] = Everybody,
        [typeof(Transfers.SearchTransfers)] = Everybody,
        [typeof(Transfers.ShowTransfer)] = Everybody,
        [typeof(Transfers.FindDeadComputer)] = Everybody,
        [typeof(SettleTransfer.SettleTransfer)] = Everybody,
        // Above a limit only those who work on invoices; the act itself looks at the amount.
        [typeof(WaiveFee.WaiveFee)] = Everybody,
        [typeof(IssueLicense.IssueLicense)] = Everybody,
        [typeof(AskCustomer.AskCustomer)] = Everybody,
        [typeof(DeclineTransfer.DeclineTransfer)] = Everybody,
        [typeof(IdentifyLicense.IdentifyLicense)] = Everybody,
        [typeof(RecordVatIdCheck.RecordVatIdCheck)] = Everybody,
        [typeof(Audit.SearchAudit)] = Administration,
        [typeof(Audit.ExportAudit)] = Administration with { Fresh = true },
    }.ToFrozenDictionary();

    /// <summary>Acts that are not there yet, by the name that their class will have: whoever builds one is bound by its line.</summary>
    private static readonly FrozenDictionary<string, StaffPermission> Planned = new Dictionary<string, StaffPermission>
    {
        ["UnlockInBulk"] = LicenseWork with { Fresh = true },
        ["ChangeStaffAccount"] = Administration with { Fresh = true },
        ["ChangeSettings"] = Administration with { Fresh = true },
        ["RotateKeys"] = Administration with { Fresh = true },
        ["ExportCustomer"] = Administration with { Fresh = true },
    }.ToFrozenDictionary();

    /// <summary>Who may waive any fee; everybody else up to <see cref="Invoices.InvoicingOptions.SupportWaivesUpTo"/>.</summary>
    public static readonly string[] WaiveAnyFee = InvoiceWork.Roles;

    public static IEnumerable<Type> UseCases => Table.Keys;

    public static StaffPermission Of(Type useCase) => Table.GetValueOrDefault(useCase) ?? Planned.GetValueOrDefault(useCase.Name)
        ?? throw new InvalidOperationException($"{useCase.Name} has no line in the table of permissions.");

    public static bool Knows(Type useCase) => Table.ContainsKey(useCase);
}

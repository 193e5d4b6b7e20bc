using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Features.Account.Registrations;
using SelfHelpPortal.Features.Backoffice.Customers;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Features.Backoffice.Licenses;
using SelfHelpPortal.Features.Customer.ActivateOffline;
using SelfHelpPortal.Features.Customer.AnswerFlag;
using SelfHelpPortal.Features.Customer.Appointments;
using SelfHelpPortal.Features.Customer.ChangeOwner;
using SelfHelpPortal.Features.Customer.Disputes;
using SelfHelpPortal.Features.Customer.LicenseSummary;
using SelfHelpPortal.Features.Customer.Loans;
using SelfHelpPortal.Features.Customer.ReleaseByQr;
using SelfHelpPortal.Features.Customer.ReleaseLicense;
using SelfHelpPortal.Features.Customer.RequestTransfer;
using SelfHelpPortal.Features.Customer.TransferStatus;
using SelfHelpPortal.Features.Machine.CheckIn;
using SelfHelpPortal.Features.Machine.Release;
using SelfHelpPortal.Features.Portal.Data;
using SelfHelpPortal.Features.Portal.Details;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Features.Portal.Licenses;
using SelfHelpPortal.Features.Portal.People;
using SelfHelpPortal.Features.Portal.Renew;
using SelfHelpPortal.Features.Portal.Settings;
using SelfHelpPortal.Features.Portal.Transfers;
using SelfHelpPortal.Features.Staff.Appointments;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Features.Staff.DataChecks;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Mails;
using SelfHelpPortal.Features.Staff.Ownership;
using SelfHelpPortal.Features.Staff.Paragraphs;
using SelfHelpPortal.Features.Staff.People;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Reports;
using SelfHelpPortal.Features.Staff.Taxes;
using SelfHelpPortal.Features.Staff.Tokens;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Features.Staff.Vendor;
using SelfHelpPortal.Features.Staff.Webhooks;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Api;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Licenses;
using SelfHelpPortal.Shared.Loans;
using SelfHelpPortal.Shared.Ownership;
using SelfHelpPortal.Shared.PersonalData;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Shared.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.BrokenConnections;

/// <summary>
/// Prepares what a use case needs, and returns the call: it may be repeated, and fails unless the person who makes it has what was wanted.
/// </summary>
internal delegate Task<Func<Task>> Writer(CutScene scene);

/// <summary>
/// The one table of everything that writes, by the names of the authorization matrix, of what the accounts execute and of the daily jobs.
/// </summary>
internal static class Writers
{
    /// <summary>
    /// What is in the matrix and not here: it only reads, it is machinery that every other line goes through, or it runs inside the
    /// transaction of others.
    /// </summary>
    public static readonly IReadOnlyList<string> NotHere =
    [
        // An entry of the audit log is a transaction of its own, and the list or file behind it is read.
        "Audit.SearchAudit", "Audit.ExportAudit", "Import.ShowImport", "Import.ShowImport.FindAsync", "Import.ShowImport.ListAsync",
        "Import.WriteImportList", "Import.ExportLicenses", "Import.ImportActs.RunAsync", "Licenses.ReadKeyCard",
        // The mail is no part of a transaction: whoever sees a failure sends another one.
        "Setup.SendTestMail", "Setup.ShowSetup", "Setup.ShowConfiguration", "Products.ShowProduct", "Products.ShowProducts",
        "Products.SimulatePolicy", "Products.PriceActs.RunAsync", "Taxes.ShowTaxRates", "Taxes.TaxRateActs.RunAsync",
        "Paragraphs.ShowMailText", "Paragraphs.ShowMailTexts",
        "Tokens.ShowTokens", "Webhooks.ShowWebhooks", "Webhooks.WebhookActs.RunAsync", "Kit.AdministrationActs.RunAsync",
        "Changes.ListChanges", "Licenses.ReadLicense", "Customers.ReadCustomer", "Customers.SearchCustomers",
        "Customers.ShowCustomer", "Customers.ShowMerge", "Customers.ShowMerge.FindAsync", "Api.ProblemResult",
        "Kit.SettingActs.RunAsync",
        // What was typed for an act, in one statement; it is typed again.
        "Kit.StaffDrafts.KeepAsync", "Kit.StaffDrafts.TakeAsync", "Kit.TypedTexts.DropAsync", "Kit.TypedTexts.FindAsync",
        "Kit.TypedTexts.KeepAsync",
        // Inside the acts that resolve cases.
        "Flags.FlagResolver.DecideAsync",
        "Access.CustomerGate.CheckAccountAsync", "Access.CustomerGate.CheckAsync", "Access.StaffGate.CheckAsync",
        "Access.StaffGate.LookAsync", "AnswerFlag.ShowCase", "Loans.ShowLoan",
        "Appointments.AppointmentActs.RunAsync", "Appointments.FindTimes", "Appointments.ListAppointments", "Appointments.ReadCalendarFeed",
        "Appointments.ShowAppointment", "Appointments.ShowBooking", "Invoices.ReadBankStatement", "ChangeOwner.ShowOwnerChange",
        "Ownership.OwnerChangeActs.RunAsync", "Mails.SearchMails", "Mails.ShowMail",
        "Ownership.ReadOwnerDocument", "Ownership.SearchOwnerChanges", "Ownership.ShowHolderChange",
        "Blocklist.ListBlocked", "Access.StaffCircuits.Add", "Access.StaffCircuits.CheckAsync",
        "Invoicing.CancelIssued", "Invoicing.IssueInvoice",
        "Invoices.PaymentWriter.WriteAsync",
        "Transfers.MoveLicenses", "Data.ShowAccountErasure",
        "Data.ShowCustomerErasure", "Data.ShowData", "Desk.ListWork", "Desk.ShowDesk",
        "Desk.ShowRecipients", "Desk.ShowWhoElse", "Kit.ListTemplates", "Details.SaveMyDetails.ShowAsync", "Invoices.ExportInvoices",
        // Approving is one act and each case another one; both kinds are here, and approving again goes on with what is still open.
        "Flags.ShowFlag", "Flags.ApproveIncident",
        "Invoices.InvoiceActs.RunAsync", "Invoices.ReadInvoiceDocument", "Invoices.ReadMyInvoice", "Invoices.SearchInvoices",
        "Invoices.ShowInvoice", "Invoices.ShowMyInvoices",
        "Licenses.NameComputer.ShowAsync", "Licenses.ReadMyLicenseFile", "Licenses.ReleaseComputer.ShowAsync", "Licenses.SearchLicenses",
        "Licenses.ShowLicense",
        "Licenses.ShowMyLicense", "Licenses.ShowMyLicenses", "Kit.CustomerActs.RunAsync",
        "Kit.CustomerActs.RunOwnAsync", "Kit.MyRole.FindAsync",
        "People.PeopleActs.RunAsync", "People.PeopleRules.SetAsync", "People.ShowPeople",
        "Releases.ShowRelease", "Renew.RenewalMailer.RenewedAsync", "Renew.ShowRenewal",
        "Renew.ShowRenewed",
        "Transfers.ConfirmTransfer.ShowAsync", "RequestTransfer.FillContact.FindAsync", "RequestTransfer.ShowDraft",
        "RequestTransfer.ShowDraft.NothingToMoveAsync",
        "RequestTransfer.ShowOrdered", "Transfers.SubmitTransfer", "LicenseSummary.GetLicenseSummary",
        "ChangeHardware.ReadHardwareRecord",
        "Settings.SaveMySettings.ShowAsync", "Licenses.LicenseActs.RunAsync", "Kit.StaffActs.RunAsync", "Kit.StaffReads.ReadAsync",
        "Kit.StaffReads.SearchAsync", "Search.SearchEverything", "Reports.ListCases", "Reports.ListReleases", "Reports.ShowFigures",
        "TransferStatus.FindStatus", "Vendor.ShowVendor",
        "Transfers.ShowTransfer", "Transfers.FindDeadComputer", "Transfers.CheckTransfer", "Transfers.PlaceOrder",
        "Transfers.ReadTransferMail", "Transfers.MyTransferActs.RunAsync", "Transfers.SearchTransfers",
        "Transfers.ShowMyTransfer",
        "People.ShowStaff", "People.StaffAccountActs.RunAsync",
        "Transfers.ShowMyTransfer.ReadAsync", "Transfers.ShowMyTransfers", "Transfers.ShowTransferStatus",
        "Transfers.TransferActs.RunAsync",
        // They need a browser that keeps the sign-in; what they write beside it goes through the same machinery.
        "Account.SetUpByPasskey", "Account.SignIn", "Account.SignInByPasskey",
        // Fills an empty database once, in one transaction; an operator who is refused begins with an empty one again.
        "SeedDemo.SeedDemo",
    ];

    public static readonly IReadOnlyDictionary<string, Writer> All = new Dictionary<string, Writer>
    {
        // Staff
        ["Appointments.TickMoveStep"] = async s => OfStaff(await s.ActAsync(), await s.Portal.AddAppointmentAsync(), (act, sample) =>
            s.Use<TickMoveStep>().ExecuteAsync(act, sample.Id, MoveStep.OldPcReleased, s.Now, default)),
        ["Ownership.SettleOwnerChange"] = async s =>
        {
            var held = await s.Portal.AddHeldAsync(cents: 49_00, computers: "KASSE-1");
            var change = await (await s.Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover, held)).AgreedAsync();
            return OfStaff(await s.ActAsync(), change, (act, agreed) => s.Use<SettleOwnerChange>()
                .ExecuteAsync(act, agreed.Id, new OwnerSettlement(null, WaiveFee: false), s.Now, default));
        },
        ["Ownership.AskAboutOwnerChange"] = async s =>
        {
            var change = await (await s.Portal.AddOwnerChangeAsync(OwnerChangeKind.Data)).AgreedAsync();
            return OfStaff(await s.ActAsync(), change, (act, agreed) =>
                s.Use<AskAboutOwnerChange>().ExecuteAsync(act, agreed.Id, s.Now, default));
        },
        ["Ownership.DeclineOwnerChange"] = async s =>
        {
            var change = await (await s.Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover)).AgreedAsync();
            return OfStaff(await s.ActAsync(), change, (act, agreed) =>
                s.Use<DeclineOwnerChange>().ExecuteAsync(act, agreed.Id, s.Now, default));
        },
        ["Appointments.TickChecklist"] = async s => OfStaff(await s.ActAsync(), await s.Portal.AddAppointmentAsync(), (act, sample) =>
            s.Use<TickChecklist>().ExecuteAsync(act, sample.Id, SampleChecklists.HasBackup, s.Now, default)),
        ["Appointments.AgreeAppointment"] = async s =>
        {
            var agreed = SampleAppointments.Agreed(await s.Portal.AddBookableAsync(), s.Now);
            return OfStaff(await s.ActAsync(), agreed, (act, typed) =>
                s.Use<AgreeAppointment>().ExecuteAsync(act.Actor, act.CommandId, typed, s.Now, default));
        },
        ["Appointments.CreateCalendarFeed"] = async s => OfStaff(await s.ActAsync(), s.Clerk.Id, async (act, _) =>
            (await s.Use<CreateCalendarFeed>().ExecuteAsync(act.Actor, act.CommandId, s.Now, default)).Refused is { } no
                ? no
                : StaffResult.Done),
        ["Appointments.FinishAppointment"] = async s =>
        {
            var sample = await s.Portal.AddAppointmentAsync();
            await sample.TickAsync(MoveStep.OldPcReleased, MoveStep.NewPcActivated);
            return OfStaff(await s.ActAsync(), sample, (act, ready) =>
                s.Use<FinishAppointment>().ExecuteAsync(act, ready.Id, s.Now, default));
        },
        ["Appointments.RecordNoShow"] = async s =>
        {
            var sample = await s.Portal.AddAppointmentAsync();
            s.Portal.Clock.Now = (await sample.ReadAsync()).StartsAt;
            return OfStaff(await s.ActAsync(), sample, (act, missed) => s.Use<RecordNoShow>().ExecuteAsync(act, missed.Id, s.Now, default));
        },
        ["Appointments.CancelForCustomer"] = async s => OfStaff(await s.ActAsync(), await s.Portal.AddAppointmentAsync(), (act, sample) =>
            s.Use<CancelForCustomer>().ExecuteAsync(act, sample.Id, s.Now, default)),
        ["Flags.AskAboutFlag"] = async s =>
            OfStaff(await s.ActAsync(), (await s.LockedAsync()).Case,
                (act, number) => s.Use<AskAboutFlag>().ExecuteAsync(act, number, s.Now, default)),
        ["Flags.UnlockLicense"] = async s =>
            OfStaff(await s.ActAsync(), (await s.LockedAsync()).Case,
                (act, number) => s.Use<UnlockLicense>().ExecuteAsync(act, number, new(FlagCause.RepairedPc), s.Now, default)),
        ["Flags.UnlockAndExclude"] = async s =>
        {
            var (license, number, _) = await s.LockedAsync();
            var old = (await license.ReadAsync()).OpenFlag(FlagKind.Sighting)!.Computers[0].ActivationId;
            return OfStaff(await s.ActAsync(), number, (act, locked) => s.Use<UnlockAndExclude>().ExecuteAsync(
                act, locked, new(FlagCause.SecondPc, FlagPrevention.Exclude, old), s.Now, default));
        },
        ["Flags.ReopenCase"] = async s =>
        {
            var (license, number, _) = await s.LockedAsync();
            await license.ActAsync((l, _) => Task.FromResult(l.Unlock(l.OpenFlag(FlagKind.Sighting)!, s.Now).ShouldSucceed()));
            return OfStaff(await s.ActAsync(), number, (act, resolved) =>
                s.Use<ReopenCase>().ExecuteAsync(act, resolved, s.Now, default));
        },
        ["Flags.RequestIncident"] = async s =>
        {
            string[] numbers = [(await s.LockedAsync()).Case, (await s.LockedAsync()).Case];
            return OfStaff(await s.ActAsync(), numbers, (act, cases) =>
                s.Use<RequestIncident>().ExecuteAsync(act, cases, FlagCause.OurFault, s.Now, default));
        },
        ["Flags.DeclineIncident"] = async s =>
        {
            string[] numbers = [(await s.LockedAsync()).Case, (await s.LockedAsync()).Case];
            await s.Use<RequestIncident>().ExecuteAsync(await s.ActAsync(), numbers, FlagCause.OurFault, s.Now, default);
            await using var db = s.Portal.Open();
            var request = await db.IncidentRequests.OrderByDescending(r => r.RequestedAt).Select(r => r.Id).FirstAsync();
            return OfStaff(await s.ActAsync(), request, (act, asked) =>
                s.Use<DeclineIncident>().ExecuteAsync(act, asked, s.Now, default));
        },
        ["Licenses.RequestExclusion"] = async s => OfStaff(
            await s.ActAsync(), await s.OwnedAsync(), (act, own) =>
                s.Use<RequestExclusion>().ExecuteAsync(act, own.License.Id, own.Computer, s.Now, default)),
        ["Licenses.ApproveExclusion"] = async s => OfStaff(
            await s.ActAsync(s.Administrator), await WantedAsync(s), (act, wanted) =>
                s.Use<ApproveExclusion>().ExecuteAsync(act, wanted.License, wanted.Request, s.Now, default)),
        ["Licenses.DeclineExclusion"] = async s => OfStaff(
            await s.ActAsync(s.Administrator), await WantedAsync(s), (act, wanted) =>
                s.Use<DeclineExclusion>().ExecuteAsync(act, wanted.License, wanted.Request, s.Now, default)),
        ["People.InviteStaff"] = async s => OfStaff(await s.ActAsync(s.Administrator), $"{Guid.NewGuid():n}@team.example", (act, email) =>
            s.Use<InviteStaff>().ExecuteAsync(
                act.Actor, act.CommandId, new Invitee("Anna Berg", email, StaffRoles.Support), s.Now, default)),
        ["People.SendInvitation"] = async s =>
            OfStaff(await s.ActAsync(s.Administrator), await StaffUser.CreateAsync(s.Portal, secondFactor: false), (act, person) =>
                s.Use<SendInvitation>().ExecuteAsync(act.Actor, act.CommandId, person.Id, s.Now, default)),
        ["People.ChangeStaffRole"] = async s =>
            OfStaff(await s.ActAsync(s.Administrator), await StaffUser.CreateAsync(s.Portal), (act, person) =>
                s.Use<ChangeStaffRole>().ExecuteAsync(act.Actor, act.CommandId, person.Id, StaffRoles.Billing, s.Now, default)),
        ["People.DisableStaff"] = async s =>
            OfStaff(await s.ActAsync(s.Administrator), await StaffUser.CreateAsync(s.Portal), (act, person) =>
                s.Use<DisableStaff>().ExecuteAsync(act.Actor, act.CommandId, person.Id, s.Now, default)),
        ["People.EnableStaff"] = async s =>
            OfStaff(await s.ActAsync(s.Administrator), await StaffUser.CreateAsync(s.Portal), (act, person) =>
                s.Use<EnableStaff>().ExecuteAsync(act.Actor, act.CommandId, person.Id, s.Now, default)),
        ["People.RequestReset"] = async s =>
        {
            await StaffUser.CreateAsync(s.Portal, StaffRoles.Administrator);
            return OfStaff(await s.ActAsync(s.Administrator), await StaffUser.CreateAsync(s.Portal), (act, person) =>
                s.Use<RequestReset>().ExecuteAsync(act, person.Id, s.Now, default));
        },
        ["People.ApproveReset"] = async s => OfStaff(await s.ActAsync(s.Administrator), await WantedResetAsync(s), (act, wanted) =>
            s.Use<ApproveReset>().ExecuteAsync(act, wanted.Person, wanted.Request, s.Now, default)),
        ["People.DeclineReset"] = async s => OfStaff(await s.ActAsync(s.Administrator), await WantedResetAsync(s), (act, wanted) =>
            s.Use<DeclineReset>().ExecuteAsync(act, wanted.Person, wanted.Request, s.Now, default)),
        ["Licenses.GrantRelease"] = async s =>
            OfStaff(await s.ActAsync(), await s.OwnedAsync(),
                (act, own) => s.Use<GrantRelease>().ExecuteAsync(act, own.License.Id, s.Now.AddDays(3), s.Now, default)),
        ["Licenses.GrantLoan"] = async s => OfStaff(await s.ActAsync(), await WaitingLoanAsync(s), (act, loan) =>
            s.Use<GrantLoan>().ExecuteAsync(act, loan.License.Id, loan.Id, s.Now, default)),
        ["Licenses.DeclineLoan"] = async s => OfStaff(await s.ActAsync(), await WaitingLoanAsync(s), (act, loan) =>
            s.Use<DeclineLoan>().ExecuteAsync(act, loan.License.Id, loan.Id, s.Now, default)),
        ["Licenses.AllowFewParts"] = async s =>
            OfStaff(await s.ActAsync(), await s.OwnedAsync(),
                (act, own) => s.Use<AllowFewParts>().ExecuteAsync(act, own.License.Id, s.Now, default)),
        ["Licenses.ReleaseForCustomer"] = async s =>
            OfStaff(await s.ActAsync(), await s.OwnedAsync(),
                (act, own) => s.Use<ReleaseForCustomer>().ExecuteAsync(act, own.License.Id, own.Computer, s.Now, default)),
        ["Licenses.SuspendLicense"] = async s =>
            OfStaff(await s.ActAsync(), await s.OwnedAsync(),
                (act, own) => s.Use<SuspendLicense>().ExecuteAsync(act, own.License.Id, s.Now, default)),
        ["Licenses.RevokeLicense"] = async s =>
            OfStaff(await s.ActAsync(s.Administrator), await s.OwnedAsync(),
                (act, own) => s.Use<RevokeLicense>().ExecuteAsync(act, own.License.Id, s.Now, default)),
        ["Licenses.ReinstateLicense"] = async s =>
        {
            var own = await s.OwnedAsync();
            await own.License.SuspendAsync();
            return OfStaff(await s.ActAsync(), own, (act, o) => s.Use<ReinstateLicense>().ExecuteAsync(act, o.License.Id, s.Now, default));
        },
        ["Vendor.SaveVendor"] = async s =>
        {
            var act = await s.ActAsync(s.Administrator);
            var shown = (await s.Portal.Services.GetRequiredService<ShowVendor>().ExecuteAsync(act.Actor, s.Now, default)).Value!;
            var wanted = shown.Settings with { ContactName = $"Team {act.CommandId:n}" };
            return OfStaff(act, wanted, (a, settings) =>
                s.Use<SaveVendor>().ExecuteAsync(a.Actor, a.CommandId, settings, shown.Version, s.Now, default));
        },
        ["Transfers.AskCustomer"] = async s =>
            OfStaff(await s.ActAsync(), await s.Portal.AddTransferAsync(),
                (act, order) => s.Use<AskCustomer>().ExecuteAsync(act, order.Id, s.Now, default)),
        ["Transfers.EnterTransfer"] = async s =>
        {
            var act = await s.ActAsync();
            var typed = new TypedTransfer
            {
                License = (await Tills.AddAsync(s.Portal)).Numbers[0],
                NewHardware = A.Hardware("KASSE-NEU").ToString(),
                Remedy = TransferRemedy.Fee,
                Contact = new()
                {
                    ["Company"] = "Muster GmbH",
                    ["Name"] = "Erika Muster",
                    ["Email"] = SampleTransfer.Orderer,
                    ["Street"] = "Musterweg 1",
                    ["PostalCode"] = "12345",
                    ["City"] = "Musterstadt",
                },
            };
            var price = (await s.Use<CheckTransfer>().ExecuteAsync(act.Actor, typed, "de", s.Now, default)).Value!.Chosen!.Shown;
            return OfStaff(act, typed, async (sent, order) =>
                (await s.Use<EnterTransfer>().ExecuteAsync(sent.Actor, sent.CommandId, order, price, "de", s.Now, default)).Result);
        },
        ["Transfers.DeclineTransfer"] = async s =>
            OfStaff(await s.ActAsync(), await s.Portal.AddTransferAsync(),
                (act, order) => s.Use<DeclineTransfer>().ExecuteAsync(act, order.Id, s.Now, default)),
        ["Transfers.SettleTransfer"] = async s =>
            OfStaff(await s.ActAsync(), await s.Portal.AddTransferAsync(),
                (act, order) => s.Use<SettleTransfer>().ExecuteAsync(act, order.Id, s.Now, default)),
        ["Transfers.WaiveFee"] = async s =>
            OfStaff(await s.ActAsync(), await s.Portal.AddTransferAsync(),
                (act, order) => s.Use<WaiveFee>().ExecuteAsync(act, order.Id, s.Now, default)),
        ["Transfers.CorrectRecipient"] = async s =>
            OfStaff(await s.ActAsync(), await s.Portal.AddTransferAsync(),
                (act, order) => s.Use<CorrectRecipient>().ExecuteAsync(
                    act, order.Id, new("Muster GmbH", "Erika Muster", "Musterweg 1", "12345", "Musterstadt", "DE"), s.Now, default)),
        ["Transfers.RecordVatIdCheck"] = async s => OfStaff(
            await s.ActAsync(),
            await s.Portal.AddTransferAsync(new TransferSetting(Contact: c => c with { Country = "AT", VatId = "ATU12345675" })),
            (act, order) => s.Use<RecordVatIdCheck>().ExecuteAsync(act, order.Id, isValid: true, s.Now, default)),
        ["Transfers.IdentifyLicense"] = async s =>
        {
            var order = await s.Portal.AddTransferAsync(new TransferSetting(Identified: false));
            var item = (await order.ReadAsync()).Items[0].Id;
            var computer = (await order.Licenses[0].ReadAsync()).ActiveComputers.Single().Id;
            return OfStaff(await s.ActAsync(), order,
                (act, o) => s.Use<IdentifyLicense>().ExecuteAsync(act, o.Id, item, computer, s.Now, default));
        },
        ["Transfers.IssueLicense"] = async s => OfStaff(
            await s.ActAsync(), await s.InvoiceAsync(new TransferSetting(Issue: LicenseIssue.OnPayment)), (act, invoice) =>
                s.Use<IssueLicense>().ExecuteAsync(act, invoice.TransferRequestId!.Value, s.Now, default)),
        ["Invoices.CancelInvoice"] = async s =>
            OfStaff(await s.ActAsync(s.Administrator), await s.InvoiceAsync(),
                (act, invoice) => s.Use<CancelInvoice>().ExecuteAsync(act, invoice.Id, s.Now, default)),
        ["Invoices.SendInvoiceAgain"] = async s =>
            OfStaff(await s.ActAsync(), await s.InvoiceAsync(),
                (act, invoice) => s.Use<SendInvoiceAgain>().ExecuteAsync(act, invoice.Id, s.Now, default)),
        ["Desk.AssignCase"] = async s => OfStaff(await s.ActAsync(), Guid.NewGuid(), (act, subject) =>
            s.Use<AssignCase>().ExecuteAsync(act.Actor, act.CommandId, subject, shown: null, takes: true, s.Now, default)),
        ["Kit.AddTemplate"] = async s => OfStaff(await s.ActAsync(), "Reason", (act, word) =>
            s.Use<AddTemplate>().ExecuteAsync(act.Actor, act.CommandId, word, "Der Kunde hat angerufen", isShared: true, s.Now, default)),
        ["Kit.RemoveTemplate"] = async s =>
        {
            var template = Guid.CreateVersion7();
            (await s.Use<AddTemplate>().ExecuteAsync(
                (await s.ActAsync()).Actor, template, "Reason", $"Vorlage {template}", isShared: true, s.Now, default))
                .Refused.ShouldBeNull();
            return OfStaff(await s.ActAsync(), template, (act, id) =>
                s.Use<RemoveTemplate>().ExecuteAsync(act.Actor, act.CommandId, id, s.Now, default));
        },
        ["Kit.AddNote"] = async s => OfStaff(await s.ActAsync(), await s.OwnedAsync(), (act, own) =>
            s.Use<AddNote>().ExecuteAsync(act, new NotedCase(NotedKind.License, own.License.Id), s.Now, default)),
        ["Mails.LiftMailbox"] = async s => OfStaff(
            await s.ActAsync(), await s.Portal.AddFailedMailAsync(), (act, mail) =>
                s.Use<LiftMailbox>().ExecuteAsync(act, mail, s.Now, default)),
        ["Mails.SendMailAgain"] = async s => OfStaff(
            await s.ActAsync(), await s.Portal.AddFailedMailAsync(), (act, mail) =>
                s.Use<SendMailAgain>().ExecuteAsync(act.Actor, act.CommandId, mail, s.Now, default)),
        ["Mails.ResumeMails"] = async s => OfStaff(
            await s.ActAsync(s.Administrator), 0, (act, _) =>
                s.Use<ResumeMails>().ExecuteAsync(act.Actor, act.CommandId, s.Now, default)),
        ["Invoices.RecordPayment"] = async s => OfStaff(
            await s.ActAsync(),
            await s.InvoiceAsync(new TransferSetting(Issue: LicenseIssue.OnPayment)),
            (act, invoice) => s.Use<RecordPayment>().ExecuteAsync(act, invoice.Id, new(invoice.Gross, invoice.IssueDate), s.Now, default)),
        ["Invoices.UndoPayment"] = async s =>
        {
            var invoice = await s.InvoiceAsync();
            (await s.Use<RecordPayment>().ExecuteAsync(
                await s.ActAsync(), invoice.Id, new(invoice.Gross, invoice.IssueDate), s.Now, default)).Succeeded.ShouldBeTrue();
            var payment = (await s.Portal.ReadInvoiceAsync(invoice.Id)).Payments.Single().Id;
            return OfStaff(await s.ActAsync(), invoice, (act, i) =>
                s.Use<UndoPayment>().ExecuteAsync(act, i.Id, payment, s.Now, default));
        },
        ["Invoices.PauseReminders"] = async s =>
            OfStaff(await s.ActAsync(), await s.InvoiceAsync(),
                (act, invoice) => s.Use<PauseReminders>().ExecuteAsync(act, invoice.Id, paused: true, s.Now, default)),
        ["Invoices.PauseCustomerReminders"] = async s =>
            OfStaff(await s.ActAsync(), await s.InvoiceAsync(),
                (act, invoice) => s.Use<PauseCustomerReminders>().ExecuteAsync(act, invoice.Id, paused: true, s.Now, default)),

        // The administrator
        ["Tokens.CreateToken"] = async s =>
        {
            var secret = ApiTokenSecret.New();
            return OfStaff(await s.ActAsync(s.Administrator), secret, (act, made) => s.Use<CreateToken>().ExecuteAsync(
                act.Actor, act.CommandId, new WantedToken("Webshop", [ApiScopes.ReadLicenses], null), made, s.Now, default));
        },
        ["Tokens.RevokeToken"] = async s =>
            OfStaff(await s.ActAsync(s.Administrator), (await CallerAsync(s)).Id, (act, token) =>
                s.Use<RevokeToken>().ExecuteAsync(act.Actor, act.CommandId, token, s.Now, default)),

        ["Webhooks.CreateWebhook"] = async s =>
        {
            var secret = WebhookSecret.New();
            return OfStaff(await s.ActAsync(s.Administrator), secret, (act, made) => s.Use<CreateWebhook>().ExecuteAsync(
                act.Actor, act.CommandId, new WantedWebhook("https://shop.example/hook", [EventTypes.License]), made, s.Now, default));
        },
        ["Webhooks.EditWebhook"] = async s =>
        {
            var endpoint = await s.Portal.AddWebhookAsync();
            var shown = new WantedWebhook($"https://shop-{endpoint:n}.example/hook", EventTypes.Topics);
            return OfStaff(await s.ActAsync(s.Administrator), new WebhookEdit(shown, shown with { Description = "Webshop" }), (act, edit) =>
                s.Use<EditWebhook>().ExecuteAsync(act.Actor, act.CommandId, endpoint, edit, s.Now, default));
        },
        ["Webhooks.RotateWebhookSecret"] = async s =>
        {
            var secret = WebhookSecret.New();
            return OfStaff(await s.ActAsync(s.Administrator), await s.Portal.AddWebhookAsync(), (act, endpoint) =>
                s.Use<RotateWebhookSecret>().ExecuteAsync(act.Actor, act.CommandId, endpoint, secret, s.Now, default));
        },
        ["Webhooks.DisableWebhook"] = async s =>
            OfStaff(await s.ActAsync(s.Administrator), await s.Portal.AddWebhookAsync(), (act, endpoint) =>
                s.Use<DisableWebhook>().ExecuteAsync(act.Actor, act.CommandId, endpoint, s.Now, default)),
        ["Webhooks.EnableWebhook"] = async s =>
            OfStaff(await s.ActAsync(s.Administrator), await s.Portal.AddWebhookAsync(disabled: true), (act, endpoint) =>
                s.Use<EnableWebhook>().ExecuteAsync(act.Actor, act.CommandId, endpoint, s.Now, default)),
        ["Webhooks.RemoveWebhook"] = async s =>
            OfStaff(await s.ActAsync(s.Administrator), await s.Portal.AddWebhookAsync(), (act, endpoint) =>
                s.Use<RemoveWebhook>().ExecuteAsync(act.Actor, act.CommandId, endpoint, s.Now, default)),
        ["Webhooks.SendTestEvent"] = async s =>
            OfStaff(await s.ActAsync(s.Administrator), await s.Portal.AddWebhookAsync(), (act, endpoint) =>
                s.Use<SendTestEvent>().ExecuteAsync(act.Actor, act.CommandId, endpoint, s.Now, default)),
        ["Webhooks.SendDeliveryAgain"] = async s =>
            OfStaff(await s.ActAsync(s.Administrator), await s.Portal.AddDeliveryAsync(await s.Portal.AddWebhookAsync()), (act, delivery) =>
                s.Use<SendDeliveryAgain>().ExecuteAsync(act.Actor, act.CommandId, delivery, s.Now, default)),

        // The vendor's programs
        ["Customers.AddCustomer"] = async s => OfStaff(await s.ActAsync(), new CustomerInput
        {
            [CustomerField.Company] = "Muster Gastro GmbH",
            [CustomerField.Email] = "buero@muster-gastro.example",
            [CustomerField.Language] = "de",
            [CustomerField.Country] = "DE",
        }, async (act, typed) => (await s.Use<AddCustomer>().ExecuteAsync(act.Actor, act.CommandId, typed, s.Now, default)).Result),
        ["Customers.EditCustomer"] = async s =>
        {
            var (id, shown) = await CustomerAsync(s);
            var typed = CustomerInput.From(shown);
            typed[CustomerField.City] = "Neustadt";
            return OfStaff(await s.ActAsync(), typed, (act, given) =>
                s.Use<EditCustomer>().ExecuteAsync(act.Actor, act.CommandId, id, shown, given, s.Now, default));
        },
        ["Customers.ChangeCustomerMail"] = async s => OfStaff(await s.ActAsync(), (await CustomerAsync(s)).Id, (act, customer) =>
            s.Use<ChangeCustomerMail>().ExecuteAsync(act, customer, SampleLicense.Owner, "neu@muster-gastro.example", s.Now, default)),
        ["Customers.MergeCustomers"] = async s =>
        {
            var (source, target) = ((await s.OwnedAsync()).Customer, (await CustomerAsync(s)).Id);
            return OfStaff(await s.ActAsync(s.Administrator), source, (act, from) => s.Use<MergeCustomers>().ExecuteAsync(
                act, from, target, new Dictionary<Guid, MergedAccess>(), s.Now, default));
        },
        ["Customers.CreateCustomer"] = async s => OfProgram(await CallerAsync(s), (caller, once) => s.Use<CreateCustomer>()
            .ExecuteAsync(caller, once, new NewCustomer(null, "Muster Gastro GmbH", "buero@muster-gastro.example"), s.Now, default)),
        ["Licenses.CreateLicense"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync();
            await using var db = s.Portal.Open();
            var body = await db.Licenses.Where(l => l.Id == license.Id)
                .Select(l => new CreateLicenseBody
                {
                    Product = l.ProductId,
                    Customer = db.Customers.Where(c => c.Id == l.CustomerId).Select(c => c.Number).Single(),
                }).SingleAsync();
            return OfProgram(await CallerAsync(s), (caller, once) =>
                s.Use<CreateLicense>().ExecuteAsync(caller, once, body, serial: null, s.Now, default));
        },
        ["Licenses.RenewByToken"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync();
            return OfProgram(await CallerAsync(s), (caller, once) =>
                s.Use<RenewByToken>().ExecuteAsync(caller, once, license.Number, new DateOnly(2099, 12, 31), s.Now, default));
        },
        ["Licenses.SuspendByToken"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync();
            return OfProgram(await CallerAsync(s), (caller, once) =>
                s.Use<SuspendByToken>().ExecuteAsync(caller, once, license.Number, "Not paid", s.Now, default));
        },
        ["Licenses.ResumeByToken"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync();
            (await s.Portal.Services.GetRequiredService<SuspendByToken>()
                .ExecuteAsync(await CallerAsync(s), new Once(null), license.Number, "Not paid", s.Now, default)).Refused.ShouldBeNull();
            return OfProgram(await CallerAsync(s), (caller, once) =>
                s.Use<ResumeByToken>().ExecuteAsync(caller, once, license.Number, "Paid", s.Now, default));
        },
        ["Products.SaveProduct"] = async s =>
        {
            var product = new ProductEntry($"till-{Guid.NewGuid():n}"[..20], "My till", new ProductPolicies());
            return OfStaff(await s.ActAsync(s.Administrator), product, (act, entry) =>
                s.Use<SaveProduct>().ExecuteAsync(act.Actor, act.CommandId, entry, basedOn: 0, isNew: true, s.Now, default));
        },
        ["Products.SetPrice"] = async s =>
        {
            var (target, price) = await s.NewPriceAsync();
            return OfStaff(await s.ActAsync(s.Administrator), price, (act, entry) =>
                s.Use<SetPrice>().ExecuteAsync(act.Actor, act.CommandId, target, entry, s.Now, default));
        },
        ["Products.EndPrice"] = async s =>
        {
            var (target, price) = await s.PricedAsync();
            return OfStaff(await s.ActAsync(s.Administrator), price.ValidFrom, (act, day) =>
                s.Use<EndPrice>().ExecuteAsync(act.Actor, act.CommandId, target, day, s.Now, default));
        },
        ["Products.TakeBackPrice"] = async s =>
        {
            var (target, price) = await s.PricedAsync();
            return OfStaff(await s.ActAsync(s.Administrator), price.Id, (act, id) =>
                s.Use<TakeBackPrice>().ExecuteAsync(act.Actor, act.CommandId, target, id, s.Now, default));
        },
        ["Taxes.SetTaxRate"] = async s =>
        {
            var (version, day) = await s.TaxesAsync();
            return OfStaff(await s.ActAsync(s.Administrator), day, (act, from) =>
                s.Use<SetTaxRate>().ExecuteAsync(act.Actor, act.CommandId, version, 16m, from, s.Now, default));
        },
        ["Taxes.TakeBackTaxRate"] = async s =>
        {
            var (before, day) = await s.TaxesAsync();
            var actor = (await s.ActAsync(s.Administrator)).Actor;
            (await s.Portal.Services.GetRequiredService<SetTaxRate>().ExecuteAsync(actor, Guid.NewGuid(), before, 16m, day, s.Now, default))
                .ShouldBe(StaffResult.Done);
            var version = (await s.TaxesAsync()).Version;
            return OfStaff(await s.ActAsync(s.Administrator), day, (act, from) =>
                s.Use<TakeBackTaxRate>().ExecuteAsync(act.Actor, act.CommandId, version, from, s.Now, default));
        },
        ["Paragraphs.SaveMailText"] = async s =>
        {
            var product = (await (await s.Portal.AddLicenseAsync()).ReadAsync()).ProductId;
            return OfStaff(await s.ActAsync(s.Administrator), new MailParagraph("Nur heute.", null), (act, text) =>
                s.Use<SaveMailText>().ExecuteAsync(act.Actor, act.CommandId, new("released", product), text, basedOn: 0, s.Now, default));
        },
        ["Import.UploadLicenses"] = async s =>
        {
            var (id, csv) = (Guid.NewGuid(), await ListAsync(s));
            return OfStaff(await s.ActAsync(s.Administrator), id, async (act, file) =>
            {
                using var upload = new MemoryStream(csv);
                return await s.Use<UploadLicenses>().ExecuteAsync(act.Actor, file, "list.csv", upload, s.Now, default);
            });
        },
        ["Import.AddLicense"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync();
            var typed = new TypedLicense
            {
                [ImportField.Product] = (await license.ReadAsync()).ProductId,
                [ImportField.Company] = "Muster GmbH",
                [ImportField.Email] = "inhaber@muster.example",
            };
            return OfStaff(await s.ActAsync(s.Administrator), Guid.NewGuid(), async (act, id) =>
                (await s.Use<AddLicense>().ExecuteAsync(act.Actor, id, typed, s.Now, default)).Result);
        },
        ["Import.MapColumns"] = async s => OfStaff(await s.ActAsync(s.Administrator), await UploadedAsync(s), (act, file) =>
            s.Use<MapColumns>().ExecuteAsync(act.Actor, file, ["product", "", "company", "email"], s.Now, default)),
        ["Import.CheckImport"] = async s => OfStaff(await s.ActAsync(s.Administrator), await UploadedAsync(s), (act, file) =>
            s.Use<CheckImport>().ExecuteAsync(act.Actor, file, s.Now, default)),
        ["Import.StartImport"] = async s => OfStaff(await s.ActAsync(s.Administrator), await CheckedAsync(s), (act, file) =>
            s.Use<StartImport>().ExecuteAsync(act.Actor, file, alsoUpdate: true, withoutFaulty: false, s.Now, default)),
        ["Import.ContinueImport"] = async s => OfStaff(await s.ActAsync(s.Administrator), await StartedAsync(s), (act, file) =>
            s.Use<ContinueImport>().ExecuteAsync(act.Actor, file, s.Now, default)),
        ["Import.StopImport"] = async s => OfStaff(await s.ActAsync(s.Administrator), await StartedAsync(s), (act, file) =>
            s.Use<StopImport>().ExecuteAsync(act.Actor, file, s.Now, default)),
        ["Import.DiscardImport"] = async s => OfStaff(await s.ActAsync(s.Administrator), await CheckedAsync(s), async (act, file) =>
            await s.Use<DiscardImport>().ExecuteAsync(act.Actor, file, s.Now, default) is var result
            && result.Refused == StaffRefusal.NotFound
                ? StaffResult.Done
                : result),

        // The operator
        ["Import.ImportLicenses"] = async s =>
        {
            var csv = await ListAsync(s);
            return async () =>
            {
                using var file = new MemoryStream(csv);
                var report = await s.Use<ImportLicenses>()
                    .ExecuteAsync(file, "list.csv", new ImportOptions(false, false), ImportTold.Nobody, Actor.Operator, s.Now, default);
                (report.Faulty, report.Added + report.Existing).ShouldBe((0, 1));
            };
        },

        // The licensed software
        ["Activations.ActivateLicense"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync();
            var product = (await license.ReadAsync()).ProductId;
            return async () =>
                (await s.Use<ActivateLicense>()
                    .ExecuteAsync(new ActivateRequest(license.Key, product, new Computer(A.Hardware("KASSE-1"), "KASSE-1", "1.0")),
                        CutScene.Somebody, s.Now, default))
                .Outcome.Succeeded.ShouldBeTrue();
        },
        ["CheckIn.CheckInComputer"] = async s =>
        {
            // A computer that gave the license up, and is seen beside the one that has it: the longest way through a check-in.
            var license = await s.Portal.AddLicenseAsync(computers: ["KASSE-ALT"]);
            var old = await license.ReleaseAsync("KASSE-ALT");
            s.Portal.Clock.Advance(TimeSpan.FromMinutes(5));
            await license.ActivateAsync("KASSE-NEU");
            s.Portal.Clock.Advance(TimeSpan.FromMinutes(5));
            return async () =>
                (await s.Use<CheckInComputer>()
                    .ExecuteAsync(new CheckInRequest(Proof(s, old, DeviceProof.Check), old.HardwareCode, "1.0"), CutScene.Somebody, s.Now,
                        default))
                .ShouldSucceed().Code.ShouldBe(CheckInCode.LockedIllegal);
        },
        ["Release.ReleaseFromApp"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync();
            var computer = await license.ActivateAsync("KASSE-1");
            return async () =>
                (await s.Use<ReleaseFromApp>().ExecuteAsync(Proof(s, computer, DeviceProof.Release), CutScene.Somebody, s.Now, default))
                    .ShouldSucceed();
        },

        // Whoever has a key, a code or a link
        ["ActivateOffline.ActivateOffline"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync();
            return async () =>
            {
                var begun = await s.Use<ActivateOffline>()
                    .BeginAsync(license.Key, HardwareInput.Parse(A.Hardware("KASSE-1").ToString()), CutScene.Somebody, s.Now, default);
                (await s.Use<ActivateOffline>().ExecuteAsync(begun.Token.ShouldNotBeNull(), CutScene.Somebody, s.Now, default))
                    .ShouldBeTrue();
                (await s.Use<ActivateOffline>().ShowAsync(begun.Token, s.Now, default)).ShouldNotBeNull().File.ShouldNotBeNull();
            };
        },
        ["Appointments.BookAppointment"] = async s =>
        {
            var product = await s.Portal.AddBookableAsync();
            var startsAt = (await s.Portal.FreeAsync(product))[0].Slot.StartsAt;
            var (form, wish, caller) = (Guid.NewGuid(), SampleAppointments.Wish(), SampleAppointments.Somebody());
            return async () => (await s.Use<BookAppointment>().ExecuteAsync(
                form, product.Id, startsAt, license: null, wish, caller, person: null, s.Now, default))
                .Outcome.ShouldBe(BookingOutcome.Booked);
        },
        ["ChangeOwner.BeginOwnerChange"] = async s =>
        {
            var product = (await (await s.Portal.AddHeldAsync()).License.ReadAsync()).ProductId;
            return async () => (await s.Use<BeginOwnerChange>().ExecuteAsync(
                SampleOwnerChanges.Wish(OwnerChangeKind.Data, product), "L-1", SampleAppointments.Somebody(), person: null, s.Now, default))
                .Token.ShouldNotBeNull();
        },
        ["ChangeOwner.SendOwnerChange"] = async s =>
        {
            var token = await BegunAsync(s);
            return async () =>
            {
                // Sent again after it was done, the page says how it stands.
                await s.Use<SendOwnerChange>().ExecuteAsync(token, SampleAppointments.Somebody(), person: null, s.Now, default);
                (await s.Use<ShowOwnerChange>().ExecuteAsync(token, s.Now, default))!.Change.State
                    .ShouldBe(OwnerChangeState.AwaitingConfirmation);
            };
        },
        ["ChangeOwner.AgreeToOwnerChange"] = async s =>
        {
            var change = await s.Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover);
            var link = await change.LinkAsync(LinkPurpose.OwnerConfirm);
            return async () =>
            {
                await s.Use<AgreeToOwnerChange>().ExecuteAsync(link, null, false, SampleAppointments.Somebody(), s.Now, default);
                (await change.ReadAsync()).WaitsForTaker.ShouldBeTrue();
            };
        },
        ["ChangeOwner.AnswerOwnerChange"] = async s =>
        {
            var change = await (await s.Portal.AddOwnerChangeAsync(OwnerChangeKind.Data)).AgreedAsync();
            await using (var db = s.Portal.Open())
            {
                (await db.OwnerChanges.SingleAsync(c => c.Id == change.Id)).Ask("Seit wann?", s.Now).ShouldSucceed();
                await db.SaveChangesAsync();
            }

            var link = await change.LinkAsync(LinkPurpose.OwnerAnswer);
            return async () =>
            {
                await s.Use<AnswerOwnerChange>().ExecuteAsync(link, "Seit Mai.", SampleAppointments.Somebody(), s.Now, default);
                (await change.ReadAsync()).Answer.ShouldBe("Seit Mai.");
            };
        },
        ["Appointments.MoveBooking"] = async s =>
        {
            var sample = await s.Portal.AddAppointmentAsync();
            var later = (await s.Portal.FreeAsync(sample.Product))[1].Slot.StartsAt;
            return async () => (await s.Use<MoveBooking>().ExecuteAsync(sample.Token, later, SampleAppointments.Somebody(), s.Now, default))
                .Outcome.ShouldBe(ChangeOutcome.Done);
        },
        ["Appointments.CancelBooking"] = async s =>
        {
            var sample = await s.Portal.AddAppointmentAsync();
            return async () =>
            {
                // Sent again after it was done, the page says that it is cancelled.
                await s.Use<CancelBooking>().ExecuteAsync(sample.Token, SampleAppointments.Somebody(), s.Now, default);
                (await sample.ReadAsync()).State.ShouldBe(AppointmentState.Cancelled);
            };
        },
        ["Appointments.PrepareBooking"] = async s =>
        {
            var sample = await s.Portal.AddAppointmentAsync();
            return async () => (await s.Use<PrepareBooking>().ExecuteAsync(
                    sample.Token, Preparation.Drive, SampleChecklists.HasBackup, s.Now, default))
                .Outcome.ShouldBe(ChangeOutcome.Done);
        },
        ["AnswerFlag.AnswerFlag"] = async s =>
        {
            var (license, _, flag) = await s.LockedAsync();
            var token = await license.LinkAsync(LinkPurpose.Flag, flag);
            return async () =>
                (await s.Use<AnswerFlag>()
                    .ExecuteAsync(token, FlagExplanation.OldPcBack, "Der alte PC lief noch", CutScene.Somebody, s.Now, default))
                    .ShouldNotBeNull().ShouldSucceed();
        },
        ["AnswerFlag.FetchEmergencyCode"] = async s =>
        {
            var (license, _, flag) = await s.LockedAsync(byStages: true);
            var token = await license.LinkAsync(LinkPurpose.Flag, flag);
            return async () => (await s.Use<FetchEmergencyCode>().ExecuteAsync(token, null, CutScene.Somebody, s.Now, default))
                .ShouldNotBeNull().ShouldSucceed();
        },
        ["Loans.BeginLoan"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync(loans: SampleLoans.Offered, computers: "KASSE-1");
            var product = (await license.ReadAsync()).ProductId;
            return async () => (await s.Use<BeginLoan>().ExecuteAsync(
                product, license.Key, new Computer(A.Hardware("ERSATZ"), "ERSATZ", null), "Netzteil", new DateOnly(2026, 12, 1),
                CutScene.Somebody, person: null, s.Now, default)).Token.ShouldNotBeNull();
        },
        ["Loans.SendLoan"] = async s =>
        {
            var loan = await s.Portal.AddLoanAsync();
            return async () => (await s.Use<SendLoan>().ExecuteAsync(loan.Token, null, CutScene.Somebody, null, s.Now, default))!
                .Outcome.ShouldBe(LoanOutcome.Granted);
        },
        ["Loans.AgreeLoan"] = async s =>
        {
            var loan = await s.Portal.AddLoanAsync(byKey: false);
            await loan.SendAsync();
            await s.Portal.WriteAskedMailsAsync();
            var token = await loan.OwnerTokenAsync();
            return async () => (await s.Use<AgreeLoan>().ExecuteAsync(token, null, CutScene.Somebody, s.Now, default))!
                .Outcome.ShouldBe(LoanOutcome.Granted);
        },
        ["Loans.MakeLoanPermanent"] = async s =>
        {
            var loan = await s.Portal.AddLoanAsync();
            await loan.SendAsync();
            return async () => (await s.Use<MakeLoanPermanent>().ExecuteAsync(LinkPurpose.LoanRequest, loan.Token, s.Now, default))!
                .Page.ShouldNotBeNull();
        },
        ["Disputes.DisputeRelease"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync(computers: ["KASSE-1"]);
            var released = await license.ReleaseAsync("KASSE-1");
            var token = await license.LinkAsync(LinkPurpose.Objection, released.Id);
            return async () => (await s.Use<DisputeRelease>().ExecuteAsync(token, "Das war ich nicht", CutScene.Somebody, s.Now, default))
                .ShouldNotBeNull().Outcome.ShouldBe(ObjectionOutcome.Objected);
        },
        ["ReleaseByQr.ReleaseByQr"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync(computers: ["KASSE-1"]);
            var token = await license.QrTokenAsync("KASSE-1");
            return async () =>
                (await s.Use<ReleaseByQr>().ExecuteAsync(token, CutScene.Somebody, s.Now, default)).Outcome.ShouldBe(QrOutcome.Released);
        },
        ["ReleaseLicense.BeginRelease"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync(computers: ["KASSE-1"]);
            return async () =>
                (await s.Use<BeginRelease>().ExecuteAsync(license.Key, CutScene.Somebody, s.Now, default)).Token.ShouldNotBeNull();
        },
        ["ReleaseLicense.ReleaseLicense"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync(computers: ["KASSE-1"]);
            var token = (await s.Portal.Services.GetRequiredService<BeginRelease>()
                .OpenAsync(license.Id, AttemptSubjects.DraftFor(LinkPurpose.ReleaseRequest, license.Id), s.Now, default)).Page!;
            var code = VerificationCode.TryParse(await license.VerificationCodeAsync("KASSE-1"), out var read, out _)
                ? read
                : throw new InvalidOperationException("A code that was made is read.");
            return async () =>
                (await s.Use<ReleaseLicense>().ExecuteAsync(token, new ReleaseChoice(null, code, null), CutScene.Somebody, s.Now, default))
                .ShouldNotBeNull().Outcome.ShouldBeOneOf(ReleaseOutcome.Released, ReleaseOutcome.AlreadyReleased);
        },
        ["ReleaseLicense.ConfirmRelease"] = async s =>
        {
            var license =
                await s.Portal.AddLicenseAsync(release: A.FreeRelease with { DeadPc = DeadPcRule.ConfirmByMail }, computers: ["KASSE-1"]);
            var page = (await s.Portal.Services.GetRequiredService<BeginRelease>()
                .OpenAsync(license.Id, AttemptSubjects.DraftFor(LinkPurpose.ReleaseRequest, license.Id), s.Now, default)).Page!;
            (await s.Portal.Services.GetRequiredService<ReleaseLicense>()
                .ExecuteAsync(page, new ReleaseChoice(null, null, "defekt"), CutScene.Somebody, s.Now, default))
                .ShouldNotBeNull().Outcome.ShouldBe(ReleaseOutcome.MailSent);
            await using var db = s.Portal.Open();
            var token = await license.LinkAsync(
                LinkPurpose.ReleaseConfirm, (await SecretLinks.FindAsync(db, LinkPurpose.ReleaseRequest, page, s.Now, default))!.RecordId);
            return async () => (await s.Use<ConfirmRelease>().ExecuteAsync(token, license.LastFive, CutScene.Somebody, s.Now, default))
                .ShouldNotBeNull().Outcome.ShouldBe(ReleaseOutcome.Released);
        },
        ["LicenseSummary.StartLicenseLookup"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync(computers: ["KASSE-1"]);
            return async () =>
                (await s.Use<StartLicenseLookup>().ExecuteAsync(license.Key, CutScene.Somebody, s.Now, default)).Token.ShouldNotBeNull();
        },
        ["RequestTransfer.BeginFromRelease"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync(computers: ["KASSE-1"]);
            var token = (await s.Portal.Services.GetRequiredService<BeginRelease>()
                .OpenAsync(license.Id, AttemptSubjects.DraftFor(LinkPurpose.ReleaseRequest, license.Id), s.Now, default)).Page!;
            return async () => (await s.Use<BeginFromRelease>().ExecuteAsync(token, s.Now, default))
                .ShouldNotBeNull().Page.ShouldNotBeNull();
        },
        ["Transfers.ConfirmTransfer"] = async s =>
        {
            var order = await s.Portal.AddTransferAsync(
                new TransferSetting(Review: TransferReview.Automatic, AwaitsOwner: true, AddressOnFile: "inhaber@muster-gastro.example"));
            var token = await order.Licenses[0].LinkAsync(LinkPurpose.TransferConfirm, order.Id);
            return async () =>
                (await s.Use<ConfirmTransfer>()
                    .ExecuteAsync(token, new OwnerAgreement(LastFive: order.Licenses[0].LastFive), CutScene.Somebody, person: null, s.Now,
                        default)).ShouldNotBeNull().Outcome.ShouldBe(ConfirmOutcome.Submitted);
        },
        ["RequestTransfer.OrderTransfer"] = async s =>
        {
            var tills = await Tills.AddAsync(s.Portal, policy: Tills.Policy with { Review = TransferReview.Automatic });
            var owner = await CustomerUser.CreateAsync(s.Portal, tills.CustomerId);
            var token = await DraftAsync(s, tills, owner);
            var (actor, source) = (await owner.ActorAsync(), s.NextAddress());
            return async () => (await s.Use<OrderTransfer>().ExecuteAsync(token, "de", false, new Caller(source), actor, s.Now, default))
                .ShouldNotBeNull().Outcome.ShouldBe(OrderOutcome.Ordered);
        },
        ["Transfers.AnswerTransfer"] = async s =>
        {
            var order = await s.Portal.AddTransferAsync();
            await order.ActAsync(r => r.Ask("Welcher PC ist es?", s.Now).ShouldSucceed());
            var token = await order.Licenses[0].LinkAsync(LinkPurpose.TransferStatus, order.Id);
            // Once it is answered there is nothing to answer any more, and the page says so.
            return async () => (await s.Use<AnswerTransfer>().ExecuteAsync(token, "Die erste Kasse", CutScene.Somebody, s.Now, default)
                || (await order.ReadAsync()).State == TransferState.InReview).ShouldBeTrue();
        },
        ["Transfers.TransferChecklist"] = async s =>
        {
            var order = await s.Portal.AddTransferAsync();
            var token = await order.Licenses[0].LinkAsync(LinkPurpose.TransferStatus, order.Id);
            return async () => (await s.Use<TransferChecklist>().ExecuteAsync(token, SampleChecklists.HasBackup, s.Now, default))
                .ShouldBeTrue();
        },

        // Signed-in customers
        ["Data.AskForData"] = async s =>
            OfCustomer(await CutScene.ActAsync((await s.OwnedAsync()).Owner), act => s.Use<AskForData>().ExecuteAsync(act, s.Now, default)),
        ["Data.EraseAccount"] = async s =>
            OfCustomer(await CutScene.ActAsync((await s.OwnedAsync()).Owner),
                act => s.Use<EraseAccount>().ExecuteAsync(act, leaveAlone: true, s.Now, default)),
        ["Data.EraseCustomer"] = async s =>
        {
            var (_, _, customer, owner) = await s.OwnedAsync();
            return OfCustomer(await CutScene.ActAsync(owner), act => s.Use<EraseCustomer>().ExecuteAsync(act, customer, s.Now, default));
        },
        ["Data.OpenData"] = async s =>
        {
            var (license, _, _, owner) = await s.OwnedAsync();
            var token = await license.LinkAsync(LinkPurpose.DataExport, owner.Id);
            var actor = await owner.ActorAsync();
            return async () => (await s.Use<OpenData>().ExecuteAsync(actor, token, s.Now, default)).ShouldNotBeNull();
        },
        ["Details.SaveMyDetails"] = async s =>
        {
            var (_, _, customer, owner) = await s.OwnedAsync();
            var typed = new DraftContact
            {
                Company = "Neue Muster Gastro GmbH",
                Street = "Musterstraße 2",
                PostalCode = "12345",
                City = "Musterstadt",
                Country = "DE"
            };
            return OfCustomer(await CutScene.ActAsync(owner),
                act => s.Use<SaveMyDetails>().ExecuteAsync(act, customer, typed, s.Now, default));
        },
        ["Settings.SaveMySettings"] = async s =>
        {
            var actor = await (await s.OwnedAsync()).Owner.ActorAsync();
            var wanted = (await s.Portal.Services.GetRequiredService<SaveMySettings>().ShowAsync(actor, default))
                .ShouldNotBeNull() with
            { Culture = "en" };
            return async () => (await s.Use<SaveMySettings>().ExecuteAsync(actor, wanted, s.Now, default)).ShouldBeNull();
        },
        ["Licenses.BeginMyTransfer"] = async s =>
        {
            var order = await s.Portal.AddTransferAsync();
            await s.Portal.Services.GetRequiredService<DeclineTransfer>().ExecuteAsync(await s.ActAsync(), order.Id, s.Now, default);
            var actor = await (await CustomerUser.CreateAsync(order.Licenses[0])).ActorAsync();
            return async () => (await s.Use<BeginMyTransfer>().ExecuteAsync(actor, order.Licenses[0].Number, s.Now, default))
                .ShouldNotBeNull();
        },
        ["Licenses.NameComputer"] = async s =>
        {
            var own = await s.OwnedAsync();
            return OfCustomer(await CutScene.ActAsync(own.Owner),
                act => s.Use<NameComputer>().ExecuteAsync(act, own.License.Number, own.Computer, "Kasse vorn", s.Now, default));
        },
        ["Licenses.OpenMyCase"] = async s =>
        {
            var (license, _, _) = await s.LockedAsync();
            var actor = await (await CustomerUser.CreateAsync(license)).ActorAsync();
            return async () => (await s.Use<OpenMyCase>().ExecuteAsync(actor, license.Number, s.Now, default)).ShouldNotBeNull();
        },
        ["Licenses.OpenMyRelease"] = async s =>
        {
            var own = await s.OwnedAsync();
            var actor = await own.Owner.ActorAsync();
            return async () => (await s.Use<OpenMyRelease>().ExecuteAsync(actor, own.License.Number, s.Now, default)).ShouldNotBeNull();
        },
        ["Licenses.ReleaseComputer"] = async s =>
        {
            var own = await s.OwnedAsync();
            return OfCustomer(await CutScene.ActAsync(own.Owner),
                act => s.Use<ReleaseComputer>().ExecuteAsync(act, own.License.Number, own.Computer, goesOn: false, s.Now, default));
        },
        ["People.InvitePerson"] = async s =>
        {
            var (_, _, customer, owner) = await s.OwnedAsync();
            var invited = new Invited($"{Guid.NewGuid():n}@muster-gastro.example", CustomerRole.Member, "de");
            return OfPeople(await CutScene.ActAsync(owner),
                act => s.Use<InvitePerson>().ExecuteAsync(act, customer, invited, s.Now, default));
        },
        ["People.WithdrawInvitation"] = async s =>
        {
            var (_, _, customer, owner) = await s.OwnedAsync();
            var invited = new Invited($"{Guid.NewGuid():n}@muster-gastro.example", CustomerRole.Member, "de");
            (await s.Portal.Services.GetRequiredService<InvitePerson>()
                .ExecuteAsync(await CutScene.ActAsync(owner), customer, invited, s.Now, default)).Stopped.ShouldBeNull();
            await using var db = s.Portal.Open();
            var invitation = await db.Set<SelfHelpPortal.Data.Accounts.Registration>().Where(r => r.CustomerId == customer)
                .Select(r => r.Id).SingleAsync();
            return OfPeople(await CutScene.ActAsync(owner),
                act => s.Use<WithdrawInvitation>().ExecuteAsync(act, customer, invitation, s.Now, default));
        },
        ["People.ChangeRole"] = async s =>
        {
            var (license, _, customer, owner) = await s.OwnedAsync();
            var member = await CustomerUser.CreateAsync(license, CustomerRole.Member);
            return OfPeople(await CutScene.ActAsync(owner),
                act => s.Use<ChangeRole>().ExecuteAsync(act, customer, member.Id, CustomerRole.Owner, s.Now, default));
        },
        ["People.RemovePerson"] = async s =>
        {
            var (license, _, customer, owner) = await s.OwnedAsync();
            var member = await CustomerUser.CreateAsync(license, CustomerRole.Member);
            return OfPeople(await CutScene.ActAsync(owner),
                act => s.Use<RemovePerson>().ExecuteAsync(act, customer, member.Id, s.Now, default));
        },
        ["People.LeaveCustomer"] = async s =>
        {
            var (license, _, customer, _) = await s.OwnedAsync();
            var member = await CustomerUser.CreateAsync(license, CustomerRole.Member);
            return OfPeople(await CutScene.ActAsync(member), act => s.Use<LeaveCustomer>().ExecuteAsync(act, customer, s.Now, default));
        },
        ["Renew.RenewSubscription"] = async s =>
        {
            var renewal = await s.Portal.AddRenewalAsync(computers: ["KASSE-1"]);
            var (order, act) = (await renewal.OrderAsync(), await renewal.ActAsync());
            return async () => (await s.Use<RenewSubscription>().ExecuteAsync(act, order, s.Now, default)).Done.ShouldNotBeNull();
        },
        ["Renew.UndoRenewal"] = async s =>
        {
            var renewal = await s.Portal.AddRenewalAsync(
                DateOnly.FromDateTime(s.Now.UtcDateTime).AddDays(30), computers: ["KASSE-1"]);
            var (invoice, act) = ((await renewal.RenewAsync()).Done.ShouldNotBeNull().InvoiceNumber, await renewal.ActAsync());
            return async () => (await s.Use<UndoRenewal>().ExecuteAsync(act, renewal.License.Number, invoice, s.Now, default))
                .Refused.ShouldBeNull();
        },
        ["Transfers.AnswerMyTransfer"] = async s =>
        {
            var order = await s.Portal.AddTransferAsync();
            await order.ActAsync(r => r.Ask("Welcher PC ist es?", s.Now).ShouldSucceed());
            return OfCustomer(await OwnerActAsync(order),
                act => s.Use<AnswerMyTransfer>().ExecuteAsync(act, order.Reference, "Die erste Kasse", s.Now, default));
        },
        ["Transfers.KeepMyChecklist"] = async s =>
        {
            var order = await s.Portal.AddTransferAsync();
            return OfCustomer(await OwnerActAsync(order),
                act => s.Use<KeepMyChecklist>().ExecuteAsync(act, order.Reference, SampleChecklists.HasBackup, s.Now, default));
        },
        ["Transfers.ConfirmMyTransfer"] = async s =>
        {
            var order = await s.Portal.AddTransferAsync(new TransferSetting(Review: TransferReview.Automatic, AwaitsOwner: true));
            return OfCustomer(await OwnerActAsync(order),
                act => s.Use<ConfirmMyTransfer>().ExecuteAsync(act, order.Reference, new OwnerAgreement(), s.Now, default));
        },
        ["Transfers.WithdrawMyTransfer"] = async s =>
        {
            var order = await s.Portal.AddTransferAsync();
            return OfCustomer(await OwnerActAsync(order),
                act => s.Use<WithdrawMyTransfer>().ExecuteAsync(act, order.Reference, s.Now, default));
        },

        // Accounts
        ["Account.ResetPassword"] = async s =>
        {
            var (license, _, _, owner) = await s.OwnedAsync();
            var token = await license.LinkAsync(LinkPurpose.PasswordReset, owner.Id);
            const string wanted = "neun Reiher an der Furt";
            return async () =>
            {
                await using var scope = s.Scope();
                var problems = await scope.ServiceProvider.GetRequiredService<ResetPassword>().ExecuteAsync(token, wanted, s.Now, default);
                // When it was done before, the link is none any more, and the new password is the one that counts.
                var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
                (problems is [] || await users.CheckPasswordAsync((await users.FindByIdAsync(owner.Id.ToString()))!, wanted))
                    .ShouldBeTrue(problems is null ? "The link is none any more." : string.Join(", ", problems));
            };
        },
        ["Account.ChangeAddress"] = async s =>
        {
            var owner = (await s.OwnedAsync()).Owner;
            var principal = new ClaimsPrincipal(new ClaimsIdentity(
                [
                    new(ClaimTypes.NameIdentifier, owner.Id.ToString()),
                    .. SignInClaims.Create(SignInStrength.Password, s.Now, Guid.NewGuid()),
                ],
                "test"));
            var wanted = $"{Guid.NewGuid():n}@muster-gastro.example";
            return async () =>
            {
                await using var scope = s.Scope();
                (await scope.ServiceProvider.GetRequiredService<ChangeAddress>().ExecuteAsync(principal, wanted, s.Now, default))
                    .ShouldBeNull();
            };
        },
        ["Account.ConfirmAddress"] = async s =>
        {
            var (license, _, _, owner) = await s.OwnedAsync();
            var change = new AddressChange
            {
                Id = Guid.CreateVersion7(s.Now),
                UserId = owner.Id,
                OldEmail = owner.Email,
                NewEmail = $"{Guid.NewGuid():n}@muster-gastro.example",
                CreatedAt = s.Now,
                ExpiresAt = s.Now.AddDays(1),
                OldConfirmedAt = s.Now,
            };
            await using (var db = s.Portal.Open())
            {
                db.Add(change);
                await db.SaveChangesAsync();
            }

            var token = await license.LinkAsync(LinkPurpose.AddressNew, change.Id);
            return async () =>
            {
                await using var scope = s.Scope();
                (await scope.ServiceProvider.GetRequiredService<ConfirmAddress>().ExecuteAsync(token, s.Now, default))
                    .ShouldNotBeNull().Step.ShouldBe(AddressStep.Done);
            };
        },
        ["Registrations.RemoveAccess"] = async s =>
        {
            var (license, _, _, owner) = await s.OwnedAsync();
            var registration = new Registration
            {
                Id = Guid.CreateVersion7(s.Now),
                Email = owner.Email,
                LicenseId = license.Id,
                CreatedAt = s.Now,
                ExpiresAt = s.Now.AddDays(1),
                UsedAt = s.Now,
                UserId = owner.Id
            };
            await using (var db = s.Portal.Open())
            {
                db.Add(registration);
                await db.SaveChangesAsync();
            }

            var token = await license.LinkAsync(LinkPurpose.AccessObjection, registration.Id);
            return async () => (await s.Use<RemoveAccess>().ExecuteAsync(token, "192.0.2.0/24", s.Now, default))
                .ShouldNotBeNull().State.ShouldBe(AccessState.Removed);
        },
        ["Registrations.AgreeToAccess"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync();
            var holder = await CustomerUser.CreateByKeyAsync(license);
            var registration = new Registration
            {
                Id = Guid.CreateVersion7(s.Now),
                Email = holder.Email,
                LicenseId = license.Id,
                CreatedAt = s.Now,
                ExpiresAt = s.Now.AddDays(1),
                UsedAt = s.Now,
                UserId = holder.Id
            };
            await using (var db = s.Portal.Open())
            {
                db.Add(registration);
                await db.SaveChangesAsync();
            }

            var token = await license.LinkAsync(LinkPurpose.AccessObjection, registration.Id);
            return async () => (await s.Use<AgreeToAccess>().ExecuteAsync(token, "192.0.2.0/24", s.Now, default))
                .ShouldNotBeNull().State.ShouldBe(AccessState.Agreed);
        },
        ["Registrations.RequestAccount"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync();
            var (address, source) = ($"{Guid.NewGuid():n}@muster-gastro.example", s.NextAddress());
            return async () =>
                (await s.Use<RequestAccount>()
                    .ExecuteAsync(address, license.Key, new Caller(source), new MailRequester(null, null), s.Now, default)).ShouldBeNull();
        },

        // What the clock does. A job that was broken off is run again after its lease.
        ["job expire-transfers"] = async s =>
        {
            await s.Portal.AddTransferAsync(new TransferSetting(AwaitsOwner: true));
            s.Portal.Clock.Advance(TransferRequest.DraftLifetime + TimeSpan.FromDays(1));
            return () => s.Use<EndTransfer>().ExpireAsync(s.Now, default);
        },
        ["job invoice-reminders"] = async s =>
        {
            await s.InvoiceAsync();
            s.Portal.Clock.Advance(TimeSpan.FromDays(40));
            return () => s.Use<RemindInvoices>().RunAsync(s.Now, default);
        },
        ["job weekly-digest"] = async s =>
        {
            await s.LockedAsync();
            s.Portal.Clock.Advance(TimeSpan.FromDays(7));
            return () => s.Use<SendWeeklyDigest>().RunAsync(s.Now, default);
        },
        ["job retention"] = async s =>
        {
            var own = await s.OwnedAsync();
            await s.Portal.Services.GetRequiredService<ReleaseForCustomer>()
                .ExecuteAsync(await s.ActAsync(), own.License.Id, own.Computer, s.Now, default);
            s.Portal.Clock.Advance(TimeSpan.FromDays(40));
            return () => s.Use<RetentionJob>().RunAsync(s.Now, default);
        },
        ["job expire-owner-changes"] = async s =>
        {
            var change = await s.Portal.AddOwnerChangeAsync(OwnerChangeKind.Data);
            return async () =>
            {
                await s.Use<ExpireOwnerChanges>().RunAsync(s.Now + OwnerChange.Lifetime, default);
                (await change.ReadAsync()).State.ShouldBe(OwnerChangeState.Expired);
            };
        },
        ["job remind-appointments"] = async s =>
        {
            var sample = await s.Portal.AddAppointmentAsync();
            s.Portal.Clock.Now = (await sample.ReadAsync()).StartsAt.AddHours(-23);
            return async () =>
            {
                await s.Use<RemindAppointments>().RunAsync(s.Now, default);
                (await sample.ReadAsync()).RemindedAt.ShouldNotBeNull();
            };
        },
        ["job end-computers"] = async s =>
        {
            var loan = await s.Portal.AddLoanAsync();
            await loan.SendAsync();
            s.Portal.Clock.Advance(TimeSpan.FromDays(15));
            return async () =>
            {
                await s.Use<EndComputers>().RunAsync(s.Now, default);
                (await loan.License.ReadAsync()).Activations.Count(a => a.RanOut).ShouldBe(1);
            };
        },
        ["job check-data"] = s => Task.FromResult<Func<Task>>(() => s.Use<CheckData>().RunDailyAsync(s.Now, default)),
        ["job history-heads"] = s =>
            Task.FromResult<Func<Task>>(async () => (await s.Use<HistoryHeads>().WriteAsync(s.Now, default)).ShouldNotBeNull()),
        ["job forget-sessions"] = s => Task.FromResult<Func<Task>>(async () =>
        {
            await using var scope = s.Scope();
            await scope.ServiceProvider.GetRequiredService<UserSessions>().PurgeAsync(s.Now, default);
        }),
        ["job forget-activation-requests"] = s => Task.FromResult<Func<Task>>(() => s.Use<ActivateOffline>().PurgeAsync(s.Now, default)),

        // What nobody waits for
        ["loop mails that were asked for"] = async s =>
        {
            var license = await s.Portal.AddLicenseAsync();
            await license.OfAsync($"{Guid.NewGuid():n}@muster-gastro.example");
            await s.Portal.Services.GetRequiredService<RequestAccount>()
                .ExecuteAsync($"{Guid.NewGuid():n}@muster-gastro.example", license.Key, new Caller(s.NextAddress()),
                    new MailRequester(null, null), s.Now, default);
            return async () =>
            {
                s.Portal.Clock.Advance(TimeSpan.FromMinutes(5));
                await s.Use<MailRequestWriter>().WriteDueAsync(default);
                await using var db = s.Portal.Open();
                (await db.Set<MailRequest>().CountAsync()).ShouldBe(0);
            };
        },
        ["loop webhooks"] = async s =>
        {
            var endpoint = await s.Portal.AddWebhookAsync();
            await s.Portal.AddLicenseAsync();
            return async () =>
            {
                while (await s.Use<WebhookFanOut>().RunAsync(s.Now, default))
                {
                }

                await using var db = s.Portal.Open();
                (await db.Set<WebhookDelivery>().CountAsync(d => d.EndpointId == endpoint)).ShouldBe(1);
            };
        },
        ["loop mails"] = async s =>
        {
            await s.InvoiceAsync();
            return async () =>
            {
                // A lease runs out, and of a mail that may have left a copy follows later.
                for (var i = 0; i < 3; i++)
                {
                    s.Portal.Clock.Advance(TimeSpan.FromMinutes(20));
                    while (await s.Use<MailRound>().RunAsync(default) > 0)
                    {
                    }
                }

                await using var db = s.Portal.Open();
                (await db.Set<OutboxMessage>()
                    .CountAsync(m => m.State == OutboxState.Pending || m.State == OutboxState.Sending || m.State == OutboxState.Unknown))
                    .ShouldBe(0);
            };
        },
    };

    /// <summary>A loan that waits for staff.</summary>
    private static async Task<SampleLoan> WaitingLoanAsync(CutScene scene)
    {
        var loan = await scene.Portal.AddLoanAsync(SampleLoans.Offered with { Review = LoanReview.ByStaff });
        (await loan.SendAsync()).ShouldBe(LoanOutcome.Submitted);
        return loan;
    }

    private static async Task<(Guid License, Guid Request)> WantedAsync(CutScene s)
    {
        var own = await s.OwnedAsync();
        (await s.Use<RequestExclusion>().ExecuteAsync(await s.ActAsync(), own.License.Id, own.Computer, s.Now, default))
            .ShouldBe(StaffResult.Done);
        await using var db = s.Portal.Open();
        return (own.License.Id, await db.ExclusionRequests.Where(r => r.ActivationId == own.Computer).Select(r => r.Id).SingleAsync());
    }

    /// <summary>A colleague whose account another administrator wants to reset.</summary>
    private static async Task<(Guid Person, Guid Request)> WantedResetAsync(CutScene s)
    {
        var (asker, person) = (await StaffUser.CreateAsync(s.Portal, StaffRoles.Administrator), await StaffUser.CreateAsync(s.Portal));
        (await s.Use<RequestReset>().ExecuteAsync(await s.ActAsync(asker), person.Id, s.Now, default)).ShouldBe(StaffResult.Done);
        await using var db = s.Portal.Open();
        return (person.Id, await db.StaffResets.Where(r => r.UserId == person.Id).Select(r => r.Id).SingleAsync());
    }

    /// <summary>A list with one new license of a product that is there.</summary>
    private static async Task<byte[]> ListAsync(CutScene s)
    {
        var license = await s.Portal.AddLicenseAsync();
        var product = (await license.ReadAsync()).ProductId;
        var number = $"IMPORT-{Guid.NewGuid():n}"[..18].ToUpperInvariant();
        return Encoding.UTF8.GetBytes(
            $"product,license_number,company,email\n{product},{number},Muster Gastro GmbH,inhaber@muster-gastro.example\n");
    }

    private static async Task<Guid> UploadedAsync(CutScene s)
    {
        var id = Guid.NewGuid();
        using var upload = new MemoryStream(await ListAsync(s));
        await s.Portal.Services.GetRequiredService<ImportSteps>().StageAsync(id, "list.csv", upload, null, s.Now, default);
        return id;
    }

    private static async Task<Guid> CheckedAsync(CutScene s)
    {
        var (id, actor) = (await UploadedAsync(s), await s.Administrator.ActorAsync());
        for (var part = 0; part < 2; part++)
        {
            (await s.Portal.Services.GetRequiredService<CheckImport>().ExecuteAsync(actor, id, s.Now, default)).ShouldBe(StaffResult.Done);
        }

        return id;
    }

    private static async Task<Guid> StartedAsync(CutScene s)
    {
        var id = await CheckedAsync(s);
        (await s.Portal.Services.GetRequiredService<StartImport>().ExecuteAsync(
            await s.Administrator.ActorAsync(), id, alsoUpdate: false, withoutFaulty: false, s.Now, default)).ShouldBe(StaffResult.Done);
        return id;
    }

    private static async Task<(Guid Id, CustomerDetails Shown)> CustomerAsync(CutScene s)
    {
        var id = (await (await s.Portal.AddLicenseAsync()).ReadAsync()).CustomerId;
        await using var db = s.Portal.Open();
        return (id, CustomerDetails.From(await db.Customers.AsNoTracking().SingleAsync(c => c.Id == id)));
    }

    private static async Task<TokenCaller> CallerAsync(CutScene s)
    {
        var secret = await s.Portal.AddTokenAsync(ApiScopes.All);
        await using var db = s.Portal.Open();
        return new TokenCaller(
            await db.ApiTokens.Where(t => t.Prefix == secret.Substring(0, 10)).Select(t => t.Id).SingleAsync(), "Webshop", ApiScopes.All,
            "192.0.2.0/24");
    }

    /// <summary>A program repeats its request with the same key.</summary>
    private static Func<Task> OfProgram<T>(TokenCaller caller, Func<TokenCaller, Once, Task<BackofficeAnswer<T>>> call)
        where T : class
    {
        var once = new Once(Guid.NewGuid().ToString());
        return async () => (await call(caller, once)).Refused.ShouldBeNull();
    }

    /// <summary>A change of the licensee that is filled in and not sent.</summary>
    private static async Task<string> BegunAsync(CutScene s)
    {
        var held = await s.Portal.AddHeldAsync();
        var wish = SampleOwnerChanges.Wish(OwnerChangeKind.Data, (await held.License.ReadAsync()).ProductId);
        return (await s.Use<BeginOwnerChange>().ExecuteAsync(
            wish, held.License.Number, SampleAppointments.Somebody(), person: null, s.Now, default)).Token.ShouldNotBeNull();
    }

    private static Func<Task> OfStaff<T>(StaffAct act, T subject, Func<StaffAct, T, Task<StaffResult>> call) => async () =>
    {
        var result = await call(act, subject);
        // A screen of staff hears as a refusal what a page hears as a failure.
        if (result.Refused == StaffRefusal.Unavailable)
        {
            throw new TransactionLostException("The act says that the database is away.");
        }

        if (result.Refused == StaffRefusal.OutcomeUnknown)
        {
            throw new OutcomeUnknownException(
                "The act says that nobody knows.", new InvalidOperationException("It was told as a refusal."));
        }

        result.ShouldBe(StaffResult.Done);
    };

    private static Func<Task> OfCustomer<T>(CustomerAct act, Func<CustomerAct, Task<CustomerAnswer<T>>> call)
        where T : class => async () => (await call(act)).Refused.ShouldBeNull();

    private static Func<Task> OfPeople(CustomerAct act, Func<CustomerAct, Task<PeopleAnswer>> call) => async () =>
    {
        var answer = await call(act);
        (answer.Stopped, answer.Refused).ShouldBe((null, null));
    };

    private static async Task<CustomerAct> OwnerActAsync(SampleTransfer order) =>
        await CutScene.ActAsync(await CustomerUser.CreateAsync(order.Licenses[0]));

    /// <summary>Everything that an order needs is typed, and the button is pressed next.</summary>
    private static async Task<string> DraftAsync(CutScene scene, Tills tills, CustomerUser owner)
    {
        await using var db = scene.Portal.Open();
        var license = await db.Licenses.AsNoTracking().SingleAsync(l => l.Number == tills.Numbers[0]);
        var drafts = scene.Portal.Services.GetRequiredService<TransferDrafts>();
        var draft = new TransferDraft
        {
            ProductId = tills.ProductId,
            LicenseId = license.Id,
            LicenseAsked = true,
            Remedy = TransferRemedy.Fee,
            Items = [new DraftItem(Tills.Code("KASSE-NEU-1"), null)],
            HardwareRead = true,
            Contact = new DraftContact
            {
                Company = "Muster Gastro GmbH",
                Name = "Einkauf",
                Email = owner.Email,
                Street = "Musterstraße 1",
                PostalCode = "12345",
                City = "Musterstadt",
                Country = "DE"
            },
        };
        var by = AttemptSubjects.DraftOf(LinkPurpose.TransferDraft, owner.Id);
        var token = (await drafts.BeginAsync(draft, by, scene.Now, default)).Page!;
        var offer = (await scene.Portal.Services.GetRequiredService<ShowDraft>()
            .ExecuteAsync(token, "de", scene.Now, default))!.Offers.Single(o => o.Remedy == TransferRemedy.Fee);
        await drafts.ChangeAsync(token, d => d with { Shown = offer.Shown }, scene.Now, default);
        return token;
    }

    private static DeviceRequest Proof(CutScene scene, Activation computer, string purpose)
    {
        var (nonce, ts) = (Guid.NewGuid().ToString("n"), scene.Now.ToUnixTimeSeconds());
        var secret = scene.Portal.Services.GetRequiredService<ActivationSecretsFactory>().Open(computer);
        return new DeviceRequest(computer.Handle, computer.Generation, nonce, ts,
            DeviceProof.Compute(purpose, computer.Handle, computer.Generation, nonce, ts, secret));
    }
}

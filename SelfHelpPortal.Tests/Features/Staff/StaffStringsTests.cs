using System.Text.RegularExpressions;
using System.Xml.Linq;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Mails;
using SelfHelpPortal.Features.Staff.Ownership;
using SelfHelpPortal.Features.Staff.Paragraphs;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Setup;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.House;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The pages get their words from a base class and often by names put together, so both are met here.</summary>
public partial class StaffStringsTests
{
    private static readonly string Folder = Repository.At("SelfHelpPortal", "Features", "Staff");

    private static readonly HashSet<string> Known =
        [.. XDocument.Load(Path.Combine(Folder, "Kit", "StaffStrings.resx")).Descendants("data").Select(d => d.Attribute("name")!.Value)];

    [Fact]
    public void Every_word_that_a_staff_page_names_exists()
    {
        var asked = Directory.EnumerateFiles(Folder, "*.razor*", SearchOption.AllDirectories)
            .Append(Path.Combine(Folder, "Kit", "StaffTexts.cs"))
            .SelectMany(file => Asked().Matches(File.ReadAllText(file))).Select(m => m.Groups[1].Value).ToHashSet();

        asked.Count.ShouldBeGreaterThan(60);
        asked.Except(Known).ShouldBeEmpty();
    }

    [Fact]
    public void Every_case_stage_method_event_and_refusal_has_its_words()
    {
        string[] acts =
            ["UnlockLicense", "ResolveSighting", "ResolveObjection", "ReopenCase", "RequestIncident", "ApproveIncident", "DeclineIncident",
                "WithdrawIncident", "RequestExclusion", "ApproveExclusion", "DeclineExclusion",
                "WithdrawExclusion", "SuspendLicense", "ReinstateLicense", "RevokeLicense", "ReleaseForCustomer", "GrantRelease",
                "AllowFewParts", "CancelInvoice", "RecordPayment", "UndoPayment", "SendInvoiceAgain", "PauseReminders", "ResumeReminders",
                "PauseCustomerReminders", "ResumeCustomerReminders", "SettleTransfer", "WaiveFee", "IssueLicense", "AskCustomer",
                "AskAboutFlag", "DeclineTransfer", "IdentifyLicense", "InviteStaff", "SendInvitation", "ChangeStaffRole", "DisableStaff",
                "EnableStaff", "RequestReset", "ApproveReset", "DeclineReset", "WithdrawReset", "ChangeCustomerMail", "MergeCustomers",
                "LiftMailbox", "FinishAppointment", "RecordNoShow", "CancelForCustomer", "SettleOwnerChange", "AskAboutOwnerChange",
                "DeclineOwnerChange", "GrantLoan", "DeclineLoan"];
        string[] settings = ["SetPrice", "EndPrice", "TakeBackPrice", "SetTaxRate", "TakeBackTaxRate"];
        IEnumerable<string> needed =
        [
            .. Keys<FlagKind>("Kind"), .. Keys<FlagStage>("Stage"), .. Keys<ReleaseMethod>("Method"), .. Keys<EventKind>("Event"),
            .. Keys<EndKind>("EndsAs"),
            .. Keys<StaffRefusal>("Refusal"), .. Keys<ActorKind>("By"), .. Keys<AuditKind>("Audit"),
            .. SelfHelpPortal.Data.Accounts.StaffRoles.All.Select(role => $"Role.{role}"), "Act.ExcludeDevice",
            .. Keys<StaffState>("StaffState"),
            .. Keys<TransferQueue>("TransferQueue"), .. Keys<TransferRemedy>("Remedy"), .. Keys<TransferRemedy>("OriginalSentence"),
            .. Keys<ReviewReason>("ReviewReason"), .. Keys<TransferIdentification>("IdentifiedBy"),
            .. Keys<TaxRefusal>("TaxRefusal"), .. Keys<VatIdResult>("VatIdResult"), .. Keys<OutboxState>("MailState"),
            .. Keys<AttemptResult>("MailResult"), .. Keys<MailFilter>("MailFilter"), .. Keys<MailFilter>("NoMailsHere"),
            "Act.RecordVatIdCheck", "Event.Transfer.RecordVatIdCheck", "Act.CorrectRecipient", "Event.Transfer.CorrectRecipient",
            .. new[] { "Company", "Name", "Street", "PostalCode", "City", "Country", "VatId", "BuyerReference", "OrderNumber", "Email",
                "Phone", "Remark" }
                .Select(field => $"Recipient.{field}"),
            "Event.Transfer.IdentifyLicense",
            .. new[] { "SettleForPayment", "ConfirmVatId", "RejectVatId" }.SelectMany(
                act => (string[])[$"{act}.Title", $"{act}.Consequence", $"{act}.Button", $"{act}.Done"]),
            .. new[] { "Reason", "Question", "WhyDeclined", "LookedUp" }.SelectMany(word => (string[])[word, word + "Hint"]),
            .. Keys<MergedAccess>("MergedAccess"), .. Keys<SelfHelpPortal.Data.Accounts.CustomerRole>("CustomerRole"),
            "Act.AddCustomer", "Act.EditCustomer", "Consumer.true", "Consumer.false", "CustomerLanguage.de", "CustomerLanguage.en",
            .. Keys<InvoiceFormat>("CustomerInvoiceFormat"),
            .. new[] { CustomerField.Number, CustomerField.Company, CustomerField.IsConsumer, CustomerField.Email, CustomerField.Language,
                CustomerField.Street, CustomerField.PostalCode, CustomerField.City, CustomerField.Country, CustomerField.VatId,
                CustomerField.InvoiceFormat }
                .Select(field => $"CustomerField.{field}"),
            .. new[] { "BookAppointment", "MoveBooking", "CancelBooking", "TickMoveStep", "FinishAppointment", "RecordNoShow",
                "CancelForCustomer", "AgreeAppointment", "TickChecklist" }.Select(act => $"AppointmentAct.{act}"),
            .. new[] { "SendOwnerChange", "OwnerAgree", "OwnerRefuse", "TakerAgree", "TakerRefuse", "AnswerOwnerChange",
                "ExpireOwnerChanges", "AskAboutOwnerChange", "DeclineOwnerChange", "SettleOwnerChange" }.Select(act => $"OwnerAct.{act}"),
            .. Keys<OwnerQueue>("OwnerQueue"), .. Keys<OwnerChangeKind>("OwnerKind"), .. Keys<OwnerChangeKind>("OwnerWanted"),
            "OwnerWaits.Nobody", "OwnerWaits.Owner", "OwnerWaits.Taker", "OwnerAgreedBy.Owner", "OwnerAgreedBy.Taker",
            "SettleOwnerChange.Reason",
            .. new[] { "Title", "Consequence", "Button", "Done" }.Select(part => $"SettleOwnerFree.{part}"),
            .. Keys<MoveStep>("MoveStep").Except(["MoveStep.None"]), .. Keys<Preparation>("Preparation").Except(["Preparation.None"]),
            .. Keys<PriceArticle>("Article"), .. Keys<SampleBuyer>("SampleBuyer"),
            .. Keys<ConfigurationSource>("ConfigurationSource"), .. MailTextKinds.All.Select(kind => $"MailKind.{kind}"),
            .. new[] { "Vendor", "Product", "Price", "Licenses", "Mail", "People" }.SelectMany(
                step => (string[])[$"Setup.{step}", $"Setup.{step}.Why"]),
            .. acts.Concat(settings).SelectMany(act => (string[])[$"{act}.Title", $"{act}.Consequence", $"{act}.Button", $"{act}.Done"]),
            // What somebody was refused stands in the history.
            .. UseCase.FindAll(typeof(Program).Assembly.GetTypes())
                .Where(u => u.IsAct && u.Type.IsDefined(typeof(StaffUseCaseAttribute), inherit: false)).Select(u => $"Act.{u.Type.Name}"),
        ];

        needed.Except(Known).ShouldBeEmpty();
    }

    private static IEnumerable<string> Keys<T>(string prefix)
        where T : struct, Enum => Enum.GetNames<T>().Select(name => $"{prefix}.{name}");

    [GeneratedRegex(@"(?:\bT|words)\[""([^""]+)""[\],]")]
    private static partial Regex Asked();
}

using System.Text.RegularExpressions;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>Whatever somebody outside can make the portal send or store has a limit.</summary>
public sealed partial class LimitedMailTests
{
    /// <summary>Mails that a person outside brings about, and the line of <see cref="MailLimits"/> that counts them.</summary>
    private static readonly Dictionary<string, LimitedMail> Limited = new()
    {
        ["LostKeyMail"] = LimitedMail.LostKey,
        ["AccountConfirmMail"] = LimitedMail.AccountOpening,
        ["AccountExistsMail"] = LimitedMail.AccountOpening,
        ["PasswordResetMail"] = LimitedMail.PasswordReset,
        ["AddressChangeMail"] = LimitedMail.AddressChange,
        ["DataReadyMail"] = LimitedMail.DataExport,
        ["CustomerInvitationMail"] = LimitedMail.Invitation,
        ["TransferConfirmMail"] = LimitedMail.TransferConfirm,
        ["TransferReceivedMail"] = LimitedMail.TransferReceived,
        ["ReleaseConfirmMail"] = LimitedMail.ReleaseConfirm,
        ["AppointmentBookedMail"] = LimitedMail.Appointment,
        ["AppointmentMovedMail"] = LimitedMail.Appointment,
        ["OwnerChangeConfirmMail"] = LimitedMail.OwnerChange,
        ["LoanConfirmMail"] = LimitedMail.Loan,
        ["WrongCodeMail"] = LimitedMail.WrongSecondFactor,
        ["SignInLockedMail"] = LimitedMail.SignInLocked,
    };

    /// <summary>All others, and why none of them can be brought about again and again.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["AppointmentCancelledMail"] = "once for an appointment",
        ["AppointmentReminderMail"] = "once for an appointment and each of its days",
        ["OwnerChangeQuestionMail"] = "an act of staff",
        ["OwnerChangeDeclinedMail"] = "an act of staff",
        ["OwnerChangeSettledMail"] = "an act of staff",
        ["LicenseHandedOverMail"] = "an act of staff",
        ["LoanIssuedMail"] = "once for a loan, which the product's policy counts",
        ["LoanEndingMail"] = "once for a loan",
        ["LoanEndedMail"] = "once for a loan",
        ["LoanDeclinedMail"] = "an act of staff",
        ["OverlapBegunMail"] = "once for a release, which the product's policy counts",
        ["OverlapEndingMail"] = "once for a release",
        ["AccountOpenedMail"] = "once for a used link",
        ["NewDeviceMail"] = "after a complete sign-in",
        ["SecurityNoticeMail"] = "after a change of one's own sign-in",
        ["AccountErasedMail"] = "once for an account",
        ["DetailsChangedMail"] = "an owner's act",
        ["AccessChangedMail"] = "an owner's act, or once for a used link",
        ["SubscriptionRenewedMail"] = "an order of an owner who is signed in",
        ["TransferWithdrawnMail"] = "once for an order",
        ["TransferCompletedMail"] = "once for an order",
        ["TransferInvoiceMail"] = "once for an invoice",
        ["ReleasedMail"] = "once for a release, which the product's policy counts",
        ["ActivatedOfflineMail"] = "once for a license file",
        ["ObjectedMail"] = "once for a release",
        ["EmergencyCodeMail"] = "once for a case",
        ["FlagAnsweredMail"] = "a case takes so many answers and no more",
        ["SeenAgainMail"] = "once for a case",
        ["ComputerLockedMail"] = "once for a case",
        ["LockedMail"] = "once for a case",
        ["UnlockedMail"] = "an act of staff",
        ["FlagQuestionMail"] = "an act of staff",
        ["InvoiceReminderMail"] = "an act of staff",
        ["AddressOnFileChangedMail"] = "an act of staff, once for a customer in an import",
        ["SuspendedMail"] = "an act of staff",
        ["TestMail"] = "an act of staff, to oneself",
        ["TransferDeclinedMail"] = "an act of staff",
        ["InvoiceCopyMail"] = "an act of staff",
        ["TransferQuestionMail"] = "an act of staff",
        ["InvoiceCancelledMail"] = "once for an invoice",
        ["PaymentReceivedMail"] = "an act of staff",
    };

    /// <summary>Links that no mail carries open a page that keeps what is typed: each is counted where it is issued.</summary>
    private static readonly Dictionary<string, string> Mailed = new()
    {
        ["AppointmentMailer.cs"] = "mail",
        ["OwnerChangeMailer.cs"] = "mail",
        ["CalendarFeed.cs"] = "an act of staff",
        ["LoanMailer.cs"] = "mail",
        ["AccountRequestWriter.cs"] = "mail",
        ["AskForData.cs"] = "mail",
        ["ChangeAddress.cs"] = "mail",
        ["FlagLinks.cs"] = "mail",
        ["InvitePerson.cs"] = "mail",
        ["ObjectionLink.cs"] = "mail",
        ["OpenAccount.cs"] = "mail",
        ["ReleaseLicense.cs"] = "mail",
        ["ResetPassword.cs"] = "mail",
        ["StaffAccounts.cs"] = "mail",
        ["TransferLinks.cs"] = "mail",
        ["TransferMailer.cs"] = "mail",
    };

    [Fact]
    public void Every_mail_has_a_budget_or_a_reason()
    {
        var mails = typeof(MailModel).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(MailModel)) && !t.IsAbstract).Select(t => t.Name)
            .ToList();

        Missing(mails).ShouldBeEmpty("a mail that nobody has thought about");
        Limited.Keys.Concat(Others.Keys).Except(mails).ShouldBeEmpty("no such mail any more");
        Limited.Keys.Intersect(Others.Keys).ShouldBeEmpty();
        Enum.GetValues<LimitedMail>().Except(Limited.Values).ShouldBeEmpty("a line that counts no mail");
        new MailLimits().Validate().ShouldBeEmpty();
    }

    [Fact]
    public void A_new_mail_would_be_noticed()
    {
        Missing(["LostKeyMail", "StaffFlagMail", "ForgottenMail"]).ShouldBe(["ForgottenMail"]);
        new MailLimits { LostKey = new() { PerMailbox = 2, PerAsker = 3 } }.Validate()
            .ShouldHaveSingleItem().ShouldContain("LostKey");
    }

    [Fact]
    public void Every_page_that_keeps_what_is_typed_is_counted_when_it_is_begun()
    {
        var sources = Directory.EnumerateFiles(Repository.At("SelfHelpPortal"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Select(f => (Name: Path.GetFileName(f), Text: File.ReadAllText(f)))
            .Where(f => Issue().IsMatch(f.Text)).ToList();

        Uncounted(sources).ShouldBeEmpty("it opens a page for whoever asks, and nothing counts it");
        sources.Select(s => s.Name).Except(Mailed.Keys).Order()
            .ShouldBe(["ActivateOffline.cs", "BeginLoan.cs", "BeginOwnerChange.cs", "BeginRelease.cs", "BookAppointment.cs",
                "FindStatus.cs", "StartLicenseLookup.cs", "TransferDrafts.cs"]);
        Uncounted([("BeginAnything.cs", "var token = SecretLinks.Issue(db, LinkPurpose.TransferDraft, id, now);")])
            .ShouldHaveSingleItem("the control");
    }

    /// <summary>Staff write to staff as they please.</summary>
    private static IEnumerable<string> Missing(IEnumerable<string> mails) =>
        mails.Where(m => !m.StartsWith("Staff", StringComparison.Ordinal) && !Limited.ContainsKey(m) && !Others.ContainsKey(m));

    private static List<string> Uncounted(IEnumerable<(string Name, string Text)> sources) =>
        [.. sources.Where(s => !Mailed.ContainsKey(s.Name) && !s.Text.Contains("limiter.RecordFailureAsync(", StringComparison.Ordinal))
            .Select(s => s.Name)];

    [GeneratedRegex(@"SecretLinks\.Issue\(")]
    private static partial Regex Issue();
}

using SelfHelpPortal.Features.Account.Mails;
using SelfHelpPortal.Features.Customer.AnswerFlag;
using SelfHelpPortal.Features.Customer.Disputes;
using SelfHelpPortal.Features.Customer.LostKey;
using SelfHelpPortal.Features.Customer.ReleaseLicense;
using SelfHelpPortal.Features.Machine.CheckIn;
using SelfHelpPortal.Features.Portal.Data;
using SelfHelpPortal.Features.Portal.Details;
using SelfHelpPortal.Features.Portal.People;
using SelfHelpPortal.Features.Portal.Renew;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Reports;
using SelfHelpPortal.Features.Staff.Setup;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Licenses;
using SelfHelpPortal.Shared.Loans;
using SelfHelpPortal.Shared.Ownership;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Shared.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>At least one example of every kind of mail, with every branch of its text.</summary>
internal static class MailExamples
{
    public const string PublicUrl = "https://licenses.example.org";
    private const string Token = "q3Zf0VbqW1m9rA7tD4sX8uYcE2hJ6kLnP5oGiRwTzBv";

    public static readonly DateTimeOffset Now = TestClock.Start;

    private static readonly SightedUse Use = new(
        "Muster-POS", "L-1044", "KASSE-ALT", Now.AddDays(-3), "KASSE-NEU", Now.AddDays(-2), Now.AddMinutes(-5));

    private static readonly OneTimeLink Answer = new($"{PublicUrl}/flag/{Token}", Now.AddDays(90));

    private static readonly InvoiceFacts Invoice = new(
        "2026-00042", "M-7F3K-20", new DateOnly(2026, 11, 2), new DateOnly(2026, 11, 16), new Money(8330), new Money(5000),
        "DE89370400440532013000", "Muster Software GmbH");

    private static readonly OneTimeLink Status = new($"{PublicUrl}/transfer/status/{Token}", Now.AddDays(90));

    private static readonly InvoiceFacts CancellationOfIt =
        Invoice with { Number = "S2026-00007", DueDate = null, Gross = new Money(-8330), Outstanding = new Money(0) };

    public static MailRecipient Customer(string culture) => new("kasse@muster-gastro.example", "Muster Gastro GmbH", culture);

    public static MailRecipient Staff(string culture) => new("support@muster-software.example", null, culture);

    private static readonly DateTimeOffset AppointmentAt = new(2026, 12, 3, 13, 0, 0, TimeSpan.Zero);

    private static readonly OneTimeLink Booking = new($"{PublicUrl}/appointments/{Token}", AppointmentAt.AddMinutes(30));

    private static readonly MailAttachment Calendar = new(
        "appointment", Guid.Parse("0199c1a5-0000-7000-8000-000000000001"), "appointment.ics",
        "text/calendar; charset=utf-8; method=REQUEST", new string('0', 64), 900);

    public static IEnumerable<MailModel> All(string culture) => [
        .. Appointments(culture),
        .. Licensees(culture),
        .. Loans(culture),
        Confirm(culture),
        .. Enum.GetValues<TransferRemedy>().Select(remedy => new TransferConfirmMail(Customer(culture))
        {
            ProductId = "muster-pos",
            LinkId = Guid.NewGuid(), RequestReference = "M-7F3K-20", Product = "Muster-POS", Remedy = remedy, Count = 2,
            Gross = new Money(166_60), OrderedAt = Now, Link = new($"{PublicUrl}/transfer/confirm/{Token}", Now.AddHours(24)),
        }),
        .. Enum.GetValues<ReceivedNext>().Select(next => new TransferReceivedMail(Customer(culture))
        {
            ProductId = "muster-pos",
            RequestId = Guid.NewGuid(), RequestReference = "M-7F3K-20", Product = "Muster-POS", Remedy = TransferRemedy.Fee,
                Gross = new Money(83_30),
            OrderedAt = Now, Next = next, EarlyStart = next == ReceivedNext.Done,
            Status = new($"{PublicUrl}/transfer/status/{Token}", Now.AddDays(90)),
        }),
        .. new[] { true, false }.Select(isExpired => new TransferWithdrawnMail(Customer(culture))
        {
            ProductId = "muster-pos",
            RequestId = Guid.NewGuid(), RequestReference = "M-7F3K-20", Product = "Muster-POS", At = Now, IsExpired = isExpired,
                OrderAddress = $"{PublicUrl}/transfer",
        }),
        new TransferWithdrawnMail(Customer(culture))
        {
            ProductId = "muster-pos",
            RequestId = Guid.NewGuid(), RequestReference = "M-7F3K-20", Product = "Muster-POS", At = Now, IsExpired = false,
            IsForOwner = true, OrderAddress = $"{PublicUrl}/transfer",
        },
        .. new[] { false, true }.Select(isAnswer => new StaffTransferMail(Staff(culture))
        {
            RequestReference = "M-7F3K-20", Round = isAnswer ? 2 : 0, IsAnswer = isAnswer, Customer = "Muster Gastro GmbH",
                Product = "Muster-POS",
            Remedy = TransferRemedy.Renewal, Reasons = Enum.GetValues<ReviewReason>(), OrderedAt = Now,
            Broken = isAnswer ? [] : [new("P-09", "Das Zeichen fehlt in der Rechnungsschrift.", "The invoice font has no such character.")],
            RequestAddress = $"{PublicUrl}/staff/transfers/M-7F3K-20",
        }),
        .. Enum.GetValues<ReleaseMethod>().Select(m => Released(culture) with { Method = m }),
        Released(culture) with { Method = ReleaseMethod.Account, AccountName = "Muster Einkauf" },
        Released(culture) with { ConfirmedByMail = true, PcName = null },
        ActivatedOffline(culture),
        ActivatedOffline(culture) with { PcName = null },
        Objected(culture, isRestored: true),
        Objected(culture, isRestored: false),
        Objected(culture, isRestored: false) with { IsLoan = true },
        StaffObjection(culture, isRestored: true),
        StaffObjection(culture, isRestored: false),
        StaffObjection(culture, isRestored: false) with { IsLoan = true },
        new SeenAgainMail(Customer(culture)) { ProductId = "muster-pos", CaseNumber = "F-1001", Use = Use, Answer = Answer },
        new ComputerLockedMail(Customer(culture))
        {
            ProductId = "muster-pos", CaseNumber = "F-1001", Use = Use with { OldPcName = null }, Answer = Answer,
        },
        .. new[] { true, false }.Select(offers =>
            new LockedMail(Customer(culture))
            {
                ProductId = "muster-pos", CaseNumber = "F-1001", Use = Use, Answer = Answer, OffersEmergencyCode = offers,
            }),
        .. Enum.GetValues<FlagExplanation>().Select(explanation => new FlagAnsweredMail(Customer(culture))
        {
            ProductId = "muster-pos",
            MessageId = Guid.NewGuid(), CaseNumber = "F-1001", Product = "Muster-POS", LicenseNumber = "L-1044", Explanation = explanation,
                AnsweredAt = Now,
            IsLocked = explanation == FlagExplanation.OldPcBack,
        }),
        new StaffFlagAnsweredMail(Staff(culture))
        {
            MessageId = new Guid("018f0000-0000-7000-8000-000000000001"), CaseNumber = "F-1001", Customer = "Muster Gastro GmbH",
                Product = "Muster-POS", LicenseNumber = "L-1044",
            Explanation = FlagExplanation.OnlyBooted, AnsweredAt = Now, CaseAddress = $"{PublicUrl}/staff/flags/F-1001",
        },
        new FlagQuestionMail(Customer(culture))
        {
            ProductId = "muster-pos",
            MessageId = Guid.NewGuid(), CaseNumber = "F-1001", Product = "Muster-POS", LicenseNumber = "L-1044",
                Question = "Steht der alte PC noch bei Ihnen?", AskedAt = Now, Answer = Answer,
        },
        new EmergencyCodeMail(Customer(culture))
        {
            ProductId = "muster-pos",
            GrantId = Guid.NewGuid(), CaseNumber = "F-1001", Product = "Muster-POS", LicenseNumber = "L-1044", PcName = "KASSE-NEU",
                Code = "EY4SR-F9GZP-RS49C", FetchedAt = Now,
            ValidUntil = Now.AddHours(72),
        },
        .. Enum.GetValues<FlagStage>().Select(stage => new StaffFlagMail(Staff(culture))
        {
            CaseNumber = "F-1001", Stage = stage, Handle = "9V1A2B3C4D5E6", Customer = "Muster Gastro GmbH", Use = Use, TimesSeen = 3,
            CaseAddress = $"{PublicUrl}/staff/flags/F-1001",
        }),
        new StaffBreakerMail(Staff(culture))
        {
            Product = "BeamAlign", Count = 21, AllowedPerHour = 20, StoppedAt = Now, FlagsAddress = $"{PublicUrl}/staff",
        },
        new UnlockedMail(Customer(culture))
        {
            ProductId = "muster-pos",
            CaseNumber = "F-1001", Product = "Muster-POS", LicenseNumber = "L-1044", UnlockedAt = Now,
                OldPcNames = ["KASSE-ALT", "KASSE-2"],
        },
        new UnlockedMail(Customer(culture))
        {
            ProductId = "muster-pos",
            CaseNumber = "F-1002", Product = "Muster-POS", LicenseNumber = "L-1044", UnlockedAt = Now, OldPcNames = ["KASSE-ALT"],
                WasLocked = false,
        },
        new DetailsChangedMail(Customer(culture))
        {
            ChangeId = Guid.NewGuid(),
            CustomerNumber = "C-10042",
            Changed = ["Company", "Street", "PostalCode", "City", "Country", "VatId"],
            By = "Muster Einkauf",
            ChangedAt = Now,
            DetailsAddress = $"{PublicUrl}/my/details",
        },
        .. new[]
        {
            (AccessOf.Member, AccessOf.Owner), (AccessOf.None, AccessOf.Member), (AccessOf.Owner, AccessOf.None),
        }.Select(roles => new AccessChangedMail(Customer(culture))
        {
            ChangeId = Guid.NewGuid(),
            CustomerNumber = "C-10042",
            Person = "e•••@muster-gastro.example",
            Before = roles.Item1,
            After = roles.Item2,
            By = roles.Item1 is AccessOf.None ? null : "Muster Einkauf",
            ChangedAt = Now,
            PeopleAddress = $"{PublicUrl}/my/people",
        }),
        .. new[] { null, "C-10050" }.Select(merged => new AddressOnFileChangedMail(Customer(culture))
        {
            ChangeId = Guid.NewGuid(), CustomerNumber = "C-10042", MergedInto = merged, NewAddress = "ne•••@mu•••.example", ChangedAt = Now,
        }),
        .. Enum.GetValues<SecurityChange>()
        .Select(what => new SecurityNoticeMail(Staff(culture)) { ChangeId = Guid.NewGuid(), What = what, ChangedAt = Now }),
        .. new[] { false, true }.Select(isReset => new StaffInvitationMail(Staff(culture))
        {
            InvitationId = Guid.NewGuid(), IsReset = isReset, Link = new($"{PublicUrl}/account/set-up/{Token}", Now.AddHours(24)),
        }),
        new NewDeviceMail(Staff(culture)) { SignInId = Guid.NewGuid(), SignedInAt = Now, Network = "192.0.2.0/24" },
        new WrongCodeMail(Staff(culture)) { TryId = Guid.NewGuid(), TriedAt = Now, Network = "192.0.2.0/24" },
        .. new[] { false, true }.Select(everywhere => new SignInLockedMail(Customer(culture))
        {
            RequestId = Guid.NewGuid(), LockedAt = Now, Until = Now.AddMinutes(15), IsEverywhere = everywhere,
        }),
        new DataReadyMail(Customer(culture)) { AskId = Guid.NewGuid(), AskedAt = Now,
            Link = new($"{PublicUrl}/my/data/{Token}", Now.AddHours(24)) },
        new AccountErasedMail(Customer(culture)) { ErasedId = Guid.NewGuid(), CustomerNumber = null, ErasedAt = Now },
        new AccountErasedMail(Customer(culture)) { ErasedId = Guid.NewGuid(), CustomerNumber = "C-10042",
            InvoicesUntil = new DateOnly(2034, 12, 31), ErasedAt = Now },
        Completed(culture),
        Completed(culture)
            with { Invoice = Invoice with { DueDate = null }, Checklist = ShownChecklist.Of(new(), "DE", null),
                Licenses = [new MovedFacts("L-1044", null, null, null)] },
        Completed(culture) with { Invoice = null },
        Completed(culture) with { Invoice = null, FeeWaived = true },
        Completed(culture) with { HasLicense = false },
        Completed(culture) with { Invoice = null, HasLicense = false },
        Completed(culture) with { Invoice = null, IsToOwner = true },
        Renewed(culture),
        Renewed(culture) with { Computers = [], Invoice = Invoice with { DueDate = null } },
        new TransferInvoiceMail(Customer(culture))
        {
            ProductId = "muster-pos",
            RequestId = Guid.NewGuid(), RequestReference = "M-7F3K-20", Product = "Muster-POS", LicenseNumbers = ["L-1044", "L-1045"],
                Invoice = Invoice, AcceptedAt = Now, Files = [],
            Status = Status,
        },
        new TransferQuestionMail(Customer(culture))
        {
            ProductId = "muster-pos",
            MessageId = Guid.NewGuid(), RequestReference = "M-7F3K-20", Product = "Muster-POS",
                Question = "Welche Kasse ist defekt?\n\nDie linke oder die <b>rechte</b>?", AskedAt = Now,
            Status = Status,
        },
        new TransferDeclinedMail(Customer(culture))
        {
            ProductId = "muster-pos",
            RequestId = Guid.NewGuid(), RequestReference = "M-7F3K-20", Product = "Muster-POS",
                Why = "Diese Lizenz gehört einem anderen Betrieb.", DeclinedAt = Now,
        },
        .. Enum.GetValues<InvoiceKind>().Select(kind => new InvoiceCopyMail(Customer(culture))
        {
            CopyId = Guid.NewGuid(), Document = kind, Invoice = kind == InvoiceKind.Invoice ? Invoice : CancellationOfIt, SentAt = Now,
                Files = [],
        }),
        new InvoiceCancelledMail(Customer(culture))
        {
            OriginalNumber = Invoice.Number, Cancellation = CancellationOfIt, Received = new Money(0), CancelledAt = Now, Files = [],
        },
        new InvoiceCancelledMail(Customer(culture))
        {
            OriginalNumber = Invoice.Number, Cancellation = CancellationOfIt, Received = new Money(5000), CancelledAt = Now,
                SubscriptionUntil = new(2026, 11, 30), Files = [],
        },
        .. Enumerable.Range(1, ReminderPlan.Levels).Select(level => new InvoiceReminderMail(Customer(culture))
        {
            InvoiceId = Guid.NewGuid(), Level = level, Invoice = Invoice, AsOf = Now, Files = [],
        }),
        new PaymentReceivedMail(Customer(culture))
        {
            PaymentId = Guid.NewGuid(), Received = Invoice.Gross, ReceivedOn = Invoice.IssueDate,
                Invoice = Invoice with { Outstanding = new Money(0) }, AsOf = Now,
        },
        new PaymentReceivedMail(Customer(culture)) { PaymentId = Guid.NewGuid(), Received = new Money(3330), ReceivedOn = Invoice.IssueDate,
            Invoice = Invoice, AsOf = Now },
        new StaffDigestMail(Staff(culture))
        {
            Monday = new DateOnly(2026, 11, 16), AsOf = Now, FiguresAddress = $"{PublicUrl}/staff/reports",
            Week = new WeekFigures(4, 1, 12, 3, 5, new Money(35000), TimeSpan.FromHours(3.5), 6, 1, 2),
            Before = new WeekFigures(2, 0, 9, 0, 0, default, null, 4, 0, 0), OpenCases = 3, WaitingOrders = 1, FailedMails = 0,
        },
        new StaffPaymentMail(Staff(culture))
        {
            InvoiceId = Guid.NewGuid(), Invoice = Invoice, Customer = "Muster Gastro GmbH",
                InvoiceAddress = $"{PublicUrl}/staff/invoices/{Invoice.Number}", AsOf = Now,
        },
        .. new[] { false, true }.Select(hasAccount => new AccountConfirmMail(Customer(culture))
        {
            RegistrationId = Guid.NewGuid(), AskedAt = Now, HasAccount = hasAccount,
                Link = new($"{PublicUrl}/account/confirm/{Token}", Now.AddHours(24)),
        }),
        new AccountExistsMail(Customer(culture))
        {
            RequestId = Guid.NewGuid(), AskedAt = Now, SignInAddress = $"{PublicUrl}/account/sign-in",
                ResetAddress = $"{PublicUrl}/account/reset",
        },
        new AccountOpenedMail(Customer(culture))
        {
            RegistrationId = Guid.NewGuid(), Company = "Muster Gastro GmbH", LicenseNumber = "L-1044", OpenedAt = Now,
            Link = new($"{PublicUrl}/account/access/{Token}", Now.AddDays(14)),
        },
        new PasswordResetMail(Staff(culture)) { RequestId = Guid.NewGuid(), AskedAt = Now,
            Link = new($"{PublicUrl}/account/reset/{Token}", Now.AddMinutes(15)) },
        .. new[] { false, true }.Select(asOwner => new CustomerInvitationMail(Customer(culture))
        {
            RegistrationId = Guid.NewGuid(), AsOwner = asOwner, Link = new($"{PublicUrl}/account/confirm/{Token}", Now.AddHours(24)),
        }),
        .. new[] { false, true }.Select(toOld => new AddressChangeMail(Customer(culture))
        {
            ChangeId = Guid.NewGuid(), ToOld = toOld, NewAddress = "neu@muster-gastro.example", AskedAt = Now,
                Link = new($"{PublicUrl}/account/address/{Token}", Now.AddHours(24)),
        }),
        new LostKeyMail(Customer(culture))
        {
            RequestId = Guid.NewGuid(), AskedAt = Now, Part = 1, Parts = 1,
            Keys = [new("BeamAlign", "L-1044", null, "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH"), new("Muster-POS", "L-1045", null, "ALT-2019-0815")],
        },
        new LostKeyMail(Customer(culture))
        {
            RequestId = Guid.NewGuid(), AskedAt = Now, Part = 2, Parts = 2,
                Keys = [new("Muster-POS", "L-1045", "Muster Kino GmbH", "ALT-2019-0815")],
        },
        new SuspendedMail(Customer(culture))
        {
            ProductId = "muster-pos", EventId = Guid.NewGuid(), Product = "Muster-POS", LicenseNumber = "L-1044",
            SuspendedAt = Now },
        new TestMail(Customer(culture)) { SentAt = Now, From = "licenses@example.org" },
    ];

    public static ReleaseConfirmMail Confirm(string culture) => new(Customer(culture))
    {
        ProductId = "muster-pos",
        RequestId = Guid.NewGuid(),
        Product = "Muster-POS",
        LicenseNumber = "L-1044",
        PcName = "KASSE-ALT",
        AskedAt = Now,
        Link = new($"{PublicUrl}/release/confirm/{Token}", Now.AddMinutes(10)),
    };

    public static ReleasedMail Released(string culture) => new(Customer(culture))
    {
        ProductId = "muster-pos",
        Handle = "9V1A2B3C4D5E6",
        Generation = 1,
        Product = "BeamAlign",
        LicenseNumber = "L-1044",
        PcName = "VORFÜHRUNG-1",
        ReleasedAt = Now,
        Method = ReleaseMethod.ActivationKey,
        Objection = new($"{PublicUrl}/object/{Token}", Now.AddHours(24)),
    };

    private static ActivatedOfflineMail ActivatedOffline(string culture) => new(Customer(culture))
    {
        ProductId = "muster-pos",
        Product = "BeamAlign",
        LicenseNumber = "L-1044",
        PcName = "VORFÜHRUNG-1",
        ActivatedAt = Now,
        File = new MailAttachment(
            LicenseFiles.Source, Guid.NewGuid(), "Lizenz-L-1044.lshlic", "application/octet-stream", new string('0', 64), 1200),
    };

    private static SubscriptionRenewedMail Renewed(string culture) => new(Customer(culture))
    {
        ProductId = "muster-pos",
        Product = "Muster-POS",
        LicenseNumber = "L-1044",
        From = new(2026, 12, 1),
        Until = new(2027, 11, 30),
        Invoice = Invoice,
        OrderedBy = "Einkauf",
        OrderedAt = Now,
        Computers = [new("KASSE-1", "Lizenz-L-1044-1.lshlic"), new(null, "Lizenz-L-1044-2.lshlic")],
        Files = [],
        EarlyStart = false,
        LicenseAddress = $"{PublicUrl}/my/licenses/L-1044",
    };

    private static TransferCompletedMail Completed(string culture) => new(Customer(culture))
    {
        ProductId = "muster-pos",
        RequestId = Guid.NewGuid(),
        RequestReference = "M-7F3K-20",
        Product = "Muster-POS",
        Licenses = [new MovedFacts("L-1044", "KASSE-2", "KASSE-NEU", new DateOnly(2027, 11, 30)),
            new MovedFacts("L-1045", "KASSE-3", "KASSE-4", null)],
        CompletedAt = Now,
        Invoice = Invoice,
        FeeWaived = false,
        HasLicense = true,
        Checklist = ShownChecklist.Of(SampleChecklists.Policy, "DE", null),
        Files = [],
        Status = Status,
    };

    private static ObjectedMail Objected(string culture, bool isRestored) => new(Customer(culture))
    {
        ProductId = "muster-pos",
        CaseNumber = "F-1001",
        Product = "BeamAlign",
        LicenseNumber = "L-1044",
        PcName = "VORFÜHRUNG-1",
        ReleasedAt = Now.AddHours(-2),
        ObjectedAt = Now,
        IsRestored = isRestored,
    };

    private static StaffObjectionMail StaffObjection(string culture, bool isRestored) => new(Staff(culture))
    {
        CaseNumber = "F-1001",
        Customer = "Muster Gastro GmbH",
        Product = "BeamAlign",
        LicenseNumber = "L-1044",
        PcName = "VORFÜHRUNG-1",
        ReleasedAt = Now.AddHours(-2),
        Method = ReleaseMethod.ActivationKey,
        ObjectedAt = Now,
        IsRestored = isRestored,
        CaseAddress = $"{PublicUrl}/staff/flags/F-1001",
    };

    private static IEnumerable<MailModel> Licensees(string culture)
    {
        foreach (var (kind, toTaker) in new[]
            { (OwnerChangeKind.Data, false), (OwnerChangeKind.Takeover, false), (OwnerChangeKind.Takeover, true) })
        {
            yield return new OwnerChangeConfirmMail(Customer(culture))
            {
                ProductId = "muster-pos",
                ChangeId = Guid.Empty,
                ChangeReference = "H-7F3K-20",
                Change = kind,
                ToTaker = toTaker,
                Product = "Muster-POS",
                LicenseNumber = "L-1044",
                SentAt = Now,
                Link = new OneTimeLink($"{PublicUrl}/owner/confirm/{Token}", Now.AddDays(14)),
            };
        }

        yield return new OwnerChangeQuestionMail(Customer(culture))
        {
            ProductId = "muster-pos",
            QuestionId = Guid.Empty,
            ChangeReference = "H-7F3K-20",
            Product = "Muster-POS",
            Question = "Seit wann gilt der neue Name?\nBitte schicken Sie den Registerauszug.",
            AskedAt = Now,
            Page = new OneTimeLink($"{PublicUrl}/owner/answer/{Token}", Now.AddDays(90)),
        };
        yield return new OwnerChangeDeclinedMail(Customer(culture))
        {
            ProductId = "muster-pos",
            ChangeId = Guid.Empty,
            ChangeReference = "H-7F3K-20",
            Product = "Muster-POS",
            Why = "Der Nachweis nennt ein anderes Unternehmen.",
            DeclinedAt = Now,
        };
        foreach (var kind in new[] { OwnerChangeKind.Data, OwnerChangeKind.Takeover })
        {
            yield return new OwnerChangeSettledMail(Customer(culture))
            {
                ProductId = "muster-pos",
                ChangeId = Guid.Empty,
                ChangeReference = "H-7F3K-20",
                Change = kind,
                Product = "Muster-POS",
                LicenseNumber = "L-1044",
                CustomerNumber = "C-10042",
                Licensee = "Muster Gastro AG",
                Invoice = kind == OwnerChangeKind.Data ? null : Invoice,
                Computers = kind == OwnerChangeKind.Data ? [] : [new("KASSE-1", "Lizenz-L-1044.lshlic")],
                Files = [],
                KeyAddress = $"{PublicUrl}/lost-key",
                SettledAt = Now,
            };
        }

        foreach (var isAnswer in new[] { false, true })
        {
            yield return new StaffOwnerChangeMail(Staff(culture))
            {
                FactId = Guid.Empty,
                ChangeReference = "H-7F3K-20",
                Change = isAnswer ? OwnerChangeKind.Takeover : OwnerChangeKind.Data,
                IsAnswer = isAnswer,
                Customer = "Muster Gastro GmbH",
                Product = "Muster-POS",
                LicenseNumber = "L-1044",
                SentAt = Now,
                ChangeAddress = $"{PublicUrl}/staff/ownership/H-7F3K-20",
            };
        }

        yield return new LicenseHandedOverMail(Customer(culture))
        {
            ProductId = "muster-pos",
            ChangeId = Guid.Empty,
            ChangeReference = "H-7F3K-20",
            Product = "Muster-POS",
            LicenseNumber = "L-1044",
            HandedOverAt = Now,
        };
    }

    private static readonly MailAttachment LentFile = new(
        LicenseFiles.Source, Guid.Parse("0199c1a5-0000-7000-8000-000000000002"), "Lizenz-L-1044.lshlic", "application/octet-stream",
        new string('0', 64), 1200);

    private static readonly OneTimeLink LoanPage = new($"{PublicUrl}/loan/owner/{Token}", Now.AddDays(44));

    private static IEnumerable<MailModel> Loans(string culture)
    {
        var (to, lastDay) = (Customer(culture), new DateOnly(2026, 11, 30));
        var license = new ToldLicense("muster-pos", "Muster-POS", "L-1044", lastDay);
        var spare = new ToldComputer("muster-pos", "Muster-POS", "L-1044", lastDay, "ABCDEFGHJKMNP", 2, "ERSATZ");
        var old = spare with { Generation = 1, PcName = "KASSE-ALT" };
        yield return new LoanConfirmMail(to, license)
        {
            LoanId = Guid.Empty,
            AskedAt = Now,
            Link = LoanPage,
        };
        foreach (var pauses in new[] { false, true })
        {
            yield return new LoanIssuedMail(to, spare with { PcName = pauses ? null : spare.PcName })
            {
                OldPcPauses = pauses,
                File = LentFile,
                Page = LoanPage,
                Objection = new($"{PublicUrl}/object/{Token}", Now.AddHours(24)),
            };
        }

        yield return new LoanEndingMail(to, spare)
        {
            Page = LoanPage,
        };
        yield return new LoanEndedMail(to, spare)
        {
            Page = LoanPage,
        };
        yield return new LoanDeclinedMail(to, license)
        {
            LoanId = Guid.Empty,
            AskedAt = Now,
            StaffReason = "Bitte rufen Sie uns dazu an.",
        };
        yield return new OverlapBegunMail(to, old)
        {
            Objection = new($"{PublicUrl}/object/{Token}", Now.AddHours(24)),
        };
        yield return new OverlapEndingMail(to, old)
        {
            EndsAt = new(2026, 11, 30, 23, 0, 0, TimeSpan.Zero),
        };
        yield return new StaffLoanMail(Staff(culture))
        {
            LoanId = Guid.Empty,
            Customer = "Muster Gastro GmbH",
            Product = "Muster-POS",
            LicenseNumber = "L-1044",
            LastDay = lastDay,
            AskedAt = Now,
            LicenseAddress = $"{PublicUrl}/staff/licenses/L-1044",
        };
    }

    private static IEnumerable<MailModel> Appointments(string culture)
    {
        yield return new AppointmentBookedMail(Customer(culture), Told(0)) { Calendar = Calendar, Page = Booking };
        yield return new AppointmentMovedMail(Customer(culture), Told(1)) { Calendar = Calendar, Page = Booking };
        foreach (var byStaff in new[] { false, true })
        {
            yield return new AppointmentCancelledMail(Customer(culture), Told(2))
            {
                Calendar = Calendar with { ContentType = "text/calendar; charset=utf-8; method=CANCEL" },
                BookingAddress = $"{PublicUrl}/appointments",
                ByStaff = byStaff,
            };
        }

        foreach (var isTomorrow in new[] { true, false })
        {
            yield return new AppointmentReminderMail(Customer(culture), Told(0)) { Page = Booking, IsTomorrow = isTomorrow };
        }

        static ToldAppointment Told(int sequence) =>
            new(Guid.Empty, sequence, "muster-pos", "Muster-POS", HasFiscalUnit: true, AppointmentAt, AppointmentAt.AddHours(1).DateTime);
    }
}

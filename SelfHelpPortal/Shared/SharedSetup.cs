using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Flags;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Licenses;
using SelfHelpPortal.Shared.Loans;
using SelfHelpPortal.Shared.Ownership;
using SelfHelpPortal.Shared.PersonalData;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Shared;

/// <summary>What several features use. Nothing of it keeps a state: each call opens its own context.</summary>
internal static class SharedSetup
{
    public static void AddShared(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddUseCases();
        builder.AddWebhooks();
        services.AddSingleton<StaffAccounts>().AddSingleton<OwnerMails>().AddSingleton<MembershipChanges>().AddSingleton<FlagLinks>();
        services.AddSingleton<ProductCatalog>();
        services.AddSingleton<KeyLookUp>().AddSingleton<ReindexKeys>();
        services.AddSingleton<LicenseFactory>().AddSingleton<LicenseIssuer>().AddSingleton<LicenseFiles>().AddSingleton<CheckRestore>();
        services.AddSingleton(sp => new MailAttachmentSource(LicenseFiles.Source, sp.GetRequiredService<LicenseFiles>().ReadAsync));
        services.AddSingleton<ActivationSecretsFactory>().AddSingleton<ProvenActivations>().AddSingleton<ActivateLicense>();
        services.AddSingleton<ReleaseRecorder>().AddSingleton<ShowRelease>();
        services.AddSingleton(new NodeClock(TimeProvider.System));
        services.AddSingleton(new ReadinessCheck("clock", async (sp, cancellation) =>
        {
            await using var db = await sp.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(cancellation);
            return NodeClock.IsWrong(await sp.GetRequiredService<NodeClock>().AheadAsync(db, cancellation))
                ? Readiness.Degraded
                : Readiness.Ready;
        }));
        services.AddSingleton<InvoiceIssuer>().AddSingleton<IssueInvoice>().AddSingleton<CancelIssued>().AddSingleton<TaxCases>();
        services.AddSingleton(sp => InvoiceMails.AttachmentSource(sp.GetRequiredService<IDbContextFactory<PortalDbContext>>()));
        builder.AddTransferOrders();
        services.AddSingleton<AppointmentTimes>().AddSingleton<AppointmentMailer>().AddSingleton<RemindAppointments>();
        services.AddSingleton(sp => AppointmentFiles.AttachmentSource(sp.GetRequiredService<IDbContextFactory<PortalDbContext>>()));
        services.AddSingleton(new DailyJob(
            RemindAppointments.JobName, RemindAppointments.At, (sp, now, cancellation) =>
                sp.GetRequiredService<RemindAppointments>().RunAsync(now, cancellation)));
        services.AddSingleton<OwnerChangePricing>().AddSingleton<OwnerChangeMailer>().AddSingleton<ExpireOwnerChanges>();
        services.AddSingleton(new DailyJob(
            ExpireOwnerChanges.JobName, ExpireOwnerChanges.At, (sp, now, cancellation) =>
                sp.GetRequiredService<ExpireOwnerChanges>().RunAsync(now, cancellation)));
        services.AddSingleton<LoanMailer>().AddSingleton<EndComputers>().AddSingleton<LendLicense>()
            .AddSingleton<AskLoanOwner>().AddSingleton(AskLoanOwner.Kind);
        services.AddSingleton(new DailyJob(
            EndComputers.JobName, EndComputers.At, (sp, now, cancellation) =>
                sp.GetRequiredService<EndComputers>().RunAsync(now, cancellation)));
        builder.AddSettings<RetentionOptions>(RetentionOptions.Section).Check((o, _) => o.Validate());
        services.AddSingleton<WriteExport>().AddSingleton<RetentionJob>();
        services.AddSingleton(new DailyJob(
            RetentionJob.JobName, RetentionJob.At, (sp, now, cancellation) =>
                sp.GetRequiredService<RetentionJob>().RunAsync(now, cancellation)));
    }

    private static void AddTransferOrders(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<DraftOptions>("Drafts").Check((o, _) => o.Validate());
        services.AddSingleton<TransferDrafts>().AddSingleton<DraftRoom>();
        services.AddSingleton(new ReadinessCheck(
            "drafts", (sp, cancellation) =>
                sp.GetRequiredService<DraftRoom>().LookAsync(sp.GetRequiredService<TimeProvider>().GetUtcNow(), cancellation)));
        services.AddSingleton(sp => new OpenTransfer(async (license, product, now, cancellation) =>
        {
            var draft = new TransferDraft { ProductId = product, LicenseId = license, LicenseAsked = true };
            var begun = await sp.GetRequiredService<TransferDrafts>()
                .BeginAsync(draft, AttemptSubjects.DraftFor(LinkPurpose.TransferDraft, license), now, cancellation);
            return begun.Page is { } token ? new Begun($"/transfer/{token}/{DraftSteps.Remedy}") : begun;
        }));
        services.AddSingleton<LicenseEntry>().AddSingleton<LicenseSuspension>();
        services.AddSingleton<TransferLinks>().AddSingleton(TransferLinks.Kind);
        services.AddSingleton<SubmitTransfer>().AddSingleton<ShowTransferStatus>().AddSingleton<TransferFiles>()
            .AddSingleton<AnswerTransfer>().AddSingleton<EndTransfer>().AddSingleton<TransferChecklist>();
        services.AddSingleton<TransferPricing>().AddSingleton<WaitingOrders>().AddSingleton<PlaceOrder>();
        services.AddSingleton<MoveLicenses>().AddSingleton<TransferInvoicing>().AddSingleton<TransferMailer>()
            .AddSingleton<TransferSettlement>();
        services.AddSingleton(new DailyJob(
            "expire-transfers", new TimeOnly(3, 0), (sp, now, cancellation) =>
                sp.GetRequiredService<EndTransfer>().ExpireAsync(now, cancellation)));
    }
}

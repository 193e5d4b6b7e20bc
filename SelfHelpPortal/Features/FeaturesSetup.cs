using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Features.Common.PersonalData;
using SelfHelpPortal.Features.Customer.ActivateOffline;
using SelfHelpPortal.Features.Customer.AnswerFlag;
using SelfHelpPortal.Features.Customer.LostKey;
using SelfHelpPortal.Features.Customer.Object;
using SelfHelpPortal.Features.Customer.ReleaseByQr;
using SelfHelpPortal.Features.Customer.ReleaseLicense;
using SelfHelpPortal.Features.Customer.RequestTransfer;
using SelfHelpPortal.Features.Customer.SeeLicense;
using SelfHelpPortal.Features.Customer.TransferStatus;
using SelfHelpPortal.Features.Machine.CheckIn;
using SelfHelpPortal.Features.Machine.Release;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.SeedDemo;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Configuration;
using SelfHelpPortal.Platform.Guessing;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features;

/// <summary>Every act of the portal. They keep no state: each call opens its own context.</summary>
internal static class FeaturesSetup
{
    public static void AddFeatures(this WebApplicationBuilder builder)
    {
        var services = builder.Services;

        services.AddSingleton<ProductCatalog>();
        services.AddSingleton<KeyLookUp>();
        services.AddSingleton<LicenseMaker>();
        services.AddSingleton<ReindexKeys>().AddSingleton<CheckRestore>();
        services.AddSingleton<LicenseIssuer>();
        services.AddSingleton<InvoicePress>().AddSingleton<IssueInvoice>().AddSingleton<TaxCases>();
        services.AddSingleton<LicenseFiles>();
        services.AddSingleton(sp => new MailAttachmentSource(LicenseFiles.Source, sp.GetRequiredService<LicenseFiles>().ReadAsync));
        services.AddSingleton<ActivationSecretsMaker>();
        services.AddSingleton<ProvenActivations>();
        services.AddSingleton<OwnerMails>();
        services.AddSingleton<ReleaseRecorder>();
        services.AddSingleton<ActivateLicense>();

        services.AddSingleton<BeginRelease>();
        services.AddSingleton(sp => new OpenRelease(sp.GetRequiredService<BeginRelease>().OpenAsync));
        services.AddSingleton<ShowRelease>();
        services.AddSingleton<ReleaseLicense>();
        services.AddSingleton<ConfirmRelease>();
        services.AddSingleton<ReleaseByQr>();
        services.AddSingleton<ObjectToRelease>();
        services.AddSingleton<FlagLinks>().AddSingleton<LockedCases>().AddSingleton<ShowCase>().AddSingleton<AnswerFlag>().AddSingleton<FetchEmergencyCode>();
        services.AddSingleton<ActivateOffline>();
        services.AddSingleton(new DailyJob(
            "forget-activation-requests", new TimeOnly(3, 10), (sp, now, cancellation) => sp.GetRequiredService<ActivateOffline>().ForgetAsync(now, cancellation)));

        builder.AddSettings<DraftOptions>("Drafts").Check((o, _) => o.Complaint());
        services.AddSingleton<TransferDrafts>().AddSingleton<DraftRoom>();
        services.AddSingleton(new ReadinessCheck(
            "drafts", (sp, cancellation) => sp.GetRequiredService<DraftRoom>().LookAsync(sp.GetRequiredService<TimeProvider>().GetUtcNow(), cancellation)));
        services.AddSingleton<BeginFromRelease>();
        services.AddSingleton(sp => new OpenTransfer(async (license, product, now, cancellation) =>
        {
            var draft = new TransferDraft { ProductId = product, LicenseId = license, LicenseAsked = true };
            var begun = await sp.GetRequiredService<TransferDrafts>().BeginAsync(draft, GuessSubjects.DraftFor(LinkPurpose.TransferDraft, license), now, cancellation);
            return begun.Page is { } token ? new Begun($"/transfer/{token}/{DraftSteps.Remedy}") : begun;
        }));
        services.AddSingleton<BeginLook>().AddSingleton<ShowToHolder>();
        services.AddSingleton<TransferPricing>();
        services.AddSingleton<ShowDraft>();
        services.AddSingleton<ShowOrdered>();
        services.AddSingleton<OrderTransfer>();
        services.AddSingleton<TransferLinks>().AddSingleton(TransferLinks.Kind);
        services.AddSingleton<WaitingOrders>().AddSingleton<ConfirmTransfer>().AddSingleton<FillContact>();
        services.AddSingleton<SubmitTransfer>();
        services.AddSingleton<FindStatus>();
        services.AddSingleton<ShowTransfer>();
        services.AddSingleton<TransferFiles>();
        services.AddSingleton<AnswerTransfer>();
        services.AddSingleton<EndTransfer>();
        services.AddSingleton(new DailyJob(
            "expire-transfers", new TimeOnly(3, 0), (sp, now, cancellation) => sp.GetRequiredService<EndTransfer>().ExpireAsync(now, cancellation)));

        services.AddSingleton<SendKeys>().AddSingleton(SendKeys.Kind);

        services.AddSingleton<CheckInComputer>();
        services.AddSingleton<SightingRecorder>();
        services.AddSingleton<ReleaseFromApp>();

        builder.AddSettings<RetentionOptions>(RetentionOptions.Section).Check((o, _) => o.Complaint());
        services.AddSingleton<WriteExport>();
        services.AddSingleton<ForgetOldData>();
        services.AddSingleton(new DailyJob(
            ForgetOldData.JobName, ForgetOldData.At, (sp, now, cancellation) => sp.GetRequiredService<ForgetOldData>().RunAsync(now, cancellation)));

        services.AddSingleton<ProductFile>();
        services.AddSingleton<ImportLicenses>();
        services.AddSingleton<SeedDemo>();
    }
}

using System.Reflection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Data;

/// <summary>
/// The one database of the portal. Each entity has its configuration in <c>Data/Configurations</c>; tables and columns are in snake_case.
/// A context lives for one operation and comes from <see cref="IDbContextFactory{TContext}"/>.
/// </summary>
internal sealed class PortalDbContext : IdentityDbContext<PortalUser, IdentityRole<Guid>, Guid>
{
    public PortalDbContext(DbContextOptions<PortalDbContext> options)
        : base(options)
    {
        if (options.FindExtension<CoreOptionsExtension>()?.Interceptors?.Contains(TransactionGuard.Instance) != true)
        {
            throw new InvalidOperationException(
                $"A {nameof(PortalDbContext)} is made without its {nameof(TransactionGuard)}; use "
                    + $"{nameof(PortalDataSource)}.{nameof(PortalDataSource.UsePortal)}.");
        }

        // Around each save in a transaction Entity Framework makes a savepoint, and swallows the failure to release it; see
        // TransactionGuard.
        Database.AutoSavepointsEnabled = false;
    }

    public DbSet<Product> Products => Set<Product>();

    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<CustomerMember> CustomerMembers => Set<CustomerMember>();

    public DbSet<KeyAccess> KeyAccesses => Set<KeyAccess>();

    public DbSet<License> Licenses => Set<License>();

    public DbSet<Activation> Activations => Set<Activation>();

    public DbSet<ActivationSeen> ActivationsSeen => Set<ActivationSeen>();

    public DbSet<Flag> Flags => Set<Flag>();

    public DbSet<TransferRequest> Transfers => Set<TransferRequest>();

    public DbSet<Appointment> Appointments => Set<Appointment>();

    public DbSet<OwnerChange> OwnerChanges => Set<OwnerChange>();

    public DbSet<LicenseHolder> LicenseHolders => Set<LicenseHolder>();

    public DbSet<Loan> Loans => Set<Loan>();

    public DbSet<PriceListEntry> PriceList => Set<PriceListEntry>();

    public DbSet<VatRate> VatRates => Set<VatRate>();

    public DbSet<SettingVersion> SettingVersions => Set<SettingVersion>();

    public DbSet<BrandImage> BrandImages => Set<BrandImage>();

    public DbSet<LicenseEvent> Events => Set<LicenseEvent>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<ExclusionRequest> ExclusionRequests => Set<ExclusionRequest>();

    public DbSet<CaseAssignment> CaseAssignments => Set<CaseAssignment>();

    public DbSet<IncidentRequest> IncidentRequests => Set<IncidentRequest>();

    public DbSet<StaffReset> StaffResets => Set<StaffReset>();

    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();

    public DbSet<Invoice> Invoices => Set<Invoice>();

    public DbSet<InvoiceDocument> InvoiceDocuments => Set<InvoiceDocument>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
        configurationBuilder.Properties<HardwareCode>().HaveConversion<HardwareCodeConverter>();
        configurationBuilder.Properties<Money>().HaveConversion<MoneyConverter>();

        // Words, so that a row explains itself to whoever reads the database.
        configurationBuilder.Properties<LicenseState>().HaveConversion<string>();
        configurationBuilder.Properties<ActivationState>().HaveConversion<string>();
        configurationBuilder.Properties<EndKind>().HaveConversion<string>();
        configurationBuilder.Properties<LoanState>().HaveConversion<string>();
        configurationBuilder.Properties<ReleaseMethod>().HaveConversion<string>();
        configurationBuilder.Properties<FlagKind>().HaveConversion<string>();
        configurationBuilder.Properties<FlagState>().HaveConversion<string>();
        configurationBuilder.Properties<FlagStage>().HaveConversion<string>();
        configurationBuilder.Properties<FlagCause>().HaveConversion<string>();
        configurationBuilder.Properties<InvoiceFormat>().HaveConversion<string>();
        configurationBuilder.Properties<TransferState>().HaveConversion<string>();
        configurationBuilder.Properties<TransferRemedy>().HaveConversion<string>();
        configurationBuilder.Properties<TransferIdentification>().HaveConversion<string>();
        configurationBuilder.Properties<EventKind>().HaveConversion<string>();
        configurationBuilder.Properties<ActorKind>().HaveConversion<string>();
        configurationBuilder.Properties<AuditKind>().HaveConversion<string>();
        configurationBuilder.Properties<SettingKind>().HaveConversion<string>();
        configurationBuilder.Properties<TwoPersonDecision>().HaveConversion<string>();
        configurationBuilder.Properties<InvoiceKind>().HaveConversion<string>();
        configurationBuilder.Properties<InvoiceState>().HaveConversion<string>();
        configurationBuilder.Properties<InvoiceDocumentKind>().HaveConversion<string>();
        configurationBuilder.Properties<VatCase>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        // Identity's own OnModelCreating asks the services for the schema version and falls back to the first where there are none
        // (migrations, commands, tests), so that the model would depend on who made the context. Here it is always the third.
        var create =
            typeof(IdentityUserContext<
                PortalUser, Guid, IdentityUserClaim<Guid>, IdentityUserLogin<Guid>, IdentityUserToken<Guid>, IdentityUserPasskey<Guid>>)
            .GetMethod("OnModelCreatingVersion", BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new MissingMethodException("Identity makes its model in another way; see PortalDbContext.");
        create.Invoke(this, [builder, IdentitySchemaVersions.Version3]);
        builder.HasSequence<long>(Numbers.CustomerSequence).StartsAt(10042);
        builder.HasSequence<long>(Numbers.LicenseSequence).StartsAt(1043);
        builder.HasSequence<long>(Numbers.FlagSequence).StartsAt(1001);
        builder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);
        SearchText.AddTo(builder);
        SnakeCase.Apply(builder.Model);
    }
}

using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Account;

namespace SelfHelpPortal.Data;

/// <summary>
/// The one database of the portal. Each entity has its configuration in <c>Data/Configurations</c>; tables and columns are in snake_case.
/// A context lives for one operation and comes from <see cref="IDbContextFactory{TContext}"/>.
/// </summary>
internal sealed class PortalDbContext(DbContextOptions<PortalDbContext> options)
    : IdentityDbContext<PortalUser, IdentityRole<Guid>, Guid>(options)
{
    // Set here as well as in the options of Identity: the tools that make migrations see only the model.
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);
        SnakeCase.Apply(builder.Model);
    }
}

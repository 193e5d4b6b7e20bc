using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using SelfHelpPortal.Data;

return 0;

/// <summary>What <c>dotnet ef</c> needs to know. The address is never connected to: migrations are made from the model alone.</summary>
internal sealed class DesignTime : IDesignTimeDbContextFactory<PortalDbContext>
{
    public PortalDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PortalDbContext>().UsePortal("Host=localhost;Database=design_time").Options);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SelfHelpPortal.Platform.Schedules;

/// <summary>Work that one node does once a day. Register it as a singleton; <see cref="DailyJobs"/> runs it.</summary>
/// <param name="Name">Names its row; never changed.</param>
/// <param name="At">Not before this time of day, in the vendor's zone.</param>
/// <param name="RunAsync">Gets the services of a scope and the instant. When it throws, it is run again after the lease; so it must bear
/// being repeated.</param>
internal sealed record DailyJob(string Name, TimeOnly At, Func<IServiceProvider, DateTimeOffset, CancellationToken, Task> RunAsync);

/// <summary>Which day's run of a job was finished, and who runs it now.</summary>
internal sealed class DailyRun
{
    public required string Name { get; init; }

    /// <summary>The last day, in the vendor's zone, that was done.</summary>
    public DateOnly? DoneDay { get; init; }

    public DateTimeOffset? LeaseUntil { get; init; }
}

internal sealed class DailyRunConfiguration : IEntityTypeConfiguration<DailyRun>
{
    public void Configure(EntityTypeBuilder<DailyRun> builder)
    {
        builder.ToTable("daily_run");
        builder.HasKey(r => r.Name);
        builder.Property(r => r.Name).HasMaxLength(60);
    }
}

using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>
/// The vendor's data as they hold now: what the configuration gives stands before what an administrator stored, and that before the demo's.
/// Whoever takes <see cref="IOptions{TOptions}"/> of them has this one, and asks for the value whenever it is needed.
/// </summary>
internal sealed class CurrentVendor(IConfiguration configuration, IOptionsFactory<VendorOptions> factory)
    : IOptions<VendorOptions>, IDisposable
{
    // One read after the other, so that an older answer never comes after a newer one.
    private readonly SemaphoreSlim _reading = new(1);

    // Not in the constructor: the host makes its services before the configuration is checked as a whole.
    private readonly Lazy<VendorOptions> _configured = new(() => factory.Create(Options.DefaultName));

    private volatile VendorOptions? _merged;

    public VendorOptions Value => _merged ?? _configured.Value;

    /// <summary>The paths of <see cref="VendorSettings"/> that the configuration gives. What is empty there is not given.</summary>
    public IReadOnlySet<string> InFile => field ??= VendorSettings.Paths
        .Where(path => IsGiven(configuration.GetSection(VendorOptions.Section), path)
            // Also by its name in the brand folder.
            || _configured.Value.FileAt(path) is not null)
        .ToFrozenSet();

    /// <returns>The same with the configuration's values where it has any.</returns>
    public VendorSettings WithFile(VendorSettings settings) =>
        InFile.Count == 0 ? settings : settings.With(VendorSettings.From(_configured.Value), [.. InFile]);

    /// <summary>Takes what is stored last. Nothing changes while nobody has stored anything.</summary>
    public async Task ReadAsync(IDbContextFactory<PortalDbContext> contexts, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await SettingHistory.FindLatestAsync(db, SettingKind.Vendor, "", cancellationToken) is { } last)
            {
                var stored = VendorSettings.Read(last.Content);
                var images = await VendorImageStore.ReadAsync(db, stored, Value.Images, cancellationToken);
                var merged = WithFile(stored).ToOptions(_configured.Value);
                merged.Images = images.With(_configured.Value.Images, InFile);
                _merged = merged;
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private static bool IsGiven(IConfigurationSection section, string path)
    {
        var value = section.GetSection(VendorSettings.KeyOf(path));
        return !string.IsNullOrWhiteSpace(value.Value) || value.GetChildren().Any(line => !string.IsNullOrWhiteSpace(line.Value));
    }
}

using SelfHelpPortal.Client.Hardware;
using SelfHelpPortal.Client.Portal;
using SelfHelpPortal.Client.State;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.Client;

/// <summary>
/// The license of this computer. One instance a program; its members may be called from any thread, and several programs may share the
/// state file. Nothing here throws for want of a connection, of rights or of a genuine file: the results say so.
/// </summary>
public sealed partial class LicenseClient : IDisposable
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ClockResolution = TimeSpan.FromHours(1);

    private readonly LicenseClientOptions _options;
    private readonly VerificationKeys _builtIn;
    private readonly StateStore _store;
    private readonly PortalApi _portal;
    private readonly Lazy<IReadOnlyDictionary<string, string>> _components;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile LearnedKeys? _learned;

    /// <summary>Reads nothing yet and asks nobody.</summary>
    /// <exception cref="ArgumentException">The portal's address is not https, or the verification keys are no key set.</exception>
    public LicenseClient(LicenseClientOptions options)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        try
        {
            _builtIn = VerificationKeys.FromJwks(System.Text.Encoding.UTF8.GetBytes(options.VerificationKeys));
        }
        catch (Exception unreadable) when (
            unreadable is System.Text.Json.JsonException or System.Security.Cryptography.CryptographicException)
        {
            throw new ArgumentException("The verification keys are no key set.", nameof(options), unreadable);
        }

        _portal = new PortalApi(options);
        _components = new(() => options.Hardware is { } given ? ThisComputer.Clean(given()) : ThisComputer.Read());
        _store = new StateStore(options.StateFile, () => _components.Value, options.Step);
    }

    /// <summary>The program goes on, but the user should know why that may end: see the status.</summary>
    public event EventHandler<LicenseEventArgs>? Warn;

    /// <summary>The program may not go on: locked, ended, expired, out of touch, or another computer's.</summary>
    public event EventHandler<LicenseEventArgs>? Locked;

    /// <summary>The license was taken off this computer, here or elsewhere.</summary>
    public event EventHandler<LicenseEventArgs>? Released;

    /// <summary>This computer's fingerprint for the product, as a person can send it.</summary>
    public string HardwareCode => Hardware.ToString();

    /// <summary>The whole activation key, to be shown and copied before a release; null if none is stored.</summary>
    public string? ActivationKey => TryLoad()?.State.Key;

    /// <summary>
    /// How this computer stands with its license now. Reads the state file each time, and notes the time in it now and then.
    /// </summary>
    public LicenseStatus Status => TryLoad() is { } loaded ? StatusOf(loaded) : new(LicenseCondition.Damaged, LicenseCodes.StateDamaged);

    /// <summary>
    /// The code and link of a license that was taken off here, for as long as the portal is not known to know; also after a restart.
    /// </summary>
    public PendingRelease? PendingRelease =>
        TryLoad()?.State.Unconfirmed is { Secret: { } secret } tombstone ? Shown(tombstone, secret) : null;

    private HardwareCode Hardware => Licensing.Codes.HardwareCode.From(_options.Product, _components.Value);

    /// <inheritdoc/>
    public void Dispose()
    {
        _portal.Dispose();
        _oneAtATime.Dispose();
    }

    /// <summary>This computer's clock.</summary>
    private DateTimeOffset Clock() =>
#if NET8_0_OR_GREATER
        _options.Clock?.Invoke() ?? TimeProvider.System.GetUtcNow();
#else
#pragma warning disable RS0030 // This is the edge, and there is no TimeProvider.
        _options.Clock?.Invoke() ?? DateTimeOffset.UtcNow;
#pragma warning restore RS0030
#endif

    /// <summary>The file, or null if it is there and cannot be read.</summary>
    private LoadedState? TryLoad()
    {
        try
        {
            return _store.Load();
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private LicenseStatus StatusOf(LoadedState loaded)
    {
        var hardware = Hardware;
        LicenseStatus status = loaded.Fault switch
        {
            null => new Judge(_options, KeysOf(loaded.State), hardware).Of(Noted(loaded.State), Clock()),
            SealFault.AnotherComputer => new(LicenseCondition.AnotherComputer, LicenseCodes.AnotherComputer),
            _ => new(LicenseCondition.Damaged, LicenseCodes.StateDamaged),
        };
        return status with { HasFewParts = hardware.HasFewParts };
    }

    /// <summary>What is not written down is forgotten at the next start, and then the clock could be set back after all.</summary>
    private ClientState Noted(ClientState state)
    {
        var now = Judge.Advance(state, Clock());
        if (state.License is null || (now.ClockWasSetBack == state.ClockWasSetBack && now.Latest - state.Latest < ClockResolution))
        {
            return state;
        }

        try
        {
            return _store.Change("clock", s => Judge.Advance(s, Clock()));
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            return state;
        }
    }

    /// <summary>The license file, if it is genuine and not one that ended here.</summary>
    private LicenseFile? LicenseOf(ClientState state) =>
        LicenseFile.Read(state.License, KeysOf(state)) is { IsGenuine: true, Claims: { } file } && file.Product == _options.Product
            && !state.HasEnded(file.Handle, file.Generation)
            ? file
            : null;

    private bool IsMine(LicenseFile file) =>
        Licensing.Codes.HardwareCode.TryParse(file.HardwareCode, out var code, out _) && Judge.IsOf(code, Hardware);

    /// <summary>One act: alone, with what cannot be written turned into a result, and followed by the events it gives reason for.</summary>
    private async Task<LicenseResult> ActAsync(Func<Task<LicenseResult>> act, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        LicenseStatus before;
        LicenseResult result;
        try
        {
            before = Status;
            result = await act().ConfigureAwait(false);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            return new LicenseResult(false, LicenseCodes.StateNotWritable);
        }
        finally
        {
            _oneAtATime.Release();
        }

        Tell(before, Status);
        return result;
    }

    private void Tell(LicenseStatus before, LicenseStatus after)
    {
        if (after.Condition == LicenseCondition.Warning)
        {
            Warn?.Invoke(this, new(after));
        }
        else if (after.Condition is LicenseCondition.NoLicense or LicenseCondition.Released)
        {
            if (before.License is not null)
            {
                Released?.Invoke(this, new(after));
            }
        }
        else if (!after.IsUsable && (before.IsUsable || before.Code != after.Code))
        {
            Locked?.Invoke(this, new(after));
        }
    }
}

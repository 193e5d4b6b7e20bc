using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SelfHelpPortal.Client.State;
using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.Client;

public sealed partial class LicenseClient
{
    /// <summary>
    /// Binds a license to this computer; the same computer again costs nothing. A release that the portal does not know of is told first.
    /// </summary>
    /// <param name="activationKey">As the user typed or pasted it; null = the one that is stored, after a release or an interrupted
    /// activation.</param>
    /// <param name="cancellationToken">Ends the waiting; whether the portal acted is then unknown, and calling again clears it.</param>
    public Task<LicenseResult> ActivateAsync(string? activationKey = null, CancellationToken cancellationToken = default) => ActAsync(
        async () =>
        {
            var state = _store.Load().State;
            if ((activationKey ?? state.Key)?.Trim() is not { Length: > 0 } key)
            {
                return new(false, LicenseCodes.NoKey);
            }

            if (_components.Value.Count == 0)
            {
                return new(false, LicenseCodes.NoHardware);
            }

            // The code of that release may be in somebody's hands: it must not fit what is activated now. One that came too soon will be
            // taken later.
            if (await DeliverAllAsync(state, cancellationToken)
                .ConfigureAwait(false) is { Code: LicenseCodes.ReleasedHere or Judge.LockedIllegal or "TOO_SOON" } refused)
            {
                return refused;
            }

            if (state.License is null)
            {
                _store.Change("activate", s => s with { Key = key, IsActivating = true });
            }

            var result = await AskAsync(key, cancellationToken).ConfigureAwait(false);
            await DeliverAllAsync(_store.Load().State, cancellationToken).ConfigureAwait(false);
            return result;
        },
        cancellationToken);

    private async Task<LicenseResult> AskAsync(string key, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["activationKey"] = key,
            ["product"] = _options.Product,
            ["hardwareCode"] = HardwareCode,
            ["pcName"] = _options.PcName,
            ["appVersion"] = _options.AppVersion,
            ["nonce"] = Nonce(),
        };
        _options.Step?.Invoke("activate/ask");
        var reply = await _portal.PostAsync("activations", body, cancellationToken).ConfigureAwait(false);
        _options.Step?.Invoke("activate/answered");
        if (reply is null)
        {
            return new(false, LicenseCodes.NoConnection);
        }

        if (!reply.IsSuccess)
        {
            // It was no success, so nothing is unfinished; the key stays only if it had opened a license before.
            _store.Change("activate", s => s.License is null ? s with { IsActivating = false, Key = s.Tombstones.Count > 0 ? s.Key : null }
                : s);
            return reply.AsResult();
        }

        await LearnKeysAsync(reply, cancellationToken).ConfigureAwait(false);
        var result = new LicenseResult(false, LicenseCodes.BadAnswer);
        _store.Change("license", s =>
        {
            if (LicenseFile.Read(reply.Text("license"), KeysOf(s)) is not { IsGenuine: true, Claims: { } file }
                || IsNoneForMe(file, s) is not null
                || s.PortalTime - file.IssuedAt > ClockTolerance)
            {
                return s;
            }

            result = reply.AsResult(succeeded: true);
            return AtPortalTime(Install(s, file, reply.Text("license")!), file.IssuedAt, Clock()) with { Key = key };
        });
        return result;
    }

    /// <summary>Takes a license file that came by mail, from the portal's page or on a stick.</summary>
    /// <param name="text">The content of the <c>*.lshlic</c> file, also with a mail around it.</param>
    public LicenseResult ImportLicense(string text) => Act(() =>
    {
        var result = new LicenseResult(false, LicenseCodes.BadFile);
        _store.Change("license", s =>
        {
            if (LicenseFile.Read(text, KeysOf(s)) is not { IsGenuine: true, Claims: { } file })
            {
                return s;
            }

            if (IsNoneForMe(file, s) is { } reason)
            {
                result = new(false, reason);
                return s;
            }

            result = new(true, LicenseCodes.Valid);
            if (LicenseOf(s) is not { } present)
            {
                return Install(s, file, text);
            }

            // The same activation goes on as it stands; of two, the younger counts.
            if (present.Handle == file.Handle && present.Generation == file.Generation)
            {
                return present.IssuedAt < file.IssuedAt ? s with { License = text } : s;
            }

            if (present.IssuedAt > file.IssuedAt)
            {
                result = new(false, LicenseCodes.AlreadyReleased);
                return s;
            }

            return Install(s, file, text);
        });
        return result;
    });

    private string? IsNoneForMe(LicenseFile file, ClientState state) =>
        file.Product != _options.Product ? LicenseCodes.WrongProduct
        : state.HasEnded(file.Handle, file.Generation) ? LicenseCodes.AlreadyReleased
        : !IsMine(file) ? LicenseCodes.AnotherComputer
        : null;

    /// <summary>
    /// A fresh license. Nothing that was said about an earlier one counts any more; another license that was here is released.
    /// </summary>
    private ClientState Install(ClientState state, LicenseFile file, string text) => state with
    {
        IsActivating = false,
        Tombstones = LicenseOf(state) is { } other && other.LicenseNumber != file.LicenseNumber
            ? [.. state.Tombstones, new(other.Handle, other.Generation, other.ReleaseSecret, state.Latest)]
            : state.Tombstones,
        License = text,
        GoodAt = file.IssuedAt,
        Latest = file.IssuedAt > state.Latest ? file.IssuedAt : state.Latest,
        NextCheckIn = RandomMoment(file.IssuedAt, file.CheckIn.EveryDays),
        Notice = null,
    };

    /// <summary>The portal has told the time, if this is later than what it told before.</summary>
    private static ClientState AtPortalTime(ClientState state, DateTimeOffset time, DateTimeOffset clock) => time < state.PortalTime
        ? state
        : state with
        {
            PortalTime = time,
            Latest = time,
            Offset = (time - clock).Duration() > ClockTolerance ? time - clock : TimeSpan.Zero,
            ClockWasSetBack = false
        };

    /// <summary>Some time within the interval, so that nobody knows when to be online.</summary>
    private static DateTimeOffset RandomMoment(DateTimeOffset from, int days) =>
        from + TimeSpan.FromSeconds((1 + (BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4), 0) % 1000)) * days * 86.4);

    private static string Nonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));

    /// <summary>As <see cref="ActAsync"/>, for what asks nobody.</summary>
    private LicenseResult Act(Func<LicenseResult> act) =>
        ActAsync(() => Task.FromResult(act()), CancellationToken.None).GetAwaiter().GetResult();
}

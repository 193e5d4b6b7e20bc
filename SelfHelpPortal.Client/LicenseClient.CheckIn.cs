using System.Text.Json.Nodes;
using SelfHelpPortal.Client.Portal;
using SelfHelpPortal.Client.State;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.Client;

public sealed partial class LicenseClient
{
    private static readonly TimeSpan Retry = TimeSpan.FromHours(1);

    /// <summary>
    /// Asks the portal whether this computer may go on; <see cref="Status"/> says what follows. Without a believable answer the license
    /// goes on for its grace days. A release that the portal does not know of yet is told too.
    /// </summary>
    public Task<LicenseResult> CheckInAsync(CancellationToken cancellationToken = default) => ActAsync(
        async () =>
        {
            var state = _store.Change("clock", s => Judge.Advance(s, Clock()));
            var delivered = await DeliverAllAsync(state, cancellationToken).ConfigureAwait(false);
            if (LicenseOf(state) is not { } file)
            {
                return delivered ?? new(false, LicenseCodes.NoLicense);
            }

            var nonce = Nonce();
            _options.Step?.Invoke("check/ask");
            var reply = await AskProvenAsync(DeviceProof.Check, file.Handle, file.Generation, file.ReleaseSecret, nonce, cancellationToken)
                .ConfigureAwait(false);
            _options.Step?.Invoke("check/answered");
            CheckInAnswer? answer = null;
            if (reply is { IsSuccess: true })
            {
                var keys = await LearnKeysAsync(reply, cancellationToken).ConfigureAwait(false);
                answer = CheckInAnswer.Read(reply.Text("answer"), nonce, keys).Claims;
            }

            if (answer is null || answer.Handle != file.Handle || answer.Generation != file.Generation)
            {
                _store.Change("retry", s => s with { NextCheckIn = s.Latest + Retry });
                return reply is null ? new(false, LicenseCodes.NoConnection) : reply.IsSuccess ? new(false, LicenseCodes.BadAnswer)
                    : reply.AsResult();
            }

            _store.Change("answer", s => LicenseOf(s) is { } present && present.Handle == file.Handle
                && present.Generation == file.Generation
                ? Heard(s, present, answer, reply!)
                : s);
            return reply!.AsResult(answer.Valid) with { Code = answer.Code };
        },
        cancellationToken);

    /// <summary>Checks in at random moments within the product's interval, until it is canceled. The events say what came of it.</summary>
    public async Task RunCheckInsAsync(CancellationToken cancellationToken)
    {
        var longest = TimeSpan.FromMinutes(15);
        while (true)
        {
            // The clock may be set and the computer may sleep, so it is looked at often.
            var state = TryLoad() is { Fault: null } loaded ? Judge.Advance(loaded.State, Clock()) : null;
            var isDue = state is { License: not null } && _options.CheckInsRequired
                && (state.NextCheckIn is not { } next || state.Latest >= next || state.ClockWasSetBack);
            if (isDue || state?.Unconfirmed is not null)
            {
                await CheckInAsync(cancellationToken).ConfigureAwait(false);
            }

            await Task.Delay(longest, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Lets a locked program run for 72 hours, once a year. The code comes from the vendor's staff and needs no connection.
    /// </summary>
    public LicenseResult EnterEmergencyCode(string code) => Act(() =>
    {
        var result = new LicenseResult(false, LicenseCodes.WrongEmergencyCode);
        _store.Change("emergency", s =>
        {
            s = Judge.Advance(s, Clock());
            if (LicenseOf(s) is not { } file || !EmergencyCode.TryParse(code, out var given, out _)
                || !given.Matches(file.ReleaseSecret, file.Handle, file.Generation, s.Latest.Year)
                || s.EmergencySince?.Year == s.Latest.Year)
            {
                return s;
            }

            result = new(true, LicenseCodes.Emergency);
            return s with { EmergencySince = s.Latest };
        });
        return result;
    });

    /// <summary>Takes the portal's signed blocklist, which a program that is never online gets with its updates.</summary>
    /// <param name="text">What <c>GET /api/v1/blocklist</c> answers.</param>
    public LicenseResult ImportBlocklist(string text) => Act(() =>
    {
        var result = new LicenseResult(false, LicenseCodes.BadFile);
        _store.Change("blocklist", s =>
        {
            if (Blocklist.Read(text?.Trim(), KeysOf(s)) is not { IsGenuine: true, Claims: { } list } || list.Sequence < s.BlocklistSequence)
            {
                return s;
            }

            result = new(true, LicenseCodes.Valid);
            s = s with { BlocklistSequence = list.Sequence };
            return LicenseOf(s) is { } file && list.Blocked.Any(b => b.Handle == file.Handle && b.Generation == file.Generation)
                ? s with { Notice = new(LicenseCodes.Blocklisted, false, null, null) }
                : s.Notice?.Code == LicenseCodes.Blocklisted ? s with { Notice = null } : s;
        });
        return result;
    });

    /// <summary>What a genuine answer means. Only its signed part decides; sentence and case number are for people.</summary>
    private ClientState Heard(ClientState state, LicenseFile file, CheckInAnswer answer, PortalReply reply)
    {
        // In a license that has not ended, grace is an emergency code's: without another answer it lasts no longer than one.
        var isBridged = answer.Code == LicenseCodes.EndsSoon && !(Judge.EndOf(file) <= answer.At);
        var reach = TimeSpan.FromDays(file.CheckIn.EveryDays + file.CheckIn.GraceDays);
        state = AtPortalTime(state, answer.At, Clock()) with
        {
            NextCheckIn = !answer.Valid ? answer.At + Retry : RandomMoment(answer.At, isBridged ? 1 : file.CheckIn.EveryDays),
            // A changed part is learned without a word.
            Notice = answer.Code is LicenseCodes.Valid or "VALID_DRIFT"
                ? null
                : new(answer.Code, answer.Valid, reply.Text("message"), reply.Text("caseNumber")),
        };
        if (answer.Valid)
        {
            state = state with { GoodAt = isBridged && reach > Judge.EmergencyTime ? answer.At + Judge.EmergencyTime - reach : answer.At };
            return LicenseFile.Read(reply.Text("license"), KeysOf(state)) is { IsGenuine: true, Claims: { } newer }
                && IsNoneForMe(newer, state) is null && newer.IssuedAt >= file.IssuedAt
                ? state with { License = reply.Text("license") }
                : state;
        }

        // Somebody else has the seat or may have it: the license is not this computer's any more, and asking on would only look like use.
        return answer.Code is "RELEASED" or "RELEASED_STILL_USED" or "SUPERSEDED"
            ? state with
            {
                License = null,
                NextCheckIn = null,
                Tombstones = [.. state.Tombstones, new(file.Handle, file.Generation, null, answer.At)]
            }
            : state;
    }

    /// <summary>Asks with a proof of possession. A clock that is off is no reason to fail: then the portal's own is taken.</summary>
    private async Task<PortalReply?> AskProvenAsync(
        string purpose, string handle, int generation, byte[] secret, string nonce, CancellationToken cancellationToken)
    {
        var time = Clock() + (TryLoad()?.State.Offset ?? TimeSpan.Zero);
        var reply = await PostProvenAsync(purpose, handle, generation, secret, nonce, time.ToUnixTimeSeconds(), cancellationToken)
            .ConfigureAwait(false);
        return reply is { IsSuccess: false, Code: "CLOCK_SKEW" } && reply.Time("serverTime") is { } portalTime
            ? await PostProvenAsync(purpose, handle, generation, secret, nonce, portalTime.ToUnixTimeSeconds(), cancellationToken)
            .ConfigureAwait(false)
            : reply;
    }

    private Task<PortalReply?> PostProvenAsync(
        string purpose, string handle, int generation, byte[] secret, string nonce, long ts, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["generation"] = generation,
            ["nonce"] = nonce,
            ["ts"] = ts,
            ["mac"] = DeviceProof.Compute(purpose, handle, generation, nonce, ts, secret),
        };
        if (purpose == DeviceProof.Check)
        {
            body["hardwareCode"] = HardwareCode;
            body["appVersion"] = _options.AppVersion;
        }

        return _portal.PostAsync($"activations/{handle}/{purpose}", body, cancellationToken);
    }
}

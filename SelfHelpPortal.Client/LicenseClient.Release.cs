using System.Globalization;
using System.Text;
using SelfHelpPortal.Client.State;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Client;

public sealed partial class LicenseClient
{
    /// <summary>
    /// Takes the license off this computer and tells the portal. Without a connection nothing is done and the code is
    /// <see cref="LicenseCodes.NoConnection"/>: ask for a smartphone, then call <see cref="ReleaseOffline"/>. If the connection breaks in
    /// between, the license is gone here, the code is <see cref="LicenseCodes.ReleasedHere"/>, and <see cref="PendingRelease"/> frees the
    /// seat.
    /// </summary>
    public Task<LicenseResult> ReleaseAsync(CancellationToken cancellationToken = default) => ActAsync(
        async () =>
        {
            var state = _store.Load().State;
            if (LicenseOf(state) is null)
            {
                return state.Unconfirmed is { } pending
                    ? await DeliverAsync(pending, cancellationToken).ConfigureAwait(false)
                    : new(false, LicenseCodes.NoLicense);
            }

            if (!await _portal.IsThereAsync(cancellationToken).ConfigureAwait(false))
            {
                return new(false, LicenseCodes.NoConnection);
            }

            var tombstone = Bury(out var buried);
            var result = await DeliverAsync(tombstone, cancellationToken).ConfigureAwait(false);

            // A refusal of the first and only request means that the seat is still ours, and nobody has seen the code.
            if (!result.Succeeded && result.Code != LicenseCodes.ReleasedHere)
            {
                _store.Change("keep", s => s.License is null && s.Unconfirmed?.Handle == tombstone.Handle
                    ? buried with { Offset = s.Offset, Latest = s.Latest }
                    : s);
            }

            return result;
        },
        cancellationToken);

    /// <summary>
    /// Takes the license off this computer without a connection. Afterwards <see cref="PendingRelease"/> has the code and the link for the
    /// QR code, now and after every restart, until the portal is known to know.
    /// </summary>
    /// <param name="saveTo">
    /// A text file for key and code, for example on a USB stick. The key is written to it before anything is released, the code when the
    /// license is gone here: a code in somebody's hands for a license that still runs would be a license for two.
    /// </param>
    public LicenseResult ReleaseOffline(string? saveTo = null) => Act(() =>
    {
        var state = _store.Load().State;
        if (LicenseOf(state) is null && state.Unconfirmed is null)
        {
            return new(false, LicenseCodes.NoLicense);
        }

        if (state.Notice is { Valid: false, Code: Judge.LockedIllegal } locked)
        {
            return new(false, locked.Code) { Message = locked.Message, CaseNumber = locked.CaseNumber };
        }

        if (saveTo is not null && !TrySave(saveTo, state, code: null))
        {
            return new(false, LicenseCodes.FileNotWritten);
        }

        var tombstone = LicenseOf(state) is null ? state.Unconfirmed! : Bury(out _);
        var saved = saveTo is null
            || TrySave(saveTo, state, VerificationCode.Compute(tombstone.Secret!, tombstone.Handle, tombstone.Generation).ToString());
        return new(true, saved ? LicenseCodes.ReleasedHere : LicenseCodes.FileNotWritten);
    });

    /// <summary>From here on the license is gone on this computer, whatever happens next; what proves it is in the same file.</summary>
    private Tombstone Bury(out ClientState before)
    {
        var (tombstone, found) = (default(Tombstone), default(ClientState));
        _store.Change("tombstone", s =>
        {
            var file = LicenseOf(s) ?? throw new IOException("The license is gone meanwhile.");
            s = Judge.Advance(s, Clock());
            (tombstone, found) = (new Tombstone(file.Handle, file.Generation, file.ReleaseSecret, s.Latest), s);
            return s with { License = null, Notice = null, NextCheckIn = null, Tombstones = [.. s.Tombstones, tombstone] };
        });
        before = found!;
        return tombstone!;
    }

    /// <summary>Tells the portal of a release. Anything but a clear answer leaves the tombstone with its code.</summary>
    private async Task<LicenseResult> DeliverAsync(Tombstone tombstone, CancellationToken cancellationToken)
    {
        _options.Step?.Invoke("release/ask");
        var reply = await AskProvenAsync(DeviceProof.Release, tombstone.Handle, tombstone.Generation, tombstone.Secret!, Nonce(),
            cancellationToken).ConfigureAwait(false);
        _options.Step?.Invoke("release/answered");
        if (reply is null || (reply.IsSuccess && reply.Code != LicenseCodes.Released))
        {
            return new(false, LicenseCodes.ReleasedHere);
        }

        if (!reply.IsSuccess)
        {
            return reply.AsResult();
        }

        _store.Change("released",
            s => s with
            {
                Tombstones =
                [.. s.Tombstones.Select(
                    t => t.Handle == tombstone.Handle && t.Generation == tombstone.Generation ? t with { Secret = null } : t)]
            });
        return reply.AsResult(succeeded: true);
    }

    /// <summary>
    /// Every release that the portal may not know of; what became of the last one that was refused, else of the last, else null.
    /// </summary>
    private async Task<LicenseResult?> DeliverAllAsync(ClientState state, CancellationToken cancellationToken)
    {
        LicenseResult? result = null;
        foreach (var tombstone in state.Tombstones.Where(t => t.Secret is not null))
        {
            var told = await DeliverAsync(tombstone, cancellationToken).ConfigureAwait(false);
            result = result is { Succeeded: false } && told.Succeeded ? result : told;
        }

        return result;
    }

    private PendingRelease Shown(Tombstone tombstone, byte[] secret)
    {
        var token = ReleaseLink.Token(secret, tombstone.Handle, tombstone.Generation);
        var code = VerificationCode.Compute(secret, tombstone.Handle, tombstone.Generation);

        // The address in small letters, since some scanners take capitals for a text; the token in capitals, which a QR code holds in less
        // space.
        return new(
            code.ToString(), _portal.PageOf("D/" + token).AbsoluteUri, token.Substring(token.Length - 4),
            _portal.PageOf("release"), tombstone.At);
    }

    private bool TrySave(string file, ClientState state, string? code)
    {
        try
        {
            var texts = new ClientTexts(_options.Language);
            var lines = new List<string>
            {
                texts["Saved.Heading", _options.PcName],
                "",
                texts["Saved.Key", state.Key ?? texts["Saved.NoKey"]],
                texts["Saved.Code", code ?? texts["Saved.CodeFollows"]],
                "",
                texts["Saved.WhatToDo", _portal.PageOf("release").AbsoluteUri],
            };
            using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None);
            var bytes = Encoding.UTF8.GetBytes(string.Join(Environment.NewLine, lines) + Environment.NewLine);
            stream.Write(bytes, 0, bytes.Length);
            stream.Flush(flushToDisk: true);
            return true;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}

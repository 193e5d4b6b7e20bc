using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Account;

/// <summary>What a browser sends back with a form: what its authenticator signed, and what the portal had asked for.</summary>
internal sealed record PasskeyAnswer(string? Credential, string? State);

/// <param name="Options">For <c>navigator.credentials</c>.</param>
/// <param name="State">Goes with the form, sealed.</param>
internal sealed record PasskeyQuestion(JsonNode Options, string State);

internal enum PasskeyAdded
{
    Done,

    /// <summary>Not made for this account and this portal a moment ago, or known already.</summary>
    Invalid,
    TooMany,
}

/// <summary>
/// Passkeys (security.md, section 2.2): one question for the browser, and what its answer proves. Signing in asks for no name: the
/// authenticator knows whose passkey it is, and so the portal's question is the same for everybody.
/// </summary>
internal sealed class Passkeys(
    PortalDbContext db,
    UserManager<PortalUser> users,
    IPasskeyHandler<PortalUser> handler,
    IHttpContextAccessor accessor,
    IDataProtectionProvider protection,
    TimeProvider time)
{
    public const int Most = 10;
    public const int LongestName = 50;

    /// <summary>Credential ids are a kilobyte at most, and attestation is not asked for.</summary>
    private const int LongestAnswer = 16 * 1024;

    /// <summary>How long the page that offers a new passkey may be open.</summary>
    private static readonly TimeSpan TicketTime = TimeSpan.FromHours(1);

    private static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(5);

    private readonly IDataProtector _tickets = protection.CreateProtector("lshp/passkey-ticket/v1");
    private readonly IDataProtector _states = protection.CreateProtector("lshp/passkey-state/v1");

    public static void Configure(IdentityPasskeyOptions options, PublicAddress address)
    {
        options.ServerDomain = new Uri(address.Root).IdnHost;
        options.UserVerificationRequirement = "required";
        // One that the authenticator does not list cannot sign in without a name.
        options.ResidentKeyRequirement = "required";
        options.AttestationConveyancePreference = "none";
        options.ChallengeSize = 32;
        options.AuthenticatorTimeout = AnswerTime;
        options.ValidateOrigin = context => ValueTask.FromResult(
            !context.CrossOrigin
            && string.Equals(context.Origin, new Uri(address.Root).GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));
    }

    /// <summary>Allows the page that holds it to ask for a new passkey of this account, which need not be saved yet.</summary>
    public string Ticket(Guid id, string address, string displayName) =>
        Seal(_tickets, new Sealed(time.GetUtcNow() + TicketTime, id.ToString(), address, displayName, null));

    /// <param name="ticket">Null: to sign in.</param>
    /// <returns>Null when the ticket is none of ours or too old.</returns>
    public async Task<PasskeyQuestion?> AskAsync(string? ticket)
    {
        var until = time.GetUtcNow() + AnswerTime;
        if (string.IsNullOrEmpty(ticket))
        {
            var request = await handler.MakeRequestOptionsAsync(null, Context);
            return new PasskeyQuestion(
                JsonNode.Parse(request.RequestOptionsJson)!, Seal(_states, new Sealed(until, null, null, null, request.AssertionState)));
        }

        if (Unseal(_tickets, ticket) is not { User: { } user, Address: { } address, Name: { } name })
        {
            return null;
        }

        var creation = await handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity { Id = user, Name = address, DisplayName = name.Length > 0 ? name : address }, Context);
        return new PasskeyQuestion(
            JsonNode.Parse(creation.CreationOptionsJson)!, Seal(_states, new Sealed(until, user, null, null, creation.AttestationState)));
    }

    /// <summary>
    /// Adds what the browser made to an account that is saved, and renews the stamp. In the caller's transaction, which has to be there.
    /// </summary>
    public async Task<PasskeyAdded> AddAsync(PortalUser user, PasskeyAnswer answer, string? name, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException(
                "A passkey was changed outside a transaction; its new security stamp must be stored in the same one.");
        }

        if (Read(answer) is not { Challenge: { } state, User: { } asked } || asked != user.Id.ToString())
        {
            return PasskeyAdded.Invalid;
        }

        var made = await handler.PerformAttestationAsync(
            new PasskeyAttestationContext { HttpContext = Context, CredentialJson = answer.Credential!, AttestationState = state });
        if (!made.Succeeded)
        {
            return PasskeyAdded.Invalid;
        }

        await LockAsync(db, user.Id, cancellationToken);
        if ((await users.GetPasskeysAsync(user)).Count >= Most)
        {
            return PasskeyAdded.TooMany;
        }

        made.Passkey.Name = Shortened(name);
        if (!(await users.AddOrUpdatePasskeyAsync(user, made.Passkey)).Succeeded || !(await users.UpdateSecurityStampAsync(user)).Succeeded)
        {
            return PasskeyAdded.Invalid;
        }

        return PasskeyAdded.Done;
    }

    /// <summary>
    /// Whose passkey answered; null for whatever was not asked here, was used before, or belongs to a disabled account. Writes down the
    /// use.
    /// </summary>
    public async Task<PortalUser?> ProveAsync(PasskeyAnswer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Read(answer) is not { Challenge: { } state, User: null })
        {
            return null;
        }

        var shown = await handler.PerformAssertionAsync(
            new PasskeyAssertionContext { HttpContext = Context, CredentialJson = answer.Credential!, AssertionState = state });
        if (!shown.Succeeded || shown.User.LockoutEnd > now)
        {
            return null;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Many authenticators do not count, so the counter alone would let an answer in twice. The lock makes a deletion wait or win.
        var question = SHA256.HashData(Encoding.UTF8.GetBytes(state));
        var isFirst = await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO passkey_use (question_hash, credential_id, used_at)
             SELECT {question}, credential_id, {now} FROM asp_net_user_passkeys
             WHERE credential_id = {shown.Passkey.CredentialId} FOR KEY SHARE
             ON CONFLICT DO NOTHING
             """,
            cancellationToken) == 1;
        if (!isFirst || !(await users.AddOrUpdatePasskeyAsync(shown.User, shown.Passkey)).Succeeded)
        {
            return null;
        }

        await transaction.CommitAsync(cancellationToken);
        return shown.User;
    }

    /// <summary>Holds the account's row until the commit, so that two changes at once cannot both count on the same rest.</summary>
    public static Task LockAsync(PortalDbContext db, Guid user, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT 1 FROM asp_net_users WHERE id = {user} FOR UPDATE", cancellationToken);

    public static string? Shortened(string? name) => name?.Trim() switch
    {
        null or "" => null,
        { Length: > LongestName } longer => UntrustedText.Shorten(longer, LongestName),
        var fits => fits,
    };

    private Sealed? Read(PasskeyAnswer answer) =>
        answer is { Credential.Length: > 0 and <= LongestAnswer, State: { Length: > 0 } state } ? Unseal(_states, state) : null;

    private static string Seal(IDataProtector protector, Sealed content) => protector.Protect(JsonSerializer.Serialize(content));

    private Sealed? Unseal(IDataProtector protector, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Sealed>(protector.Unprotect(text)) is { } content && content.Until > time.GetUtcNow()
                ? content
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private HttpContext Context =>
        accessor.HttpContext ?? throw new InvalidOperationException("There is no HTTP request; call this from a page or endpoint.");

    /// <param name="User">Whose new passkey it is about; null when signing in.</param>
    /// <param name="Challenge">What the framework has to see again: its challenge.</param>
    private sealed record Sealed(DateTimeOffset Until, string? User, string? Address, string? Name, string? Challenge);
}

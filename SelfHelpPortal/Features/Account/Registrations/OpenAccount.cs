using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account.Mails;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Account.Registrations;

internal enum OpeningStep
{
    /// <summary>Unknown or expired, or it leads nowhere any more: the page says the same.</summary>
    InvalidLink,

    /// <summary>Asks for a name and a password.</summary>
    Open,

    /// <summary>There is an account with this address: a button adds the customers to it.</summary>
    Join,

    /// <summary>The link was used: whoever used it signs in.</summary>
    Done,
}

/// <param name="Customers">Who is joined, and as what.</param>
/// <param name="Inviter">The name of the owner who invites.</param>
internal sealed record OpeningView(OpeningStep Step, string Email, IReadOnlyList<JoinedCustomer> Customers, string? Inviter = null)
{
    public static readonly OpeningView Invalid = new(OpeningStep.InvalidLink, "", []);

    public static readonly OpeningView Used = new(OpeningStep.Done, "", []);
}

/// <summary>How the new account will be signed in to: one of the two.</summary>
internal sealed record NewSignIn(string? Password, PasskeyAnswer? Passkey);

/// <param name="Problem">Key of the page's texts.</param>
internal sealed record OpeningResult(OpeningView View, string? Problem = null, bool IsSignedIn = false);

/// <summary>
/// Behind the link of a registration or an invitation: opening it shows whose it is and what it leads to, a button makes it so.
/// </summary>
internal sealed partial class OpenAccount(
    PortalDbContext db,
    UserManager<PortalUser> users,
    PortalSignInManager session,
    PasswordLimiter passwords,
    Passkeys passkeys,
    KnownDevice devices,
    OwnerMails owners,
    MembershipChanges people,
    PublicAddress address,
    ILogger<OpenAccount> log)
{
    public const int LongestName = 200;
    private static readonly TimeSpan WayOut = LinkPurpose.AccessObjection.Lifetime;

    /// <summary>Changes nothing: mail scanners open every link.</summary>
    public async Task<OpeningView> ShowAsync(string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await FindAsync(token, now, cancellationToken)).View;

    /// <summary>Allows the page to ask the browser for a passkey of the account to come.</summary>
    public async Task<string?> PasskeyTicketAsync(string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        await FindAsync(token, now, cancellationToken) is { Registration: { } registration, View.Step: OpeningStep.Open }
            ? passkeys.Ticket(registration.Id, registration.Email, "")
            : null;

    /// <summary>Makes the account, and signs in with it.</summary>
    /// <param name="culture">The language in which the page is read: mails to this person will be in it.</param>
    public async Task<OpeningResult> OpenAsync(
        string token, string name, NewSignIn signIn, string culture, string? network, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var (link, registration, _, view) = await FindAsync(token, now, cancellationToken);
        if (link is null || registration is null || view.Step != OpeningStep.Open)
        {
            return new OpeningResult(view);
        }

        var user = new PortalUser
        {
            // Known before the account is, so that the browser can make a passkey for it.
            Id = registration.Id,
            UserName = registration.Email,
            Email = registration.Email,
            EmailConfirmed = true,
            DisplayName = name,
            Culture = culture,
            CreatedAt = now,
        };
        if (signIn.Passkey is null && await HashAsync(user, signIn.Password ?? "") is { } problem)
        {
            return new OpeningResult(view, problem);
        }

        switch (await CommitAsync(link, registration, user, isNew: true, signIn.Passkey, network, now, cancellationToken))
        {
            case Commit.Late:
                // Somebody was faster with this link, or with another to the same address.
                db.ChangeTracker.Clear();
                return new OpeningResult(await ShowAsync(token, now, cancellationToken));
            case Commit.NoPasskey:
                db.ChangeTracker.Clear();
                return new OpeningResult(view, "PasskeyNotMade");
        }

        await session.SignInAsync(user, signIn.Passkey is null ? SignInStrength.Password : SignInStrength.Passkey, now);
        devices.Remember(user);
        return new OpeningResult(OpeningView.Used, IsSignedIn: true);
    }

    /// <summary>Adds the customers to the account that has the address. It signs nobody in.</summary>
    public async Task<OpeningView> JoinAsync(string token, string? network, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (link, registration, user, view) = await FindAsync(token, now, cancellationToken);
        if (link is null || registration is null || user is null)
        {
            return view;
        }

        // When somebody was faster, the link is used all the same.
        await CommitAsync(link, registration, user, isNew: false, passkey: null, network, now, cancellationToken);
        return OpeningView.Used;
    }

    /// <returns>What stands against the password, or null.</returns>
    private async Task<string?> HashAsync(PortalUser user, string password)
    {
        if (await users.PasswordProblemsAsync(user, password) is [var problem, ..])
        {
            return problem;
        }

        user.PasswordHash = passwords.TryHash(user, password);
        return user.PasswordHash is null ? SetUpAccount.Busy : null;
    }

    private async Task<Commit> CommitAsync(
        FoundLink link, Registration registration, PortalUser user, bool isNew, PasskeyAnswer? passkey, string? network, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await SecretLinks.UseAsync(db, link, now, cancellationToken))
        {
            return Commit.Late;
        }

        if (isNew && !await CreateAsync(user))
        {
            return Commit.Late;
        }

        if (passkey is not null && await passkeys.AddAsync(user, passkey, name: null, cancellationToken) != PasskeyAdded.Done)
        {
            return Commit.NoPasskey;
        }

        var customers = await AcceptMembership.FindAsync(db, registration, user.Id, cancellationToken);
        await db.LockCustomersAsync(customers.Select(c => c.Id), cancellationToken);
        // Again, as of after the wait: two links of one person may be used at once.
        customers = await AcceptMembership.FindAsync(db, registration, user.Id, cancellationToken);
        var actor = new Actor(ActorKind.Customer, user.Id, user.DisplayName, network);
        foreach (var customer in customers)
        {
            if (customer.License is { } license)
            {
                await db.AddKeyAsync(customer.Id, license.Id, license.Number, user.Id, actor, now, cancellationToken);
                await TellAsync(registration, customer.Id, license, now, cancellationToken);
            }
            else
            {
                await people.SetAsync(db, customer.Id, user.Id, customer.Role, actor, now, cancellationToken);
            }
        }

        await MailAddressStanding.LiftAsync(db, registration.Email, cancellationToken);
        db.Attach(registration);
        (registration.UsedAt, registration.UserId) = (now, user.Id);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Joined(log, user.Id, customers.Count);
        return Commit.Done;
    }

    /// <returns>False when the address has an account by now.</returns>
    private async Task<bool> CreateAsync(PortalUser user)
    {
        try
        {
            var created = await users.CreateAsync(user);
            return created.Succeeded
                ? true
                : created.Errors.Any(e => e.Code is nameof(IdentityErrorDescriber.DuplicateEmail)
                    or nameof(IdentityErrorDescriber.DuplicateUserName))
                        ? false
                        : throw new InvalidOperationException($"The account was refused: {created.Errors.First().Code}.");
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }

    /// <summary>
    /// The address on file and the owners read that a key opened an account, with the way to agree and the way to end it. Who it is stands
    /// behind the link: a name that a stranger typed does not stand in a mail.
    /// </summary>
    private async Task TellAsync(
        Registration registration, Guid customer, JoinedLicense license, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var owner = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customer, cancellationToken);
        var token = SecretLinks.Issue(db, LinkPurpose.AccessObjection, registration.Id, now);
        await owners.EnqueueAsync(
            db,
            owner.Id,
            new AccountOpenedMail(new MailRecipient(owner.Email, owner.Company, owner.Language))
            {
                CustomerId = owner.Id,
                RegistrationId = registration.Id,
                Company = owner.Company,
                LicenseNumber = license.Number,
                OpenedAt = now,
                Link = new OneTimeLink(address.For($"/account/access/{token}"), now + WayOut),
            },
            everyOwner => true,
            now,
            cancellationToken);
    }

    private async Task<(FoundLink? Link, Registration? Registration, PortalUser? User, OpeningView View)> FindAsync(
        string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var link = await SecretLinks.FindAsync(db, LinkPurpose.Registration, token, now, cancellationToken)
            ?? await SecretLinks.FindAsync(db, LinkPurpose.Invitation, token, now, cancellationToken);
        if (link is { State: LinkState.Used })
        {
            return (null, null, null, OpeningView.Used);
        }

        if (link is not { State: LinkState.Valid }
            || await db.Set<Registration>().AsNoTracking()
            .SingleOrDefaultAsync(r => r.Id == link.RecordId, cancellationToken) is not { } registration)
        {
            return (null, null, null, OpeningView.Invalid);
        }

        var user = await db.FindUserAsync(registration.Email, cancellationToken);
        if (user is not null && (user.LockoutEnd > now || await db.IsStaffAsync(user.Id, cancellationToken)))
        {
            return (null, null, null, OpeningView.Invalid);
        }

        var customers = await AcceptMembership.FindAsync(db, registration, user?.Id, cancellationToken);
        if (customers.Count == 0)
        {
            return (null, null, null, OpeningView.Invalid);
        }

        var inviter = await db.Users.Where(u => u.Id == registration.InvitedBy).Select(u => u.DisplayName)
            .SingleOrDefaultAsync(cancellationToken);
        return (link, registration, user,
            new OpeningView(user is null ? OpeningStep.Open : OpeningStep.Join, registration.Email, customers, inviter));
    }

    private enum Commit
    {
        Done,
        Late,
        NoPasskey,
    }

    [LoggerMessage(1103, LogLevel.Information, "Account {User} joined {Count} customers by a link")]
    private static partial void Joined(ILogger log, Guid user, int count);
}

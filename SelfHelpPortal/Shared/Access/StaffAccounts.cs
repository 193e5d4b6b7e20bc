using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Shared.Access;

/// <summary>A staff account as somebody asks for it.</summary>
/// <param name="PasswordHash">Null: the owner of the link chooses the password.</param>
internal sealed record NewStaffAccount(string Email, string DisplayName, string Role, string? PasswordHash = null);

internal enum StaffAccountRefusal
{
    /// <summary>Not an address that can be written to.</summary>
    Address,

    /// <summary>The name is missing or too long.</summary>
    Name,

    /// <summary>There is no such role.</summary>
    Role,

    /// <summary>There is an account with this address, of staff or of a customer.</summary>
    AddressTaken,

    /// <summary>There is no such account, or it is not one of staff.</summary>
    NotStaff,

    /// <summary>Nobody disables himself or gives himself another role.</summary>
    OwnAccount,

    /// <summary>Without this account nobody could administer the portal.</summary>
    LastAdministrator,

    /// <summary>The set-up is finished, or the account is disabled: a link would lead nowhere.</summary>
    NeedsNoLink,
}

/// <param name="Link">One-time, absolute, for 24 hours; null when refused.</param>
internal readonly record struct StaffAccountResult(PortalUser? User, OneTimeLink? Link, StaffAccountRefusal? Refused);

/// <summary>
/// Makes, resets and disables staff accounts, for the page of administrators and for the command line alike. There is no other way to one:
/// no seeded account, no default password. Everything here happens in the caller's transaction, and is noted in the audit log.
/// </summary>
/// <remarks>
/// <c>by</c> is the account that acts, or <see cref="AuditLog.CommandLine"/>. A link that an administrator brings about is mailed to its
/// owner, so that nobody else has it; only the command line gets it, because there may be nobody yet who could be written to.
/// </remarks>
internal sealed class StaffAccounts(PublicAddress address, Outbox outbox)
{
    public const int LongestName = 200;

    /// <summary>
    /// Whoever changes staff accounts waits for whoever does: which administrator is the last one depends on all of them.
    /// </summary>
    public static Task HoldAsync(PortalDbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended('staff accounts', 0))", cancellationToken);

    public async Task<StaffAccountResult> CreateAsync(
        PortalDbContext db, NewStaffAccount wanted, Guid by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await HoldAsync(db, cancellationToken);
        if (MailAddresses.Normalize(wanted.Email) is not { } email)
        {
            return Refuse(StaffAccountRefusal.Address);
        }

        var name = wanted.DisplayName.Trim();
        if (name.Length is 0 or > LongestName)
        {
            return Refuse(StaffAccountRefusal.Name);
        }

        if (!StaffRoles.All.Contains(wanted.Role))
        {
            return Refuse(StaffAccountRefusal.Role);
        }

        if (await db.FindUserAsync(email, cancellationToken) is not null)
        {
            return Refuse(StaffAccountRefusal.AddressTaken);
        }

        var user = new PortalUser
        {
            Id = Guid.CreateVersion7(now),
            UserName = email,
            NormalizedUserName = AccountLookUp.Normalize(email),
            Email = email,
            NormalizedEmail = AccountLookUp.Normalize(email),
            EmailConfirmed = true,
            DisplayName = name,
            PasswordHash = wanted.PasswordHash,
            SecurityStamp = NewStamp(),
            LockoutEnabled = true,
            CreatedAt = now,
        };
        // Until the owner reads the pages in another language, the colleague's is the best guess.
        user.Culture = await db.Users.Where(u => u.Id == by).Select(u => u.Culture).SingleOrDefaultAsync(cancellationToken) ?? user.Culture;
        db.Add(user);
        await SetRoleAsync(db, user, wanted.Role, now, cancellationToken);
        var link = Link(db, user, now);
        await NoteAsync(db, by, AuditKind.AccountCreated, user, wanted.Role, now, cancellationToken);
        return new StaffAccountResult(user, link, null);
    }

    /// <summary>Makes the account and writes to its owner.</summary>
    public async Task<StaffAccountRefusal?> InviteAsync(
        PortalDbContext db, NewStaffAccount wanted, Guid by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var made = await CreateAsync(db, wanted, by, now, cancellationToken);
        await MailAsync(db, made, isReset: false, now, cancellationToken);
        return made.Refused;
    }

    /// <summary>Writes again to whoever has not finished; the link before it ends.</summary>
    public async Task<StaffAccountRefusal?> InviteAgainAsync(
        PortalDbContext db, Guid person, Guid by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (user, known, _) = await FindAsync(db, person, now, cancellationToken);
        if (user is null || known is null)
        {
            return StaffAccountRefusal.NotStaff;
        }

        if (known.State is not (StaffState.Invited or StaffState.WithoutFactor))
        {
            return StaffAccountRefusal.NeedsNoLink;
        }

        await SecretLinks.ExpireAsync(db, LinkPurpose.StaffAccount, user.Id, now, cancellationToken);
        await MailAsync(db, new StaffAccountResult(user, Link(db, user, now), null), isReset: false, now, cancellationToken);
        await NoteAsync(db, by, AuditKind.InvitationSent, user, null, now, cancellationToken);
        return null;
    }

    /// <summary>
    /// For who never finished, or lost telephone and codes: password, second factor and passkeys go, all sign-ins end, and a new link
    /// begins again.
    /// </summary>
    /// <param name="why">For the audit log.</param>
    public async Task<StaffAccountResult> ResetAsync(
        PortalDbContext db, Guid person, Guid by, string? why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (user, known, _) = await FindAsync(db, person, now, cancellationToken);
        if (user is null || known is null)
        {
            return Refuse(StaffAccountRefusal.NotStaff);
        }

        if (by == user.Id)
        {
            return Refuse(StaffAccountRefusal.OwnAccount);
        }

        (user.PasswordHash, user.TwoFactorEnabled) = (null, false);
        await db.UserPasskeys.Where(p => p.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        // The seed of the app and the recovery codes.
        await db.UserTokens.Where(t => t.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        await SecretLinks.ExpireAsync(db, LinkPurpose.StaffAccount, user.Id, now, cancellationToken);
        await EndSignInsAsync(db, user, now, cancellationToken);
        var link = Link(db, user, now);
        var notice = new SecurityNoticeMail(To(user))
        {
            ChangeId = Guid.CreateVersion7(now),
            What = SecurityChange.Reset,
            ChangedAt = now,
        };
        await outbox.EnqueueAsync(db, notice, now, cancellationToken);
        await NoteAsync(db, by, AuditKind.AccountReset, user, why, now, cancellationToken);
        return new StaffAccountResult(user, link, null);
    }

    /// <summary>The same, and the owner gets the link.</summary>
    public async Task<StaffAccountRefusal?> ResetByMailAsync(
        PortalDbContext db, Guid person, Guid by, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var reset = await ResetAsync(db, person, by, why, now, cancellationToken);
        await MailAsync(db, reset, isReset: true, now, cancellationToken);
        return reset.Refused;
    }

    /// <summary>The role of a staff account becomes another one. Its sign-ins end, since they say what the old one allowed.</summary>
    public static async Task<StaffAccountRefusal?> ChangeRoleAsync(
        PortalDbContext db, Guid person, string role, Guid by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!StaffRoles.All.Contains(role))
        {
            return StaffAccountRefusal.Role;
        }

        var (user, known, people) = await FindAsync(db, person, now, cancellationToken);
        if (user is null || known is null)
        {
            return StaffAccountRefusal.NotStaff;
        }

        if (by == user.Id)
        {
            return StaffAccountRefusal.OwnAccount;
        }

        if (role != StaffRoles.Administrator && IsLastAdministrator(known, people))
        {
            return StaffAccountRefusal.LastAdministrator;
        }

        await db.UserRoles.Where(r => r.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        await SetRoleAsync(db, user, role, now, cancellationToken);
        await EndSignInsAsync(db, user, now, cancellationToken);
        await NoteAsync(
            db, by, AuditKind.RoleChanged, user, $"{string.Join(", ", known.Roles)} → {role}", now, cancellationToken);
        return null;
    }

    /// <summary>Ends every sign-in of the account and refuses new ones, or allows them again.</summary>
    public static async Task<StaffAccountRefusal?> SetDisabledAsync(
        PortalDbContext db, Guid person, bool disabled, Guid by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (user, known, people) = await FindAsync(db, person, now, cancellationToken);
        if (user is null || known is null)
        {
            return StaffAccountRefusal.NotStaff;
        }

        if (disabled && by == user.Id)
        {
            return StaffAccountRefusal.OwnAccount;
        }

        if (disabled && IsLastAdministrator(known, people))
        {
            return StaffAccountRefusal.LastAdministrator;
        }

        user.LockoutEnd = disabled ? DateTimeOffset.MaxValue : null;
        await EndSignInsAsync(db, user, now, cancellationToken);
        await NoteAsync(
            db, by, disabled ? AuditKind.AccountDisabled : AuditKind.AccountEnabled, user, null, now, cancellationToken);
        return null;
    }

    /// <summary>Notes what somebody did about a staff account.</summary>
    public static Task NoteAsync(
        PortalDbContext db, Guid by, AuditKind kind, PortalUser user, string? text, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        AuditLog.AppendAsync(db, by, kind, user.Id.ToString(), text, now, cancellationToken);

    /// <summary>The account, locked until the commit, with all people of staff; nulls when it is not one of staff.</summary>
    public static async Task<(PortalUser? User, StaffPerson? Known, IReadOnlyList<StaffPerson> People)> FindAsync(
        PortalDbContext db, Guid person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await HoldAsync(db, cancellationToken);
        var rows = await db.Users.FromSql($"SELECT * FROM asp_net_users WHERE id = {person} FOR UPDATE").ToListAsync(cancellationToken);
        var people = await StaffPeople.ListAsync(db, now, cancellationToken);
        return people.SingleOrDefault(p => p.Id == person) is { } known ? (rows.Single(), known, people) : (null, null, people);
    }

    private static bool IsLastAdministrator(StaffPerson person, IReadOnlyList<StaffPerson> people) =>
        person.IsActiveAdministrator && people.OtherAdministrators(person.Id) == 0;

    private static async Task SetRoleAsync(
        PortalDbContext db, PortalUser user, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var normalized = AccountLookUp.Normalize(name);
        var role = await db.Roles.SingleOrDefaultAsync(r => r.NormalizedName == normalized, cancellationToken);
        if (role is null)
        {
            role = new IdentityRole<Guid>(name) { Id = Guid.CreateVersion7(now), NormalizedName = normalized };
            db.Add(role);
        }

        db.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id });
    }

    /// <summary>By the stamp, which cookies and circuits compare with theirs, and by the list of sign-ins.</summary>
    private static Task EndSignInsAsync(PortalDbContext db, PortalUser user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The second one is for whoever of this account's owner is saving the row as it was before.
        (user.SecurityStamp, user.ConcurrencyStamp) = (NewStamp(), Guid.NewGuid().ToString());
        return db.Set<UserSession>().Where(s => s.UserId == user.Id && s.EndedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(one => one.EndedAt, now), cancellationToken);
    }

    /// <summary>Puts the link into a mail to the account's owner, unless there is none because it was refused.</summary>
    private async Task MailAsync(
        PortalDbContext db, StaffAccountResult made, bool isReset, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (made is { User: { } user, Link: { } link })
        {
            var mail = new StaffInvitationMail(To(user)) { InvitationId = Guid.CreateVersion7(now), IsReset = isReset, Link = link };
            await outbox.EnqueueAsync(db, mail, now, cancellationToken);
        }
    }

    private OneTimeLink Link(PortalDbContext db, PortalUser user, DateTimeOffset now) => new(
        address.For($"/account/set-up/{SecretLinks.Issue(db, LinkPurpose.StaffAccount, user.Id, now)}"),
        now + LinkPurpose.StaffAccount.Lifetime);

    private static MailRecipient To(PortalUser user) => new(user.Email!, user.DisplayName, user.Culture);

    private static string NewStamp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(20));

    private static StaffAccountResult Refuse(StaffAccountRefusal refusal) => new(null, null, refusal);
}

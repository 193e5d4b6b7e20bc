using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Shared.Access;

internal enum StaffState
{
    /// <summary>Can sign in to the staff area.</summary>
    Active,
    Disabled,

    /// <summary>Has a link and has not begun with it, or was reset.</summary>
    Invited,

    /// <summary>Has a password, which alone opens nothing.</summary>
    WithoutFactor,
}

/// <summary>Somebody of staff.</summary>
internal sealed record StaffPerson(
    Guid Id, string Name, string Email, IReadOnlyList<string> Roles, bool HasPassword, bool HasSecondFactor, bool IsDisabled)
{
    public StaffState State => IsDisabled ? StaffState.Disabled
        : HasSecondFactor ? StaffState.Active
        : HasPassword ? StaffState.WithoutFactor
        : StaffState.Invited;

    public bool IsActiveAdministrator => State == StaffState.Active && Roles.Contains(StaffRoles.Administrator);
}

internal static class StaffPeople
{
    /// <returns>Everybody with a role of staff, by name.</returns>
    public static async Task<IReadOnlyList<StaffPerson>> ListAsync(
        PortalDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await (
            from u in db.Users
            join held in db.UserRoles on u.Id equals held.UserId
            join role in db.Roles on held.RoleId equals role.Id
            where StaffRoles.All.Contains(role.Name!)
            orderby u.DisplayName, u.Id
            select new
            {
                u.Id,
                u.DisplayName,
                u.Email,
                Role = role.Name!,
                HasPassword = u.PasswordHash != null,
                HasFactor = u.TwoFactorEnabled || db.UserPasskeys.Any(p => p.UserId == u.Id),
                IsDisabled = u.LockoutEnd > now,
            }).ToListAsync(cancellationToken);
        return
        [
            .. from row in rows
               group row by (row.Id, row.DisplayName, row.Email, row.HasPassword, row.HasFactor, row.IsDisabled) into person
               select new StaffPerson(
                   person.Key.Id, person.Key.DisplayName, person.Key.Email!, [.. person.Select(r => r.Role)], person.Key.HasPassword,
                   person.Key.HasFactor, person.Key.IsDisabled),
        ];
    }

    /// <returns>How many administrators can sign in besides this person.</returns>
    public static int OtherAdministrators(this IReadOnlyList<StaffPerson> people, Guid person) =>
        people.Count(p => p.Id != person && p.IsActiveAdministrator);

    /// <summary>
    /// Whether two administrators can reset the account between them, neither of them its owner. Where there are too few, the operator
    /// does it from the command line.
    /// </summary>
    public static bool CanReset(this IReadOnlyList<StaffPerson> people, Guid person) => people.OtherAdministrators(person) >= 2;
}

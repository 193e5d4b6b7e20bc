using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Features.Portal.People;

/// <summary>Who belongs to the customer, and as what; owners change it, and everybody can leave.</summary>
public sealed partial class PeoplePage
{
    private static readonly string[] DoneOutcomes = ["invited", "withdrawn", "role-changed", "removed", "left"];

    [Inject]
    private ShowPeople Show { get; set; } = default!;

    [Inject]
    private InvitePerson Invite { get; set; } = default!;

    [Inject]
    private WithdrawInvitation Withdraw { get; set; } = default!;

    [Inject]
    private ChangeRole Change { get; set; } = default!;

    [Inject]
    private RemovePerson Remove { get; set; } = default!;

    [Inject]
    private LeaveCustomer Leave { get; set; } = default!;

    [SupplyParameterFromForm]
    private string? Act { get; set; }

    [SupplyParameterFromForm]
    private string? Customer { get; set; }

    /// <summary>A person or an invitation.</summary>
    [SupplyParameterFromForm]
    private string? Who { get; set; }

    [SupplyParameterFromForm]
    private string? Email { get; set; }

    [SupplyParameterFromForm]
    private string? Role { get; set; }

    [SupplyParameterFromQuery(Name = "done")]
    public string? Done { get; set; }

    private IReadOnlyList<PeopleView> View { get; set; } = [];

    private string? Outcome { get; set; }

    private string? DoneWords => Array.IndexOf(DoneOutcomes, Outcome) >= 0 ? "Done." + Outcome : null;

    private IReadOnlyList<Choice> RoleOptions =>
    [
        new(nameof(CustomerRole.Member), T["Role.Member"], T["MemberHint"]),
        new(nameof(CustomerRole.Owner), T["Role.Owner"], T["OwnerHint"]),
    ];

    protected override async Task OpenAsync()
    {
        Outcome = DoneOutcomes.Contains(Done) ? Done : "people";
        if (Expired is { } typed)
        {
            (Act, Customer, Email, Role) = (typed[nameof(Act)], typed[nameof(Customer)], typed[nameof(Email)], typed[nameof(Role)]);
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }

        await LoadAsync();
    }

    protected override async Task ActAsync()
    {
        Outcome = "people";
        if (!Guid.TryParse(Customer, out var customer) || await DoAsync(customer) is not { } answer)
        {
            if (!Errors.Any)
            {
                Stop(CustomerRefusal.Conflict);
            }

            await LoadAsync();
            return;
        }

        switch (answer)
        {
            case { Refused: { } refused }:
                Outcome = "refused";
                Stop(refused);
                break;
            case { Stopped: MembershipError.LastOwner }:
                Outcome = "last-owner";
                Stopped = T["LastOwner"];
                HttpContext.Unprocessable();
                break;
            case { Stopped: MembershipError.Gone }:
                Stop(CustomerRefusal.Conflict);
                break;
            case { Stopped: MembershipError.Belongs }:
                Outcome = "belongs";
                Refuse(T["Belongs"]);
                break;
            case { Stopped: MembershipError.TooManyTries }:
                Outcome = "too-many-tries";
                Stopped = Words["TooManyTries", Times.DayAndTime(answer.RetryAt ?? Time.GetUtcNow()), Vendor.Value.PhoneText()];
                HttpContext.TooManyTries(answer.RetryAt, Time.GetUtcNow());
                break;
            default:
                HttpContext.SeeOther(Navigation, "/my/people?done=" + DoneOf(Act));
                return;
        }

        await LoadAsync();
    }

    /// <summary>Null when the form is none of ours, or something in it cannot be taken.</summary>
    private async Task<PeopleAnswer?> DoAsync(Guid customer)
    {
        var now = Time.GetUtcNow();
        var isKnown = Guid.TryParse(Who, out var who);
        var isRole = Enum.TryParse<CustomerRole>(Role, out var role) && role is CustomerRole.Member or CustomerRole.Owner;
        switch (Act)
        {
            case "invite" when isRole:
                if (MailAddresses.Normalize(Email) is not { } address)
                {
                    Refuse(Words[MailAddresses.WordOfProblem(Email)]);
                    return null;
                }

                var invited = new Invited(address, role, Languages.Current);
                return await Invite.ExecuteAsync(Command, customer, invited, now, Aborted);
            case "withdraw" when isKnown:
                return await Withdraw.ExecuteAsync(Command, customer, who, now, Aborted);
            case "role" when isKnown && isRole:
                return await Change.ExecuteAsync(Command, customer, who, role, now, Aborted);
            case "remove" when isKnown:
                return await Remove.ExecuteAsync(Command, customer, who, now, Aborted);
            case "leave":
                return await Leave.ExecuteAsync(Command, customer, now, Aborted);
            default:
                return null;
        }
    }

    private async Task LoadAsync() => View = await Show.ExecuteAsync(Actor, Time.GetUtcNow(), Aborted);

    private void Refuse(string words) => Refuse($"Email-{Customer}", words);

    private static string DoneOf(string? act) => act switch
    {
        "invite" => "invited",
        "withdraw" => "withdrawn",
        "role" => "role-changed",
        "remove" => "removed",
        _ => "left",
    };

    private static string NewRoleOf(PersonView person) => person.Role switch
    {
        CustomerRole.KeyHolder => "Agree",
        CustomerRole.Owner => "MakeMember",
        _ => "MakeOwner",
    };

    private bool IsTyped(PeopleView customer) => Act == "invite" && Customer == customer.Customer.ToString();

    private static string FieldOf(string name, PeopleView customer) => $"{name}-{customer.Customer}";

    /// <summary>What every form on the page carries; each is a command of its own.</summary>
    private static RenderFragment Hidden(PeopleView customer, Guid? who, string act) => builder =>
    {
        builder.OpenComponent<AntiforgeryToken>(0);
        builder.CloseComponent();
        (string Name, string? Value)[] fields =
        [
            ("_handler", FormName), ("CommandId", Guid.CreateVersion7().ToString()), ("Customer", customer.Customer.ToString()),
                ("Who", who?.ToString()), ("Act", act),
        ];
        foreach (var (name, value) in fields.Where(f => f.Value is not null))
        {
            builder.OpenElement(1, "input");
            builder.AddAttribute(2, "type", "hidden");
            builder.AddAttribute(3, "name", name);
            builder.AddAttribute(4, "value", value);
            builder.CloseElement();
        }
    };
}

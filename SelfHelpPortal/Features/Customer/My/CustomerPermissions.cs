using System.Collections.Frozen;
using SelfHelpPortal.Account;
using SelfHelpPortal.Features.Customer.My.Data;
using SelfHelpPortal.Features.Customer.My.Details;
using SelfHelpPortal.Features.Customer.My.Invoices;
using SelfHelpPortal.Features.Customer.My.Licenses;
using SelfHelpPortal.Features.Customer.My.People;
using SelfHelpPortal.Features.Customer.My.Renew;
using SelfHelpPortal.Features.Customer.My.Settings;
using SelfHelpPortal.Features.Customer.My.Transfers;
using SelfHelpPortal.Features.Customer.RequestTransfer;

namespace SelfHelpPortal.Features.Customer.My;

/// <summary>The one table of who may do what under <c>/my</c>: each use case and the role it takes. A use case without a line fails a test.</summary>
internal static class CustomerPermissions
{
    private static readonly FrozenDictionary<Type, CustomerRole> Roles = new Dictionary<Type, CustomerRole>
    {
        [typeof(ShowCustomerErasure)] = CustomerRole.Owner,
        [typeof(EraseCustomer)] = CustomerRole.Owner,
        [typeof(ShowMyLicenses)] = CustomerRole.KeyHolder,
        [typeof(ShowRenewal)] = CustomerRole.Owner,
        [typeof(RenewSubscription)] = CustomerRole.Owner,
        [typeof(ShowRenewed)] = CustomerRole.Owner,
        [typeof(ShowMyLicense)] = CustomerRole.KeyHolder,
        [typeof(ReadMyLicenseFile)] = CustomerRole.Member,
        [typeof(NameComputer)] = CustomerRole.Member,
        [typeof(ReleaseComputer)] = CustomerRole.KeyHolder,
        [typeof(OpenMyRelease)] = CustomerRole.KeyHolder,
        [typeof(BeginMyTransfer)] = CustomerRole.KeyHolder,
        [typeof(OpenMyCase)] = CustomerRole.Owner,
        [typeof(OrderTransfer)] = CustomerRole.Owner,
        [typeof(ConfirmTransfer)] = CustomerRole.Owner,
        [typeof(ShowMyTransfers)] = CustomerRole.Member,
        [typeof(ShowMyTransfer)] = CustomerRole.Member,
        [typeof(AnswerMyTransfer)] = CustomerRole.Owner,
        [typeof(WithdrawMyTransfer)] = CustomerRole.Owner,
        [typeof(ConfirmMyTransfer)] = CustomerRole.Owner,
        [typeof(ShowMyInvoices)] = CustomerRole.Owner,
        [typeof(ReadMyInvoice)] = CustomerRole.Owner,
        [typeof(ShowPeople)] = CustomerRole.KeyHolder,
        [typeof(InvitePerson)] = CustomerRole.Owner,
        [typeof(WithdrawInvitation)] = CustomerRole.Owner,
        [typeof(ChangeRole)] = CustomerRole.Owner,
        [typeof(RemovePerson)] = CustomerRole.Owner,
        [typeof(LeaveCustomer)] = CustomerRole.KeyHolder,
        [typeof(SaveMyDetails)] = CustomerRole.Owner,
        [typeof(SaveMySettings)] = CustomerRole.Owner,
    }.ToFrozenDictionary();

    /// <summary>What everybody who is signed in may do with the own account, member of a customer or not.</summary>
    private static readonly FrozenSet<Type> OwnAccount = new[]
    {
        typeof(ShowData), typeof(AskForData), typeof(OpenData), typeof(ShowAccountErasure), typeof(EraseAccount),
    }.ToFrozenSet();

    public static CustomerRole Of(Type useCase) =>
        Roles.TryGetValue(useCase, out var role) ? role : throw new InvalidOperationException($"{useCase.Name} has no line in the table of permissions.");

    public static bool IsOwnAccount(Type useCase) => OwnAccount.Contains(useCase);

    public static bool Knows(Type useCase) => Roles.ContainsKey(useCase) || IsOwnAccount(useCase);
}

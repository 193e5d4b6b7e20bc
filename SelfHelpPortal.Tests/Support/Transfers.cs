using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Transfer requests for tests of the rules, each on the way that leads to its state.</summary>
internal static class Transfers
{
    public static readonly TransferContact Contact = new()
    {
        Company = "Muster Gastro GmbH",
        Name = "Einkauf",
        Email = "kasse@muster-gastro.example",
        Street = "Musterstraße 1",
        PostalCode = "12345",
        City = "Musterstadt",
        Country = "DE",
    };

    public static TransferOrder Order(bool identified = true) => new()
    {
        Remedy = TransferRemedy.Fee,
        Items =
        [
            identified
                ? new OrderedItem(A.Hardware("KASSE-NEU"), "KASSE-NEU", "1.0", null, Guid.NewGuid(), Guid.NewGuid(),
                    TransferIdentification.Elimination)
                : new OrderedItem(A.Hardware("KASSE-NEU"), null, null, "L-9999", null, null, TransferIdentification.None),
        ],
        WorkingPcs = [new OrderedPc("Kasse 1", A.Hardware("KASSE-1"))],
        Contact = Contact,
        Price = new ShownPrice
        {
            EntryId = Guid.NewGuid(),
            UnitNetCents = 70_00,
            VatCase = VatCase.Domestic,
            VatRate = 19,
            GrossCents = 83_30,
            ShownAt = A.Morning
        },
        Language = "de",
        CustomerId = identified ? Guid.NewGuid() : null,
    };

    public static TransferRequest In(TransferState state)
    {
        var now = A.Morning;
        var request = new TransferRequest { CreatedAt = now };
        if (state is TransferState.Draft)
        {
            return request;
        }

        request.Order(Order(), RequestReference.New(), A.ProductId, null, now).ShouldSucceed();
        if (state is TransferState.Expired)
        {
            request.Expire(now.AddDays(14)).ShouldSucceed();
        }

        if (state is TransferState.AwaitingConfirmation or TransferState.Expired)
        {
            return request;
        }

        request.Confirm(now).ShouldSucceed();
        switch (state)
        {
            case TransferState.InReview:
                request.Review([ReviewReason.Policy], now).ShouldSucceed();
                break;
            case TransferState.NeedsAnswer:
                request.Review([ReviewReason.Policy], now).ShouldSucceed();
                request.Ask("?", now).ShouldSucceed();
                break;
            case TransferState.Accepted:
                request.Accept(now).ShouldSucceed();
                break;
            case TransferState.Completed:
                request.Accept(now).ShouldSucceed();
                request.Complete(now).ShouldSucceed();
                break;
            case TransferState.Declined:
                request.Decline("No", now).ShouldSucceed();
                break;
            case TransferState.Withdrawn:
                request.Withdraw(now).ShouldSucceed();
                break;
        }

        return request;
    }
}

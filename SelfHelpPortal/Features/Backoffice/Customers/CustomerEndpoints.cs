using Microsoft.AspNetCore.Mvc;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Backoffice.Customers;

/// <summary><c>POST /api/v1/backoffice/customers</c> and <c>GET /api/v1/backoffice/customers/{number}</c></summary>
internal static class CustomerEndpoints
{
    public static void MapCustomers(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/customers", PostAsync)
            .WithName("createCustomer")
            .WithTags(ApiDocument.Backoffice)
            .WithSummary("Enters a customer")
            .WithDescription("With an Idempotency-Key the same request may be sent again and makes one customer.")
            .Produces<CustomerReply>(StatusCodes.Status201Created)
            .RequiresScope(ApiScopes.WriteCustomers)
            .ProducesRefusals(BackofficeRefusal.NumberTaken, BackofficeRefusal.Mismatch)
            .WithExamples(
                ApiExample.From(BackofficeExamples.NewCustomer, BackofficeJson.Default.CreateCustomerBody),
                ApiExample.From(BackofficeExamples.Customer, BackofficeJson.Default.CustomerReply));
        endpoints.MapGet("/customers/{number}", GetAsync)
            .WithName("readCustomer")
            .WithTags(ApiDocument.Backoffice)
            .WithSummary("Shows a customer")
            .WithDescription("The audit log tells of it.")
            .Produces<CustomerReply>()
            .RequiresScope(ApiScopes.ReadCustomers)
            .ProducesRefusals(BackofficeRefusal.UnknownCustomer)
            .WithReplyExample(ApiExample.From(BackofficeExamples.Customer, BackofficeJson.Default.CustomerReply));
    }

    private static async Task<IResult> PostAsync(
        CreateCustomerBody body,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        HttpContext context,
        CreateCustomer create,
        BackofficeProblems problems,
        TimeProvider time)
    {
        if (problems.Unreadable(body.Read(out var customer), idempotencyKey) is { } unreadable)
        {
            return unreadable;
        }

        var answer = await create.ExecuteAsync(
            TokenCaller.From(context), new Once(idempotencyKey), customer!, time.GetUtcNow(), context.RequestAborted);
        return problems.Created(context, answer, made => $"/customers/{made.Number}", BackofficeJson.Default.CustomerReply);
    }

    private static async Task<IResult> GetAsync(
        string number, HttpContext context, ReadCustomer read, BackofficeProblems problems, TimeProvider time) =>
        problems.Answer(
            context, await read.ExecuteAsync(TokenCaller.From(context), number, time.GetUtcNow(), context.RequestAborted),
            BackofficeJson.Default.CustomerReply);
}

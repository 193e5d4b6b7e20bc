using Microsoft.AspNetCore.Mvc;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Backoffice.Licenses;

/// <summary><c>/api/v1/backoffice/licenses</c></summary>
internal static class LicenseEndpoints
{
    private const string MayBeRepeated = "With an Idempotency-Key the same request may be sent again and is carried out once.";

    public static void MapLicenses(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/licenses", PostAsync)
            .WithName("createLicense")
            .WithTags(ApiDocument.Backoffice)
            .WithSummary("Enters a license that was sold; the key is in this answer and nowhere else")
            .WithDescription(MayBeRepeated)
            .Produces<LicenseReply>(StatusCodes.Status201Created)
            .RequiresScope(ApiScopes.WriteLicenses)
            .ProducesRefusals(
                BackofficeRefusal.UnknownCustomer, BackofficeRefusal.UnknownProduct, BackofficeRefusal.NumberTaken,
                BackofficeRefusal.KeyTaken, BackofficeRefusal.InvalidKey, BackofficeRefusal.Mismatch)
            .WithExamples(
                ApiExample.From(BackofficeExamples.NewLicense, BackofficeJson.Default.CreateLicenseBody),
                ApiExample.From(BackofficeExamples.CreatedLicense, BackofficeJson.Default.LicenseReply));
        endpoints.MapGet("/licenses/{number}", GetAsync)
            .WithName("readLicense")
            .WithTags(ApiDocument.Backoffice)
            .WithSummary("Shows a license")
            .Produces<LicenseReply>()
            .RequiresScope(ApiScopes.ReadLicenses)
            .ProducesRefusals(BackofficeRefusal.UnknownLicense)
            .WithReplyExample(ApiExample.From(BackofficeExamples.License, BackofficeJson.Default.LicenseReply));
        endpoints.MapPost("/licenses/{number}/renew", RenewAsync)
            .WithName("renewLicense")
            .WithSummary("Extends maintenance to a day; the invoice is yours")
            .IsAct(BackofficeRefusal.NotLater, BackofficeRefusal.Revoked)
            .WithExamples(
                ApiExample.From(BackofficeExamples.Renew, BackofficeJson.Default.RenewBody),
                ApiExample.From(BackofficeExamples.License, BackofficeJson.Default.LicenseReply));
        endpoints.MapPost("/licenses/{number}/suspend", SuspendAsync)
            .WithName("suspendLicense")
            .WithSummary("Stops a license until it is resumed; its owner gets a mail")
            .IsAct(BackofficeRefusal.Conflict)
            .WithExamples(
                ApiExample.From(BackofficeExamples.Reason, BackofficeJson.Default.ReasonBody),
                ApiExample.From(BackofficeExamples.License with { State = "suspended" }, BackofficeJson.Default.LicenseReply));
        endpoints.MapPost("/licenses/{number}/resume", ResumeAsync)
            .WithName("resumeLicense")
            .WithSummary("Ends a suspension; a license with an open flag is locked again")
            .IsAct(BackofficeRefusal.Conflict)
            .WithExamples(
                ApiExample.From(BackofficeExamples.Reason, BackofficeJson.Default.ReasonBody),
                ApiExample.From(BackofficeExamples.License, BackofficeJson.Default.LicenseReply));
    }

    private static RouteHandlerBuilder IsAct(this RouteHandlerBuilder endpoint, params BackofficeRefusal[] refusals) => endpoint
        .WithTags(ApiDocument.Backoffice)
        .WithDescription(MayBeRepeated)
        .Produces<LicenseReply>()
        .RequiresScope(ApiScopes.WriteLicenses)
        .ProducesRefusals([BackofficeRefusal.UnknownLicense, BackofficeRefusal.Mismatch, .. refusals]);

    private static async Task<IResult> PostAsync(
        CreateLicenseBody body,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        HttpContext context,
        CreateLicense create,
        BackofficeProblems problems,
        TimeProvider time)
    {
        if (problems.Unreadable(body.Read(out var serial), idempotencyKey) is { } unreadable)
        {
            return unreadable;
        }

        var answer = await create.ExecuteAsync(
            TokenCaller.From(context), new Once(idempotencyKey), body, serial, time.GetUtcNow(), context.RequestAborted);
        return problems.Created(context, answer, made => $"/licenses/{made.Number}", BackofficeJson.Default.LicenseReply);
    }

    private static async Task<IResult> GetAsync(string number, HttpContext context, ReadLicense read, BackofficeProblems problems) =>
        Answer(context, problems, await read.ExecuteAsync(number, context.RequestAborted));

    private static async Task<IResult> RenewAsync(
        string number, RenewBody body, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, HttpContext context,
        RenewByToken renew, BackofficeProblems problems, TimeProvider time) =>
        problems.Unreadable(body.Read(), idempotencyKey) ?? Answer(context, problems, await renew.ExecuteAsync(
            TokenCaller.From(context), new Once(idempotencyKey), number, body.MaintenanceUntil!.Value, time.GetUtcNow(),
            context.RequestAborted));

    private static async Task<IResult> SuspendAsync(
        string number, ReasonBody body, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, HttpContext context,
        SuspendByToken suspend, BackofficeProblems problems, TimeProvider time) =>
        problems.Unreadable(body.Read(out var reason), idempotencyKey) ?? Answer(context, problems, await suspend.ExecuteAsync(
            TokenCaller.From(context), new Once(idempotencyKey), number, reason, time.GetUtcNow(), context.RequestAborted));

    private static async Task<IResult> ResumeAsync(
        string number, ReasonBody body, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, HttpContext context,
        ResumeByToken resume, BackofficeProblems problems, TimeProvider time) =>
        problems.Unreadable(body.Read(out var reason), idempotencyKey) ?? Answer(context, problems, await resume.ExecuteAsync(
            TokenCaller.From(context), new Once(idempotencyKey), number, reason, time.GetUtcNow(), context.RequestAborted));

    private static IResult Answer(HttpContext context, BackofficeProblems problems, BackofficeAnswer<LicenseReply> answer) =>
        problems.Answer(context, answer, BackofficeJson.Default.LicenseReply);
}

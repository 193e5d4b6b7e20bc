using System.Security.Claims;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>
/// Downloads are answers of their own, since a circuit hands out no files. The sign-in is asked first, and the database again.
/// </summary>
internal static class InvoiceDownloads
{
    public static void MapInvoiceDownloads(this WebApplication app)
    {
        var invoices = app.MapGroup("/staff/invoices").RequireAuthorization(StaffPolicy.Name).ExcludeFromDescription();
        invoices.MapGet("/{number}/{kind}", DocumentAsync);
        invoices.MapGet("/export", ExportAsync);
    }

    private static async Task<IResult> DocumentAsync(
        string number, string kind, ClaimsPrincipal person, ReadInvoiceDocument read, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (StaffActor.From(person) is not { } actor || KindOf(kind) is not { } document)
        {
            return Results.NotFound();
        }

        var answer = await read.ExecuteAsync(actor, number, document, time.GetUtcNow(), cancellationToken);
        return answer.Value?.AsResult() ?? Refused(answer.Refused);
    }

    private static async Task<IResult> ExportAsync(
        DateOnly from, DateOnly to, HttpContext context, ExportInvoices export, TimeProvider time, CancellationToken cancellationToken)
    {
        if (StaffActor.From(context.User) is not { } actor || from > to)
        {
            return Results.NotFound();
        }

        // In a file first: a failure on the way is then an error page and not half an archive.
        var file = PrivateFile.Temporary();
        try
        {
            if (await export.ExecuteAsync(actor, from, to, () => file, time.GetUtcNow(), cancellationToken) is { } refused)
            {
                await file.DisposeAsync();
                return refused == StaffRefusal.FactorTooOld
                    ? Results.LocalRedirect(ReturnUrl.With(FreshSignIn.Path, $"/staff/invoices?from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}"))
                    : Refused(refused);
            }
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        file.Position = 0;
        return Results.File(file, "application/zip", $"Rechnungen-{from:yyyy-MM-dd}-{to:yyyy-MM-dd}.zip");
    }

    private static InvoiceDocumentKind? KindOf(string kind) => kind switch
    {
        "pdf" => InvoiceDocumentKind.Pdf,
        "xml" => InvoiceDocumentKind.Xml,
        "check" => InvoiceDocumentKind.Check,
        _ => null,
    };

    private static IResult Refused(StaffRefusal? refusal) =>
        refusal is StaffRefusal.SignInEnded or StaffRefusal.NotPermitted ? Results.Forbid() : Results.NotFound();
}

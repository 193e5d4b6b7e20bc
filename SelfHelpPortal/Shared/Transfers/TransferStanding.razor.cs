using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Transfers;

public sealed partial class TransferStanding
{
    /// <summary>The field's id: another form on the page may have a tick of its own.</summary>
    public const string WithdrawTick = ConfirmTick.FieldName + "-withdraw";

    [Parameter, EditorRequired]
    public required StatusView View { get; set; }

    /// <summary>The page's own path; files hang below it.</summary>
    [Parameter, EditorRequired]
    public required string Here { get; set; }

    /// <summary>The reader may answer and withdraw.</summary>
    [Parameter]
    public bool MayAct { get; set; }

    [Parameter]
    public string? BackTo { get; set; }

    /// <summary>What was typed as the answer.</summary>
    [Parameter]
    public string? Answer { get; set; }

    [Parameter]
    public FormErrors Errors { get; set; } = new();

    [Parameter]
    public string? Stopped { get; set; }

    /// <summary>Of the act, where the page has one.</summary>
    [Parameter]
    public Guid? CommandId { get; set; }

    /// <summary>Stands between the state and the rest.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private TransferRequest Request => View.Request;

    private string StateWord => View.Shown switch
    {
        TransferState.Draft => "draft",
        TransferState.AwaitingConfirmation => "awaiting-confirmation",
        TransferState.Submitted => "submitted",
        TransferState.InReview => "in-review",
        TransferState.NeedsAnswer => "needs-answer",
        TransferState.Accepted => "accepted",
        TransferState.Completed => "completed",
        TransferState.Declined => "declined",
        TransferState.Withdrawn => "withdrawn",
        TransferState.Expired => "expired",
    };

    private string StateText => View.IsNeutral ? T["State.Stated"]
        : Request is { FeeWaived: true, State: TransferState.Accepted or TransferState.Completed } ? T[$"State.{Request.State}Free"]
        : T["State." + Request.State];

    private string FileText(TransferFile file) => file.Document is { } document
        ? T[document.Document == InvoiceDocumentKind.Xml ? $"File.{document.Kind}.Xml" : $"File.{document.Kind}", document.Number,
            LocalTimes.Date(document.IssueDate, CultureInfo.CurrentUICulture),
            Amounts.Text(document.Gross, CultureInfo.CurrentUICulture)]
        : T["File.License", file.Name];

    private IReadOnlyList<TimelineEntry> Messages =>
        [.. Request.Messages.Select(m => new TimelineEntry(m.At, T[m.FromCustomer ? "FromYou" : "FromUs"], "", m.Text))];

    /// <summary>The way of an order; one that ended early stops where it ended.</summary>
    private List<(string Name, bool IsDone, bool IsNow)> AllSteps
    {
        get
        {
            string[] names = Request.FeeWaived
                ? ["Received", "InReview", "License", "Done"]
                : ["Received", "InReview", "Invoice", "License", "Done"];
            var reached = View.Shown switch
            {
                TransferState.InReview or TransferState.NeedsAnswer => "InReview",
                TransferState.Accepted => Request.FeeWaived ? "InReview" : "Invoice",
                TransferState.Completed => "Done",
                _ => "Received",
            };
            if (View.Shown is TransferState.Declined or TransferState.Withdrawn or TransferState.Expired)
            {
                return [("Received", true, false), ("Ended", false, true)];
            }

            var now = Array.IndexOf(names, reached);
            return [.. names.Select((name, i) => (name, i < now || reached == "Done", i == now && reached != "Done"))];
        }
    }
}

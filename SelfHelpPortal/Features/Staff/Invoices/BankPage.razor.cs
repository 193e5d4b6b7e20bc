using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Invoices;

public sealed partial class BankPage
{
    private bool _busy;
    private List<BankRow>? _rows;
    private int _recorded;
    private int _skipped;
    private StaffResult _problem = StaffResult.Done;

    [Inject]
    private ReadBankStatement Statements { get; set; } = default!;

    [Inject]
    private RecordPayment Payments { get; set; } = default!;

    private int Chosen => _rows!.Count(r => r.IsChosen && r.MayBeRecorded);

    private async Task ReadAsync(InputFileChangeEventArgs chosen)
    {
        if (_busy)
        {
            return;
        }

        (_problem, Result, _rows) = (StaffResult.Done, null, null);
        if (chosen.File.Size > BankStatement.LargestFile)
        {
            _problem = StaffRefusal.FileTooLarge;
            return;
        }

        _busy = true;
        try
        {
            using var file = new MemoryStream();
            await using (var sent = chosen.File.OpenReadStream(BankStatement.LargestFile, Aborted))
            {
                await sent.CopyToAsync(file, Aborted);
            }

            switch (Take(await Statements.ExecuteAsync(Actor, chosen.File.Name, file, Now, Aborted)))
            {
                case { Unreadable: { } why }:
                    _problem = new(StaffRefusal.FileUnreadable, [why]);
                    break;
                case { Proposal: { } proposal }:
                    _rows = [.. proposal.Matches.Select(m => new BankRow(m))];
                    (_recorded, _skipped) = (proposal.Recorded, proposal.Skipped);
                    break;
            }
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>Each payment is an act of its own, so one that is refused stops none of the others.</summary>
    private async Task RecordAsync()
    {
        if (_busy || _rows is not { } rows)
        {
            return;
        }

        _busy = true;
        var done = 0;
        try
        {
            foreach (var row in rows.Where(r => r.IsChosen && r.MayBeRecorded).ToList())
            {
                await RecordAsync(row);
                done += row.Problem is null ? 1 : 0;
            }
        }
        finally
        {
            _busy = false;
        }

        Result = ("recorded", T["BankDone", done]);
    }

    private async Task RecordAsync(BankRow row)
    {
        var line = row.Match.Line;
        row.Problem = null;
        foreach (var (share, command) in row.Match.Shares.Zip(row.Commands))
        {
            var received = new ReceivedMoney(share.Amount, line.BookedOn) { IsConfirmed = true, BankLine = line.Id };
            var result = await Payments.ExecuteAsync(
                new StaffAct(command, Actor, Note(line)), share.Invoice.Id, received, Now, ToTheEnd);
            row.Problem ??= result.Refused;
        }

        row.IsRecorded = row.Problem is null;
    }

    private string Note(BankLine line)
    {
        var note = $"{T["BankNote", Day(line.BookedOn)]} {line.Payer} {line.Text}".Trim();
        return note.Length > StaffAct.LongestReason ? note[..StaffAct.LongestReason] : note;
    }

    private static string Day(DateOnly day) => LocalTimes.Date(day, CultureInfo.CurrentUICulture);

    /// <summary>A line on the page. Its commands are made once, so that a second click records nothing twice.</summary>
    private sealed class BankRow(BankMatch match)
    {
        public BankMatch Match { get; } = match;

        public IReadOnlyList<Guid> Commands { get; } = [.. match.Shares.Select(_ => Guid.CreateVersion7())];

        public bool IsChosen { get; set; } = match.Kind == BankMatchKind.Exact;

        public bool IsRecorded { get; set; }

        public StaffRefusal? Problem { get; set; }

        public bool MayBeRecorded => Match.Shares.Count > 0 && !IsRecorded;
    }
}

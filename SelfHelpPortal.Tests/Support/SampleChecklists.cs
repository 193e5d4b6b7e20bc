using SelfHelpPortal.Licensing.Checklists;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Lists as a vendor of tills has them: something for Germany, something for Austria, nothing for anybody else.</summary>
internal static class SampleChecklists
{
    public static readonly ChecklistReply HasBackup = new(null, HasBackup: true, [], []);

    public static ChecklistPolicy Policy => new()
    {
        De = new()
        {
            Items =
            [
                Item("tse", "Stellen Sie zuerst die Fiskaleinheit wieder her.", "Restore the fiscal unit first.",
                    "https://muster-software.example/tse"),
                Item("restore", "Spielen Sie die Sicherung ein.", "Restore the backup.", null, ChecklistCondition.WithBackup),
                Item("new", "Richten Sie alles neu ein.", "Set everything up anew.", null, ChecklistCondition.WithoutBackup),
            ],
        },
        At = new() { Items = [Item("signature", "Schließen Sie die Signatureinheit an.", "Connect the signature unit.")] },
    };

    public static ChecklistItem Item(
        string id, string german = "Prüfen Sie alles.", string english = "Check everything.", string? link = null,
        ChecklistCondition when = ChecklistCondition.Always) =>
        new() { Id = id, TextDe = german, TextEn = english, Link = link, When = when };
}

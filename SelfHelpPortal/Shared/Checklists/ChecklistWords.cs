namespace SelfHelpPortal.Shared.Checklists;

/// <summary>Names the words around a product's checklist, on pages and in mails.</summary>
public sealed class ChecklistWords;

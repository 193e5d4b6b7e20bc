namespace SelfHelpPortal.Data;

/// <summary>A row that another one names is not there. Foreign keys forbid it, so somebody changed the database past the portal.</summary>
/// <param name="what">What was looked for, as in "License".</param>
/// <param name="id">Under which id.</param>
/// <param name="namedBy">What names it, as in "an activation".</param>
internal sealed class MissingRowException(string what, Guid id, string namedBy)
    : InvalidOperationException($"{what} {id} was not found, although {namedBy} names it. Run 'check data': it lists what is not whole.");

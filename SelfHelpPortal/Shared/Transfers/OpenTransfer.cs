using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>
/// Begins a transfer for somebody who has shown the license's key on another page already, so that the license is not asked for again:
/// license, product and time in, the path of the first page out.
/// </summary>
internal sealed record OpenTransfer(Func<Guid, string, DateTimeOffset, CancellationToken, Task<Begun>> BeginAsync);

using System.Data.Common;

namespace SelfHelpPortal.Data;

/// <summary>
/// The connection of a transaction is gone, and the server has rolled back what was done in it. Nothing was kept; the whole request may be
/// repeated.
/// </summary>
internal sealed class TransactionLostException(string message) : DbException(message);

/// <summary>
/// The connection was lost while the server was committing: what was done is kept as a whole or not at all, and nobody knows which. Whoever
/// asked has to look, or to send the same command again, which carries it out at most once.
/// </summary>
internal sealed class OutcomeUnknownException(string message, Exception cause) : DbException(message, cause);

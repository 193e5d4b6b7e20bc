namespace SelfHelpPortal.Platform.Mail.Sending;

internal enum CircuitState : short
{
    Closed = 0,

    /// <summary>The server refuses us or cannot be reached: the queue stands, and one mail at a time is tried.</summary>
    Open = 1,
}

/// <summary>The one row that all nodes share. It is absent until the circuit opens for the first time.</summary>
internal sealed class MailCircuit
{
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;
    public CircuitState State { get; init; }
    public DateTimeOffset Since { get; init; }
    public string Reason { get; init; } = "";
    public int Failures { get; init; }
    public DateTimeOffset NextTryAt { get; init; }
}

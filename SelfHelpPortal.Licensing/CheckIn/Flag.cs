namespace SelfHelpPortal.Licensing.CheckIn;

public enum FlagKind
{
    /// <summary>A released computer was used beside the one that took its seat.</summary>
    Sighting,

    /// <summary>The owner says: this release was not me.</summary>
    Objection,
}

public enum FlagState
{
    Open,
    AwaitingCustomer,
    Resolved,
}

/// <summary>How far a flag has gone. Staff resolve it; a stage is taken back only when they open it again.</summary>
public enum FlagStage
{
    /// <summary>Seen; owner and staff were told.</summary>
    Noticed,

    /// <summary>The old computer is locked: its check-in says so and it cannot be activated.</summary>
    ComputerLocked,

    /// <summary>The license is locked.</summary>
    LicenseLocked,
}

/// <summary>An open case of a license. At most one sighting case and one objection case are open at a time.</summary>
public sealed class Flag
{
    /// <summary>Of a case; who sends more has to call.</summary>
    public const int MostAnswers = 20;

    private readonly List<FlaggedComputer> _computers = [];
    private readonly List<FlagMessage> _messages = [];

    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary><c>F-1001</c>: the case number that customers and programs are told.</summary>
    public required string Number { get; init; }

    public required Guid LicenseId { get; init; }
    public required FlagKind Kind { get; init; }
    public FlagState State { get; private set; }
    public FlagStage Stage { get; private set; }
    public required DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset LastEventAt { get; private set; }
    public DateTimeOffset? ResolvedAt { get; private set; }

    /// <summary>
    /// What staff found it to be when they resolved it; null of an objection and of cases resolved before that was asked.
    /// </summary>
    public FlagCause? Cause { get; private set; }

    /// <summary>What <see cref="FlagVerdict"/> said then; null = too little was known.</summary>
    public FlagCause? Verdict { get; private set; }

    /// <summary>How often staff opened it again.</summary>
    public int TimesReopened { get; private set; }

    /// <summary>
    /// What a mail about the case's stages is told apart by: they can be reached once more after the case was opened again.
    /// </summary>
    public string MailKey => TimesReopened == 0 ? Number : $"{Number}/{TimesReopened}";

    /// <summary>What the owner wrote with an objection.</summary>
    public string? Message { get; init; }

    public IReadOnlyList<FlaggedComputer> Computers => _computers;

    /// <summary>Questions of staff and answers of the customer; loaded where they are shown or added to.</summary>
    public IReadOnlyList<FlagMessage> Messages => _messages;

    public bool IsOpen => State != FlagState.Resolved;

    /// <summary>Staff ask the customer what has happened.</summary>
    public Outcome<FlagMessage> Ask(string question, DateTimeOffset now)
    {
        if (!IsOpen || Kind != FlagKind.Sighting)
        {
            return Refusal.Conflict;
        }

        State = FlagState.AwaitingCustomer;
        return Add(explanation: null, question, now);
    }

    /// <summary>The customer says what has happened. All answers are kept, the last one counts; sending one again adds nothing.</summary>
    public Outcome<FlagAnswered> Answer(FlagExplanation explanation, string? text, DateTimeOffset now)
    {
        if (!IsOpen || Kind != FlagKind.Sighting)
        {
            return Refusal.Conflict;
        }

        var last = _messages.OrderBy(m => m.At).ThenBy(m => m.Id).LastOrDefault();
        if (last is not null && last.Explanation == explanation && last.Text == text)
        {
            return new FlagAnswered(last, IsRepetition: true);
        }

        if (_messages.Count(m => m.IsAnswer) >= MostAnswers)
        {
            return Refusal.TooManyTries;
        }

        State = FlagState.Open;
        return new FlagAnswered(Add(explanation, text, now), IsRepetition: false);
    }

    private FlagMessage Add(FlagExplanation? explanation, string? text, DateTimeOffset now)
    {
        var message = new FlagMessage { FlagId = Id, At = now, Explanation = explanation, Text = text };
        _messages.Add(message);
        return message;
    }

    internal FlaggedComputer Computer(Guid activationId, Guid usedBy, DateTimeOffset now, out bool isNew)
    {
        var computer = _computers.SingleOrDefault(c => c.ActivationId == activationId);
        isNew = computer is null;
        if (computer is null)
        {
            computer = new FlaggedComputer { FlagId = Id, ActivationId = activationId, FirstSeenAt = now, StageAt = now };
            _computers.Add(computer);
        }

        computer.See(usedBy, now);
        LastEventAt = now;
        return computer;
    }

    internal void Raise(FlagStage stage)
    {
        if (stage > Stage)
        {
            Stage = stage;
        }
    }

    internal void Resolve(FlagCause? cause, FlagCause? verdict, DateTimeOffset now)
    {
        (State, ResolvedAt, Cause, Verdict) = (FlagState.Resolved, now, cause, verdict);
    }

    /// <summary>The new, honest computer is locked last, and by what is seen from now on.</summary>
    internal void Reopen(DateTimeOffset now)
    {
        foreach (var computer in _computers.Where(c => c.Stage == FlagStage.LicenseLocked))
        {
            computer.Raise(FlagStage.ComputerLocked, now);
        }

        (State, ResolvedAt, Cause, Verdict) = (FlagState.Open, null, null, null);
        Stage = _computers.Select(c => c.Stage).DefaultIfEmpty().Max();
        TimesReopened++;
        LastEventAt = now;
    }
}

/// <summary>One released computer in a flag, with the proofs against it.</summary>
public sealed class FlaggedComputer
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid FlagId { get; init; }

    /// <summary>The released or superseded activation that checked in.</summary>
    public required Guid ActivationId { get; init; }

    /// <summary>The activation that held the seat when it was seen last.</summary>
    public Guid UsedByActivationId { get; private set; }

    public FlagStage Stage { get; private set; }
    public required DateTimeOffset FirstSeenAt { get; init; }
    public required DateTimeOffset StageAt { get; set; }
    public DateTimeOffset LastSeenAt { get; private set; }
    public int TimesSeen { get; private set; }

    internal void See(Guid usedBy, DateTimeOffset now)
    {
        UsedByActivationId = usedBy;
        LastSeenAt = now;
        TimesSeen++;
    }

    internal void Raise(FlagStage stage, DateTimeOffset now)
    {
        Stage = stage;
        StageAt = now;
    }
}

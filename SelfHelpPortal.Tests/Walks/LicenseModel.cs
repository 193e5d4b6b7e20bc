using System.Globalization;

namespace SelfHelpPortal.Tests.Walks;

/// <summary>What one license is sold under.</summary>
/// <param name="Free">Size of the bucket of releases without proof; null = unlimited.</param>
/// <param name="DeadPc"><c>now</c>, <c>mail</c>, <c>paid</c> or <c>staff</c>.</param>
internal sealed record Terms(int Seats, bool Strict, string DeadPc, int? Free, int RefillDays, int HoldMinutes, int? EndsAfterDays);

/// <summary>One stay of a computer on a seat.</summary>
internal sealed class Stay(string pc, int parts, int seat, int generation, DateTimeOffset from)
{
    public string Pc => pc;

    /// <summary>How many parts were exchanged when the portal looked last.</summary>
    public int Parts { get; set; } = parts;

    public int Seat => seat;
    public int Generation => generation;
    public DateTimeOffset From => from;
    public DateTimeOffset? Until { get; set; }

    /// <summary><c>app</c>, <c>qr</c>, <c>code</c>, <c>key</c> or <c>staff</c>.</summary>
    public string? Left { get; set; }

    public bool Banned { get; set; }
    public bool Granted { get; set; }
    public bool Counted { get; set; }
    public bool Settled { get; set; }
    public Stay? ContinuedAs { get; set; }

    /// <summary>The same computer came with other parts and has another stay on the seat.</summary>
    public bool Superseded { get; set; }

    /// <summary>Until when its own word that it gave up the license is not enough.</summary>
    public DateTimeOffset? DoubtedUntil { get; set; }

    public bool LeftInDoubt { get; set; }
    public bool Here => Until is null;

    /// <summary>Everything about it in one line; <see cref="WalkedLicense.Describe"/> writes the same of what is stored.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seat {Seat}, generation {Generation}, {Pc}+{Parts}, {From:u}–{Until:u} {(Banned ? "banned " : "")}{Left}{(Counted ? " "
            + $"counted" : "")}{(Settled ? " settled" : "")}{(ContinuedAs is { } next ? $" continued as {next.Generation}" : "")}");
}

/// <summary>
/// The rules of domain.md told a second time, for one license and without a database: each seat is a pile of stays, the free releases are a
/// counter with a timer, a case is a table of computers. It shares no code with the portal. Answers are words.
/// </summary>
internal sealed class LicenseModel(Terms terms, DateTimeOffset start, int mailsPerHour)
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private readonly List<Stay>[] _seats = [.. Enumerable.Range(0, terms.Seats).Select(_ => new List<Stay>())];
    private readonly List<DateTimeOffset> _grants = [];
    private readonly List<DateTimeOffset> _mails = [];
    private readonly Dictionary<int, (Stay Stay, DateTimeOffset Until)> _bridges = [];
    private Dictionary<Stay, (int Stage, DateTimeOffset Since)>? _case;
    private bool _locked;
    private bool _suspended;
    private bool _frozen;
    private int _left = terms.Free ?? 0;
    private DateTimeOffset _notFullSince;

    /// <summary>All stays in the order in which they began.</summary>
    public List<Stay> Stays { get; } = [];

    public string Standing => _suspended ? "suspended" : _locked ? "locked" : "open";

    /// <summary>The whole state in words.</summary>
    public string Describe(DateTimeOffset now)
    {
        Refill(now);
        var left = terms.Free is null ? "unlimited" : Math.Max(0, _left).ToString(CultureInfo.InvariantCulture);
        return string.Join('\n',
            Stays.Select(s => s.ToString()).Prepend($"{Standing}, case {_case is not null}, objection {_frozen}, {left} left"));
    }

    private IEnumerable<Stay> Here => _seats.Where(s => s is [.., { Here: true }]).Select(s => s[^1]);

    public string Activate(string pc, int parts, DateTimeOffset now)
    {
        if (Stays.Any(s => s.Banned && s.Pc == pc))
        {
            return "banned";
        }

        if (Standing != "open")
        {
            return Standing;
        }

        if (_case is not null && _case.Any(c => c.Value.Stage > 0 && c.Key.Pc == pc))
        {
            return "locked";
        }

        if (terms.EndsAfterDays is { } days && now >= start.AddDays(days))
        {
            return "expired";
        }

        if (Here.FirstOrDefault(s => s.Pc == pc) is { } same)
        {
            if (same.Parts != parts)
            {
                (same.Superseded, same.Until) = (true, now);
                same = Begin(_seats[same.Seat - 1], pc, parts, now);
            }

            same.DoubtedUntil = now.AddDays(1);
            return $"again {same.Generation}";
        }

        var free = _seats.Where(s => s is [] or [.., { Here: false }]).ToList();
        var seat = free.Find(s => s is [.., var last] && last.Pc == pc)
            ?? free.Find(s => s is [])
            ?? free.OrderBy(s => s[^1].Until).FirstOrDefault();
        return seat is null ? "full" : $"new {Begin(seat, pc, parts, now).Generation}";
    }

    /// <summary>By the software itself (<c>app</c>) or its QR code (<c>qr</c>).</summary>
    public string ReleaseByComputer(Stay stay, string way, DateTimeOffset now)
    {
        if (stay.Banned)
        {
            // A phone can do nothing for a banned computer but see that it is over; the software is told why.
            return way == "qr" ? "already-released" : "banned";
        }

        if (!stay.Here)
        {
            return "already-released";
        }

        if (Standing != "open")
        {
            return Standing;
        }

        return _frozen ? "frozen" : LeaveByProof(stay, way, now);
    }

    public string ReleaseByCode(Stay stay, DateTimeOffset now) =>
        Standing != "open" ? Standing
        : _frozen ? "frozen"
        : stay.Banned ? "banned"
        : !stay.Here ? "already-released"
        : LeaveByProof(stay, "code", now);

    /// <param name="chosen">What was chosen on the page, if anything.</param>
    /// <param name="confirms">The owner follows the link in the mail at once.</param>
    public string ReleaseByKey(Stay? chosen, bool confirms, DateTimeOffset now)
    {
        if (Standing != "open")
        {
            return Standing;
        }

        if (_frozen)
        {
            return "frozen";
        }

        var here = Here.ToList();
        var stay = chosen
            ?? (here.Count == 1 ? here[0] : here.Count > 1 ? null
                : Stays.Where(s => s is { Left: not null, Banned: false }).MaxBy(s => s.Until));
        if (stay is null)
        {
            return here.Count > 1 ? "choose" : "not-active";
        }

        if (stay.Banned)
        {
            return "banned";
        }

        if (!stay.Here)
        {
            return "already-released";
        }

        if (UseGrant(stay, now))
        {
            return Leave(stay, "key", now);
        }

        Refill(now);
        return terms.DeadPc == "staff" ? "ask-staff"
            : terms.DeadPc == "paid" ? "offer-transfer"
            : terms.Free is not null && _left <= 0 ? "offer-transfer"
            : terms.HoldMinutes > 0 && now < stay.From.AddMinutes(terms.HoldMinutes) ? "too-soon"
            : terms.DeadPc == "now" ? Leave(stay, "key", now)
            : AskByMail(stay, confirms, now);
    }

    /// <param name="hardware">The computer it really comes from.</param>
    /// <param name="signedAt">By the clock of the computer, in whole seconds.</param>
    public string CheckIn(Stay stay, string hardware, int parts, DateTimeOffset signedAt, DateTimeOffset now)
    {
        if (stay.ContinuedAs is { Here: true } continued && Standing == "open")
        {
            // The objection brought it back: the old name stands for the new stay until the software has heard of it.
            stay = continued;
        }

        var other = stay.Here || Here.Any(s => s.Pc == hardware || s.Pc == stay.Pc) || _seats[stay.Seat - 1] is not [.., { Here: true }]
            ? null
            : _seats[stay.Seat - 1][^1];
        if (other is not null && !stay.Banned && !stay.Settled && !_suspended && signedAt >= WholeSecond(stay.Until!.Value))
        {
            Contradict(stay, now);
        }

        if (stay.Banned)
        {
            return "DEVICE_EXCLUDED";
        }

        if (_suspended)
        {
            return "SUSPENDED";
        }

        var bridged = stay.Here && _bridges.Values.Any(b => b.Stay == stay && now < b.Until);
        if ((_locked && !bridged) || stay.Settled || (_case is not null && _case.TryGetValue(stay, out var entry) && entry.Stage > 0))
        {
            return "LOCKED_ILLEGAL";
        }

        if (stay.Superseded)
        {
            return "SUPERSEDED";
        }

        if (!stay.Here)
        {
            return other is null ? "RELEASED" : "RELEASED_STILL_USED";
        }

        var end = terms.EndsAfterDays is { } days ? start.AddDays(days) : DateTimeOffset.MaxValue;
        if (end <= now - TimeSpan.FromDays(14))
        {
            return "EXPIRED";
        }

        if (hardware != stay.Pc)
        {
            return "HARDWARE_MISMATCH";
        }

        if (end <= now || (_locked && bridged))
        {
            return "VALID_GRACE";
        }

        if (parts == stay.Parts)
        {
            return "VALID";
        }

        stay.Parts = parts;
        return "VALID_DRIFT";
    }

    /// <summary>The owner of a locked license fetches this year's emergency code.</summary>
    public string FetchEmergencyCode(Stay? chosen, DateTimeOffset now)
    {
        if (_case is null)
        {
            return "conflict";
        }

        if (_suspended)
        {
            return "suspended";
        }

        if (!_locked)
        {
            return "conflict";
        }

        if (_bridges.TryGetValue(now.Year, out var fetched) && now < fetched.Until)
        {
            return "fetched";
        }

        if (terms.Strict)
        {
            return "ask-staff";
        }

        if (_bridges.ContainsKey(now.Year))
        {
            return "used-up";
        }

        var here = Here.ToList();
        if (here is [])
        {
            return "not-active";
        }

        var stay = chosen ?? (here is [var only] ? only : null);
        if (stay is not { Here: true })
        {
            return "choose";
        }

        _bridges[now.Year] = (stay, now.AddDays(3));
        return "fetched";
    }

    /// <summary>The owner says that this release was not theirs.</summary>
    public string Object(Stay stay, DateTimeOffset now)
    {
        _frozen = true;
        var seat = _seats[stay.Seat - 1];
        var mayNot = Stays.Any(s => s.Pc == stay.Pc
            && (s.Banned || s.Settled || (_case is not null && _case.TryGetValue(s, out var entry) && entry.Stage > 0)));
        if (Standing != "open" || stay.Banned || stay.Here || seat[^1] != stay || mayNot)
        {
            return "objected";
        }

        stay.ContinuedAs = Begin(seat, stay.Pc, stay.Parts, now);
        return "restored";
    }

    /// <summary>Staff resolve the case of a sighting, or the one of an objection.</summary>
    public string Resolve(bool objection)
    {
        if (objection)
        {
            var had = _frozen;
            _frozen = false;
            return had ? "done" : "conflict";
        }

        if (_case is null)
        {
            return "conflict";
        }

        foreach (var stay in _case.Keys)
        {
            stay.Settled = true;
        }

        (_case, _locked) = (null, false);
        return "done";
    }

    public string Suspend()
    {
        var was = _suspended;
        _suspended = true;
        return was ? "conflict" : "done";
    }

    public string Resume()
    {
        var was = _suspended;
        _suspended = false;
        return was ? "done" : "conflict";
    }

    public string Ban(Stay stay, DateTimeOffset now)
    {
        if (stay.Banned)
        {
            return "conflict";
        }

        foreach (var banned in Here.Where(s => s.Pc == stay.Pc).Append(stay).ToList())
        {
            banned.Banned = true;
            banned.Until ??= now;
        }

        return "done";
    }

    public string ReleaseByStaff(Stay stay, DateTimeOffset now) =>
        stay.Here ? Leave(stay, "staff", now).Replace("released", "done", StringComparison.Ordinal) : "conflict";

    public string Grant(DateTimeOffset until)
    {
        _grants.Add(until);
        return "done";
    }

    private string AskByMail(Stay stay, bool confirms, DateTimeOffset now)
    {
        if (_mails.Count(m => m > now.AddHours(-1)) >= mailsPerHour)
        {
            return "too-many-tries";
        }

        _mails.Add(now);
        return confirms ? Leave(stay, "key", now) : "mail-sent";
    }

    /// <summary>Who activated again within a day may only know the key and the parts, so it costs what it costs without proof.</summary>
    private string LeaveByProof(Stay stay, string way, DateTimeOffset now)
    {
        if (now >= (stay.DoubtedUntil ?? now))
        {
            return Leave(stay, way, now);
        }

        if (!UseGrant(stay, now))
        {
            Refill(now);
            if (terms.DeadPc is "staff" or "paid" || (terms.Free is not null && _left <= 0))
            {
                return "proof-not-yet";
            }

            stay.LeftInDoubt = true;
        }

        return Leave(stay, way, now);
    }

    private bool UseGrant(Stay stay, DateTimeOffset now)
    {
        var usable = _grants.Where(end => now < end).ToList();
        stay.Granted = usable.Count > 0;
        return stay.Granted && _grants.Remove(usable.Min());
    }

    private static string Leave(Stay stay, string way, DateTimeOffset now)
    {
        (stay.Until, stay.Left) = (now, way);
        return "released";
    }

    private Stay Begin(List<Stay> seat, string pc, int parts, DateTimeOffset now)
    {
        if (seat is [.., { Granted: false, Banned: false, Counted: false } last] && (last.Left is "key" or "staff" || last.LeftInDoubt)
            && last.Pc != pc)
        {
            last.Counted = true;
            Refill(now);
            if (_left == terms.Free)
            {
                _notFullSince = now;
            }

            _left--;
        }

        var stay = new Stay(pc, parts, Array.IndexOf(_seats, seat) + 1, seat.Count % 255 + 1, now);
        seat.Add(stay);
        Stays.Add(stay);
        return stay;
    }

    private void Refill(DateTimeOffset now)
    {
        while (_left < terms.Free && now >= _notFullSince.AddDays(terms.RefillDays))
        {
            _left++;
            _notFullSince = _notFullSince.AddDays(terms.RefillDays);
        }
    }

    private void Contradict(Stay stay, DateTimeOffset now)
    {
        _case ??= [];
        if (terms.Strict)
        {
            _case[stay] = (2, now);
        }
        else if (!_case.TryGetValue(stay, out var entry))
        {
            _case[stay] = (0, now);
        }
        else if (entry.Stage < 2 && now >= entry.Since.AddDays(1) && SomebodyIsAtWork(now))
        {
            _case[stay] = (entry.Stage + 1, now);
        }

        _locked |= _case[stay].Stage == 2;
    }

    private static bool SomebodyIsAtWork(DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, Berlin);
        return local.DayOfWeek is >= DayOfWeek.Monday and <= DayOfWeek.Friday && local.Hour is >= 8 and < 17;
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}

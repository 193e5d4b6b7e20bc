using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Machine.CheckIn;

/// <summary>What the licensed program shows its user, in the language the program asked for.</summary>
internal sealed class CheckInWording(IStringLocalizer<CheckInMessages> words, IOptions<VendorOptions> vendor, LocalTimes times)
{
    private string Phone => vendor.Value.Phone;

    public string For(CheckInResult result, DateTimeOffset now) => result.Code switch
    {
        CheckInCode.Valid or CheckInCode.ValidDrift when result.EndsAt is { } end => words["Valid.Ends", Moment(end)],
        CheckInCode.Valid => words["Valid"],
        CheckInCode.ValidDrift => words["ValidDrift"],
        CheckInCode.ValidGrace => Grace(result.IsBridged ? "ValidGrace.Emergency" : "ValidGrace", result.ValidUntil ?? now, now),
        CheckInCode.Released => words["Released"],
        CheckInCode.ReleasedStillUsed => words["ReleasedStillUsed", Phone],
        CheckInCode.LockedIllegal =>
            result.CaseNumber is { } number ? words["LockedIllegal", number, Phone] : words["LockedIllegal.NoCase", Phone],
        CheckInCode.Superseded => words["Superseded"],
        CheckInCode.HardwareMismatch => words["HardwareMismatch"],
        CheckInCode.Suspended => words["Suspended", Phone],
        CheckInCode.Revoked => words["Revoked", Phone],
        CheckInCode.Expired when result.EndsAt is { } end && end <= now => words["Expired.Ended", Moment(end), Phone],
        CheckInCode.Expired when result.PausedUntil is { } until => words["Expired.Paused", Moment(until), Phone],
        CheckInCode.Expired => words["Expired", Phone],
        CheckInCode.DeviceExcluded => words["DeviceExcluded", Phone],
    };

    private string Moment(DateTimeOffset at) => times.DateAndTime(at, CultureInfo.CurrentUICulture);

    private string Grace(string sentence, DateTimeOffset until, DateTimeOffset now)
    {
        var end = times.DateAndTime(until, CultureInfo.CurrentUICulture);
        var days = (int)(until - now).TotalDays;
        return days > 1 ? words[sentence, days, end, Phone] : words[sentence + ".LastDay", end, Phone];
    }
}

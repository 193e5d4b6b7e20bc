using System.Globalization;
using SelfHelpPortal.Licensing.CheckIn;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>What stops the next false alarm.</summary>
public enum FlagPrevention
{
    /// <summary>Being seen once more of the case's computers locks nothing else anyway.</summary>
    Nothing,

    /// <summary>One more release without proof, so that the license can go back to the old computer.</summary>
    GrantRelease,

    /// <summary>The computer that is really out of use is released, so that its seat is free.</summary>
    ReleaseOther,

    /// <summary>A second person is asked to exclude the old computer for good.</summary>
    Exclude,
}

/// <summary>How staff resolve a case.</summary>
/// <param name="Cause">What it turned out to be; only of an objection nobody asks.</param>
/// <param name="Computer">Of <see cref="FlagPrevention.ReleaseOther"/> and <see cref="FlagPrevention.Exclude"/>: which one.</param>
/// <param name="Until">Of <see cref="FlagPrevention.GrantRelease"/>: the end of what is granted.</param>
public sealed record FlagResolution(
    FlagCause? Cause = null, FlagPrevention Prevention = FlagPrevention.Nothing, Guid? Computer = null, DateTimeOffset? Until = null)
{
    internal string ContentOf(string flagNumber) =>
        string.Join('/', flagNumber, Cause, Prevention, Computer, Until?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
}

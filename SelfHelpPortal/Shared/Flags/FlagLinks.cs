using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Flags;

/// <summary>The customer's page of a case, for the mail that is about to be written.</summary>
internal sealed class FlagLinks(PublicAddress address)
{
    public OneTimeLink Issue(PortalDbContext db, Flag flag, DateTimeOffset now)
    {
        var lifetime = LinkPurpose.Flag.Lifetime;
        return new OneTimeLink(address.For($"/flag/{SecretLinks.Issue(db, LinkPurpose.Flag, flag.Id, now, lifetime)}"), now + lifetime);
    }
}

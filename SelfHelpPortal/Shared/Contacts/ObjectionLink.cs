using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Shared.Contacts;

/// <summary>"This was not me": the link in a mail by which the owner objects to what became of a computer.</summary>
internal static class ObjectionLink
{
    /// <returns>Of use as long as the product lets its owners object.</returns>
    public static OneTimeLink Issue(PortalDbContext db, PublicAddress address, Activation activation, Product product, DateTimeOffset now)
    {
        var lifetime = TimeSpan.FromHours(product.Policies.Release.ObjectionHours);
        var token = SecretLinks.Issue(db, LinkPurpose.Objection, activation.Id, now, lifetime);
        return new OneTimeLink(address.For($"/object/{token}"), now + lifetime);
    }
}

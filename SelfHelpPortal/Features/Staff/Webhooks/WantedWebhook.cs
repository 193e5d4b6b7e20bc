using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Webhooks;

namespace SelfHelpPortal.Features.Staff.Webhooks;

/// <summary>An endpoint as somebody wants it.</summary>
/// <param name="Topics">Of <see cref="EventTypes.Topics"/>.</param>
/// <param name="Description">What administrators call it; may be empty.</param>
public sealed record WantedWebhook(string Url, IReadOnlyList<string> Topics, string Description = "")
{
    internal static WantedWebhook From(WebhookEndpoint endpoint) => new(endpoint.Url, endpoint.Topics, endpoint.Description);

    internal static WantedWebhook From(WebhookLine line) => new(line.Url, line.Topics, line.Description);

    internal bool IsSameAs(WantedWebhook other) =>
        Url == other.Url && Description == other.Description && Topics.Order().SequenceEqual(other.Topics.Order());

    /// <summary>As it is kept, or why it cannot be.</summary>
    /// <param name="kept">Null when it is refused.</param>
    internal StaffRefusal? Read(bool allowPrivate, out WantedWebhook? kept)
    {
        kept = null;
        if (WebhookUrl.Read(Url, allowPrivate) is not { } url)
        {
            return StaffRefusal.WebhookAddress;
        }

        string[] topics = [.. EventTypes.Topics.Where(Topics.Contains)];
        if (topics is [] || topics.Length != Topics.Distinct().Count())
        {
            return StaffRefusal.WebhookTopics;
        }

        var description = Description.Trim();
        if (description.Length > WebhookEndpoint.LongestDescription || description.Any(char.IsControl))
        {
            return StaffRefusal.WebhookDescription;
        }

        kept = new WantedWebhook(url, topics, description);
        return null;
    }
}

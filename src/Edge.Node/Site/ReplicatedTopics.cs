using Edge.Actors;
using Edge.Actors.Channels;
using Edge.Actors.Intake;
using Edge.Messages.Intake;

namespace Edge.Node.Site;

/// <summary>Which readings are for a channel with <c>durability: replicated</c>. Asked for each reading; replaced as a whole. Thread-safe.</summary>
internal sealed class ReplicatedTopics
{
    private (string Tenant, string Filter)[] _filters = [];

    /// <summary>Takes what is declared now.</summary>
    public void Declare(SiteManifest site) =>
        Volatile.Write(ref _filters, [.. site.Channels.Where(channel => channel.Durability == Durability.Replicated).Select(channel => (channel.Id.Tenant.Value, channel.Topic))]);

    /// <summary>Whether a reading wants a second node.</summary>
    public bool Wants(Reading reading)
    {
        foreach (var (tenant, filter) in Volatile.Read(ref _filters))
        {
            if (tenant == reading.Tenant && TopicFilter.Matches(filter, reading.Topic)) return true;
        }

        return false;
    }
}

using Edge.Actors.Intake;
using Edge.Actors.Placement;
using Edge.Cluster.Book;
using Edge.Cluster.Mirroring;
using Edge.Messages.Channels;
using Edge.Messages.Site;

namespace Edge.Actors.Traffic;

/// <summary>
/// Gives the owner of a channel what this node holds of another node's intake log: the readings that were put here before they were acknowledged. From the owner's cursor to the end, then it is
/// over; what came later is with the log's own node.
/// </summary>
/// <param name="replicas">The copies; null: none.</param>
/// <param name="site">What is declared: which readings are the channel's.</param>
internal sealed class CopiedLogs(IReplicas? replicas, RunningSite site)
{
    private const int ReadAtOnce = 512;

    /// <summary>Whether there is a copy of a log.</summary>
    public bool Has(string log) => replicas is not null && LogName.TryParse(log, out var name) && replicas.Logs.Contains(name);

    /// <summary>The readings for the channel of an opened pull, which <see cref="Has"/> was asked of.</summary>
    public IEnumerable<PullBatch> Read(PullRequest opening)
    {
        if (!LogName.TryParse(opening.Log, out var name) || site.Site.Channels.FirstOrDefault(c => c.Id == ChannelId.Parse(opening.Channel)) is not { } channel) yield break;
        var replica = replicas!.Of(name);
        var cursor = opening.Cursor;
        while (replica.Read(cursor, ReadAtOnce) is { Count: > 0 } step)
        {
            cursor = step[^1].Sequence;
            var batch = new PullBatch { Cursor = cursor, Last = cursor };
            batch.Readings.Add(step.Where(r => r.Reading.Tenant == channel.Id.Tenant.Value && TopicFilter.Matches(channel.Topic, r.Reading.Topic)));
            yield return batch;
        }
    }
}

using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Channels;

namespace Edge.Actors.Placement;

/// <summary>
/// The highest epoch that this node has seen for each channel, and who acts under it: the fence at which a former owner's pulls and copies end. A higher epoch than the
/// book's copy here knows is believed, since the peer is a node of the site and may be ahead. Thread-safe; bounded by the declared channels.
/// </summary>
internal sealed class ChannelOwners
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ChannelId, (string Node, Epoch Epoch)> _owners = [];

    /// <summary>Takes over what the book says, where it is not older than what is known, and forgets channels that are not declared.</summary>
    public void Apply(SiteManifest site, PlacementTable table)
    {
        lock (_gate)
        {
            var declared = site.Channels.Select(c => c.Id).ToHashSet();
            foreach (var gone in _owners.Keys.Where(c => !declared.Contains(c)).ToList()) _owners.Remove(gone);
            foreach (var (channel, owner) in table.Channels)
            {
                if (declared.Contains(channel) && (!_owners.TryGetValue(channel, out var known) || Epochs.Compare(owner.Epoch, known.Epoch) >= 0))
                    _owners[channel] = (owner.Node, owner.Epoch);
            }
        }
    }

    /// <summary>Null when <paramref name="node"/> may act for the channel under <paramref name="epoch"/>; else why not.</summary>
    public string? Refusal(ChannelId channel, string node, Epoch epoch)
    {
        lock (_gate)
        {
            if (!_owners.TryGetValue(channel, out var known) || Epochs.Compare(epoch, known.Epoch) > 0)
            {
                _owners[channel] = (node, epoch);
                return null;
            }

            if (Epochs.Compare(epoch, known.Epoch) == 0 && node == known.Node) return null;
            return $"Channel '{channel}' belongs to {(known.Node.Length == 0 ? "no node" : $"node '{known.Node}'")} under epoch {Epochs.Text(known.Epoch)}; node '{node}' came with epoch {Epochs.Text(epoch)}.";
        }
    }
}

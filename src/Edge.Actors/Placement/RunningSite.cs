using Edge.Actors.Channels;
using Edge.Messages.Channels;

namespace Edge.Actors.Placement;

/// <summary>What is declared and where it runs, as of the last <see cref="EdgeSystem.ApplyAsync"/>: what an actor that starts, or begins anew, finds its part in. Thread-safe.</summary>
internal sealed class RunningSite(SiteManifest site, PlacementTable table)
{
    private Snapshot _now = new(site, table);

    /// <summary>Everything declared.</summary>
    public SiteManifest Site => Volatile.Read(ref _now).Site;

    /// <summary>Who owns what.</summary>
    public PlacementTable Table => Volatile.Read(ref _now).Table;

    /// <summary>A channel as it is declared and placed; both of one moment.</summary>
    public (ChannelSpec Spec, ChannelOwner Owner, IReadOnlyList<string> Logs) this[ChannelId channel]
    {
        get
        {
            var now = Volatile.Read(ref _now);
            return (now.Site.Channels.First(c => c.Id == channel), now.Table.Channels[channel], now.Table.Logs);
        }
    }

    /// <summary>Puts another in its place.</summary>
    public void Replace(SiteManifest site, PlacementTable table) => Volatile.Write(ref _now, new(site, table));

    private sealed record Snapshot(SiteManifest Site, PlacementTable Table);
}

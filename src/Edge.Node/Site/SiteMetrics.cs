using System.Diagnostics.Metrics;
using Edge.Cluster.Book;

namespace Edge.Node.Site;

/// <summary>Figures of this node's part in its site, on the meter <c>Edge</c>. No tag names a node: each node tells its own. Ends with <see cref="Dispose"/>.</summary>
internal sealed class SiteMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly Counter<long> _leasesLost;
    private readonly Counter<long> _moves;
    private readonly Counter<long> _forwarded;
    private readonly Histogram<double> _append;

    public SiteMetrics(IMeterFactory meters, TimeProvider time)
    {
        (_meter, _time) = (meters.Create("Edge"), time);
        _leasesLost = _meter.CreateCounter<long>("edge.lease.lost", "{lease}", "Memberships of this node that ended.");
        _moves = _meter.CreateCounter<long>("edge.placement.moves", "{actor}", "Actors that this node was given, from another or anew.");
        _forwarded = _meter.CreateCounter<long>("edge.forward.messages", "{message}", "Outputs sent on to subscribers of other nodes, once a node.");
        _append = _meter.CreateHistogram<double>("edge.book.append.duration", "s", "From a command of this node to its answer: on stable storage of a majority, and applied here.");
    }

    /// <summary>Figures that are asked for when somebody looks.</summary>
    /// <param name="book">The book.</param>
    /// <param name="isMember">Whether this node holds a lease.</param>
    /// <param name="mirrorWaits">Readings that wait for a second node.</param>
    public void Observe(IBook book, Func<bool> isMember, Func<int> mirrorWaits)
    {
        _meter.CreateObservableGauge("edge.site.members", () => book.Current.Nodes.Values.Count(node => node.Member is not null), "{node}", "Members of the site, by this node's book.");
        _meter.CreateObservableGauge("edge.site.member", () => isMember() ? 1 : 0, "{lease}", "1 while this node holds a lease.");
        _meter.CreateObservableGauge("edge.site.leads", () => book.Leadership.Leads ? 1 : 0, "{lead}", "1 while this node leads the site.");
        _meter.CreateObservableGauge("edge.book.index", () => (long)book.Current.Index, "{entry}", "Last entry of the book that this node has applied.");
        _meter.CreateObservableGauge("edge.mirror.waiting", mirrorWaits, "{reading}", "Readings that are not acknowledged yet because they want a second node.");
    }

    /// <summary>A command is on its way to the book; call what is returned when it was answered.</summary>
    public Action Append()
    {
        var began = _time.GetTimestamp();
        return () => _append.Record(_time.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>A membership of this node ended.</summary>
    public void LeaseLost() => _leasesLost.Add(1);

    /// <summary>This node was given actors.</summary>
    public void Moved(int actors) => _moves.Add(actors);

    /// <summary>Outputs went to another node.</summary>
    public void Forwarded(int messages) => _forwarded.Add(messages);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}

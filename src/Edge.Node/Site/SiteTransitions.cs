using Edge.Actors.Diagnostics;
using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Node.Site;

/// <summary>
/// Tells what changes in this node's part in its site, as typed events and as figures: its membership, who leads, actors that it is given. Ends with <see cref="Dispose"/>.
/// </summary>
internal sealed class SiteTransitions : IDisposable
{
    private readonly SiteNode _site;
    private readonly SiteMembership _membership;
    private readonly EdgeEvents _events;
    private readonly SiteMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly IDisposable _watch;
    private readonly Lock _gate = new();
    private string _member = "";
    private long _since;

    public SiteTransitions(SiteNode site, SiteMembership membership, EdgeEvents events, SiteMetrics metrics, TimeProvider time)
    {
        (_site, _membership, _events, _metrics, _time, _since) = (site, membership, events, metrics, time, time.GetTimestamp());
        _watch = site.Book.Watch(Follow);
        membership.Changed += Look;
    }

    /// <summary>How long this node has been without a lease; null while it has one.</summary>
    public TimeSpan? WithoutLease
    {
        get { lock (_gate) return _membership.Member.Length > 0 ? null : _time.GetElapsedTime(_since); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _membership.Changed -= Look;
        _watch.Dispose();
    }

    private void Look()
    {
        var member = _membership.Member;
        string before;
        lock (_gate)
        {
            if (member == _member) return;
            (before, _member, _since) = (_member, member, _time.GetTimestamp());
        }

        if (before.Length > 0)
        {
            _metrics.LeaseLost();
            _events.Publish(new EdgeEvent.MembershipLost(_site.Name, before, _membership.Reason));
        }

        if (member.Length > 0) _events.Publish(new EdgeEvent.MembershipGained(_site.Name, member));
    }

    /// <summary>What a change of the book means for who leads. A leader that takes the lead again, with other lease times, is no event.</summary>
    internal static IEnumerable<EdgeEvent> LeadOf(BookChange change)
    {
        var (before, after) = (change.Before.Lead?.Node ?? "", change.After.Lead?.Node ?? "");
        if (before == after) yield break;
        if (before.Length > 0) yield return new EdgeEvent.LeadLost(before);
        if (after.Length > 0) yield return new EdgeEvent.LeadTaken(after, change.After.Lead!.Index);
    }

    // By the command: a site may have many more actors than a change moves.
    private static IEnumerable<Placement> Placed(BookCommand? command) => command?.ChangeCase switch
    {
        BookCommand.ChangeOneofCase.ChangeMembers => command.ChangeMembers.Placements,
        BookCommand.ChangeOneofCase.PlaceActors => command.PlaceActors.Edits.Select(edit => edit.Placement),
        _ => [],
    };

    private void Follow(BookChange change)
    {
        var given = Placed(change.Command).Count(one => one.Node == _site.Name && change.Before.Placements.GetValueOrDefault(new(one.Kind, one.Identity))?.Node != _site.Name);
        if (given > 0 && !ReferenceEquals(change.Before.Placements, change.After.Placements)) _metrics.Moved(given);
        foreach (var happened in LeadOf(change)) _events.Publish(happened);
    }
}

using System.Collections.Frozen;
using Edge.Actors.Channels;
using Edge.Messages.Channels;
using Edge.Messages.Intake;

namespace Edge.Actors.Intake;

/// <summary>
/// The way in: takes readings from the broker, puts QoS 1 and 2 into the intake log, and offers each to the inboxes of the declared channels whose filter
/// matches its topic, wherever these run. Thread-safe; readings of one client keep their order. It never blocks and starts no task per reading.
/// </summary>
public sealed class IntakeRouter
{
    // Looking at the log's fill level costs a little; once in so many readings is enough for a gauge with 20 % to spare.
    private const int GaugeEvery = 64;

    private readonly IIntakeLog _log;
    private readonly string _node;
    private readonly Action<ChannelId> _overflowed;
    private readonly IntakeGauge _gauge = new();
    private readonly Lock _logged = new();
    private Routes _routes = Routes.None;
    private long _trimmed;

    /// <summary>A router without channels: see <see cref="Apply"/>.</summary>
    /// <param name="log">The node's intake log.</param>
    /// <param name="node">The node's name, which is the log's.</param>
    /// <param name="overflowed">Called for each QoS 0 reading that is dropped at a full queue.</param>
    internal IntakeRouter(IIntakeLog log, string node, Action<ChannelId> overflowed)
    {
        (_log, _node, _overflowed) = (log, node, overflowed);
        _gauge.Report(log.Fill);
    }

    /// <summary>
    /// Takes a reading, in call order. QoS 0 goes to the channels' queues and may be dropped there by their policy; QoS 1 and 2 are appended to the
    /// intake log. Returns the sequence for <see cref="FlushedAsync"/>, or 0 when there is nothing to wait for.
    /// </summary>
    /// <exception cref="IntakeUnavailableException">The log cannot take it: do not acknowledge.</exception>
    public long Take(Reading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        if (reading.Qos == 0)
        {
            foreach (var inbox in InboxesFor(reading)) inbox.OfferVolatile(_log.Last, reading);
            return 0;
        }

        // One at a time: inboxes must see logged readings in the order of their sequences, or a committed cursor would skip one.
        lock (_logged)
        {
            var sequence = _log.Append(reading);
            foreach (var inbox in InboxesFor(reading)) inbox.OfferLogged(sequence, reading);
            if (sequence % GaugeEvery == 0) _gauge.Report(_log.Fill);
            return sequence;
        }
    }

    /// <summary>Whether some channel of the tenant takes readings of this topic.</summary>
    internal bool Wants(string tenant, string topic) => Volatile.Read(ref _routes).Topics.TryGetValue(tenant, out var topics) && topics.For(topic).Length > 0;

    /// <summary>Completes when everything up to <paramref name="sequence"/> is on stable storage; at once for 0.</summary>
    /// <exception cref="IntakeUnavailableException">It is not: do not acknowledge.</exception>
    public ValueTask FlushedAsync(long sequence) => sequence == 0 ? ValueTask.CompletedTask : _log.FlushedAsync(sequence);

    /// <summary>
    /// Completes when more readings of QoS 1 and 2 are wanted: at once while less than 80 % of the log's byte cap is in use, else when channels have
    /// committed so much that it fell below 70 %. The broker awaits it before it reads on from a socket that sends such readings.
    /// </summary>
    public ValueTask RoomAsync(CancellationToken cancellation = default) => _gauge.RoomAsync(cancellation);

    /// <summary>Whether <see cref="RoomAsync"/> makes callers wait.</summary>
    public bool HoldsBack => _gauge.Closed;

    /// <summary>Called when something comes for a channel whose pull waits. Set by the intake's actor.</summary>
    internal Action<ChannelInbox> Wake { get; set; } = static _ => { };

    /// <summary>
    /// Routes to these channels from now on. A channel that is new here wants everything that the log still holds; the inbox of one that was here before stays,
    /// unless its topic or its bound changed. What is no longer declared holds the log no more.
    /// </summary>
    internal void Apply(IReadOnlyList<ChannelSpec> channels)
    {
        // No reading is appended meanwhile, so none falls between the old inboxes and the new ones.
        lock (_logged)
        {
            var before = _routes.Inboxes;
            Volatile.Write(ref _routes, Routes.To(channels.Select(spec => (before.TryGetValue(spec.Id, out var old) && old.Spec.Topic == spec.Topic && old.Spec.Queue == spec.Queue
                ? old.Inbox
                : new ChannelInbox(spec.Id, _node, spec.Queue, _log.Last, inbox => Wake(inbox), () => _overflowed(spec.Id)), spec))));
        }
    }

    internal bool TryGet(ChannelId channel, out (ChannelInbox Inbox, ChannelSpec Spec) found) => Volatile.Read(ref _routes).Inboxes.TryGetValue(channel, out found);

    /// <summary>Readings of this node that are known to wait for a channel.</summary>
    internal long Lag(ChannelId channel) => TryGet(channel, out var found) ? found.Inbox.Lag : 0;

    /// <summary>Lets go of what every declared channel has in a committed state, wherever it runs, and of what no channel wants.</summary>
    internal void Trim()
    {
        long last;
        Routes routes;
        lock (_logged) (last, routes) = (_log.Last, _routes);
        var floor = last;
        foreach (var (inbox, _) in routes.Inboxes.Values) floor = Math.Min(floor, inbox.Floor(last));
        if (floor > _trimmed)
        {
            _log.Trim(floor);
            _trimmed = floor;
        }

        _gauge.Report(_log.Fill);
    }

    private ChannelInbox[] InboxesFor(Reading reading) => Volatile.Read(ref _routes).Topics.TryGetValue(reading.Tenant, out var topics) ? topics.For(reading.Topic) : [];

    // Replaced as a whole, never changed.
    private sealed record Routes(FrozenDictionary<string, TopicRoutes> Topics, FrozenDictionary<ChannelId, (ChannelInbox Inbox, ChannelSpec Spec)> Inboxes)
    {
        public static Routes None { get; } = To([]);

        public static Routes To(IEnumerable<(ChannelInbox Inbox, ChannelSpec Spec)> inboxes)
        {
            var all = inboxes.ToFrozenDictionary(c => c.Spec.Id);
            return new(all.Values.GroupBy(c => c.Spec.Id.Tenant.Value).ToFrozenDictionary(t => t.Key, t => new TopicRoutes([.. t.Select(c => (c.Spec.Topic, c.Inbox))]), StringComparer.Ordinal), all);
        }
    }
}

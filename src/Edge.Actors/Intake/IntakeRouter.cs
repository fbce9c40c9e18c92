using System.Collections.Frozen;
using Edge.Actors.Channels;
using Edge.Messages.Channels;
using Edge.Messages.Intake;
using Edge.Messages.Tenants;

namespace Edge.Actors.Intake;

/// <summary>
/// The way in: takes readings from the broker, puts QoS 1 and 2 into the intake log, and offers each to the inboxes of the channels whose filter
/// matches its topic. Thread-safe; readings of one client keep their order. It never blocks and starts no task per reading.
/// </summary>
public sealed class IntakeRouter
{
    // Looking at the log's fill level costs a little; once in so many readings is enough for a gauge with 20 % to spare.
    private const int GaugeEvery = 64;

    private readonly IIntakeLog _log;
    private readonly FrozenDictionary<string, TopicRoutes> _tenants;
    private readonly FrozenDictionary<ChannelId, (ChannelInbox Inbox, ChannelSpec Spec)> _inboxes;
    private readonly IntakeGauge _gauge = new();
    private readonly Lock _logged = new();
    private long _trimmed;

    internal IntakeRouter(IIntakeLog log, IReadOnlyList<ChannelSpec> channels, Action<ChannelId> overflowed)
    {
        _log = log;
        _inboxes = channels
            .Select(c => (Inbox: new ChannelInbox(c.Id, c.Queue, log.Last, inbox => Wake(inbox), () => overflowed(c.Id)), Spec: c))
            .ToFrozenDictionary(c => c.Spec.Id);
        var tenants = new Dictionary<string, TopicRoutes>(StringComparer.Ordinal);
        foreach (var (channel, spec) in _inboxes.Values)
        {
            if (!tenants.TryGetValue(spec.Id.Tenant.Value, out var routes)) tenants.Add(spec.Id.Tenant.Value, routes = new());
            routes.Add(spec.Topic, channel);
        }

        _tenants = tenants.ToFrozenDictionary(StringComparer.Ordinal);
        _gauge.Report(log.Fill);
    }

    /// <summary>
    /// Takes a reading, in call order. QoS 0 goes to the channels' queues and may be dropped there by their policy; QoS 1 and 2 are appended to the
    /// intake log. Returns the sequence for <see cref="FlushedAsync"/>, or 0 when there is nothing to wait for.
    /// </summary>
    /// <exception cref="IntakeUnavailableException">The log cannot take it: do not acknowledge.</exception>
    public long Take(Reading reading)
    {
        ChannelInbox[] inboxes = _tenants.TryGetValue(reading.Tenant, out var routes) ? routes.For(reading.Topic) : [];
        if (reading.Qos == 0)
        {
            foreach (var inbox in inboxes) inbox.OfferVolatile(_log.Last, reading);
            return 0;
        }

        // One at a time: inboxes must see logged readings in the order of their sequences, or a committed cursor would skip one.
        lock (_logged)
        {
            var sequence = _log.Append(reading);
            foreach (var inbox in inboxes) inbox.OfferLogged(sequence, reading);
            if (sequence % GaugeEvery == 0) _gauge.Report(_log.Fill);
            return sequence;
        }
    }

    /// <summary>Whether some channel of the tenant takes readings of this topic.</summary>
    internal bool Wants(string tenant, string topic) => _tenants.TryGetValue(tenant, out var routes) && routes.For(topic).Length > 0;

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

    /// <summary>The inbox of a channel of this node.</summary>
    internal ChannelInbox this[ChannelId channel] => _inboxes[channel].Inbox;

    internal bool TryGet(ChannelId channel, out (ChannelInbox Inbox, ChannelSpec Spec) found) => _inboxes.TryGetValue(channel, out found);

    /// <summary>Lets go of what every channel has in a committed state, and of what no channel wants.</summary>
    internal void Trim()
    {
        long last;
        lock (_logged) last = _log.Last;
        var floor = last;
        foreach (var (inbox, _) in _inboxes.Values) floor = Math.Min(floor, inbox.Floor(last));
        if (floor > _trimmed)
        {
            _log.Trim(floor);
            _trimmed = floor;
        }

        _gauge.Report(_log.Fill);
    }
}

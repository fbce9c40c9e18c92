using Edge.Actors.Channels;
using Edge.Actors.Telemetry;
using Edge.Messages.Channels;

namespace Edge.Actors.Diagnostics;

/// <summary>What a channel shows of itself: written by its actor, read by anybody.</summary>
internal sealed class ChannelGauge(ChannelId id, Func<long> waiting, ChannelMeter meter, EdgeEvents events)
{
    private readonly Lock _gate = new();
    private ChannelState _state = ChannelState.Starting;
    private string? _reason;
    private Position _position = Position.Start;
    private Position _committed = Position.Start;
    private int _liveKeys;
    private volatile bool _runsHere;

    /// <summary>The channel.</summary>
    public ChannelId Id => id;

    /// <summary>Its counts.</summary>
    public ChannelMeter Meter => meter;

    /// <summary>Readings of this node that wait for it.</summary>
    public long Lag => waiting();

    /// <summary>Whether its actor is on this node. A channel that runs elsewhere has a gauge for what is dropped of it here.</summary>
    public bool RunsHere
    {
        get => _runsHere;
        set => _runsHere = value;
    }

    /// <summary>Everything at this moment.</summary>
    public ChannelStatus Status
    {
        get { lock (_gate) return new(id, _state, _reason, _position, _committed, waiting(), _liveKeys, meter.Counts); }
    }

    /// <summary>Shows a state; a change is an event.</summary>
    public void Show(ChannelState state, string? reason)
    {
        lock (_gate)
        {
            if (_state == state && _reason == reason) return;
            (_state, _reason) = (state, reason);
        }

        events.Publish(new EdgeEvent.ChannelHealthChanged(id, state, reason));
    }

    /// <summary>Shows how far it is.</summary>
    public void Show(Position position, int liveKeys)
    {
        lock (_gate) (_position, _liveKeys) = (position, liveKeys);
    }

    /// <summary>Shows what is on stable storage.</summary>
    public void ShowCommitted(Position committed)
    {
        lock (_gate) _committed = committed;
    }
}

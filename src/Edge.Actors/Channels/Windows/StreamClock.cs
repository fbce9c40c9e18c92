using Edge.Messages.Channels;

namespace Edge.Actors.Channels.Windows;

/// <summary>How a reading's time stands to those before it.</summary>
internal enum TimeVerdict
{
    /// <summary>It goes on.</summary>
    OnTime,

    /// <summary>It is older than the newest by more than the tolerance.</summary>
    Late,

    /// <summary>The clock behind it was set back: time goes on from here, flagged as a gap.</summary>
    Stepped,
}

/// <summary>
/// The newest time of one key, and the judgement whether a reading is late or its clock was set back. Pure: it sees no clock, only readings. A clock that steps back by an hour must
/// not silence a stream for an hour, so three things prove a step: the time is this node's own (arrival order is then the truth), the reading carries a new
/// sequence number, or <see cref="LateRunMax"/> readings in a row were late.
/// </summary>
/// <param name="toleranceUs">How much older than the newest a reading may be.</param>
/// <param name="fromProducer">Whether times come from the producer.</param>
internal sealed class StreamClock(long toleranceUs, bool fromProducer)
{
    /// <summary>Late readings in a row after which the producer's clock is believed again.</summary>
    public const int LateRunMax = 100;

    // Two connections of one key may be taken in by two threads: their arrivals may cross by as much as a thread can be held up.
    private const long CrossingUs = 1_000_000;

    private long? _newestUs;
    private int _lateRun;

    /// <summary>Judges the next reading. <paramref name="timeUs"/> may come back later than it was: arrivals that cross keep their order.</summary>
    /// <param name="timeUs">The reading's time.</param>
    /// <param name="provedNew">Whether its sequence number shows that it is newer than those before it.</param>
    public TimeVerdict Judge(ref long timeUs, bool provedNew)
    {
        if (_newestUs is not { } newest || timeUs >= newest) return Accept(timeUs, TimeVerdict.OnTime);
        if (!fromProducer)
        {
            if (newest - timeUs > CrossingUs) return Accept(timeUs, TimeVerdict.Stepped);
            timeUs = newest;
            return TimeVerdict.OnTime;
        }

        if (newest - timeUs <= toleranceUs)
        {
            _lateRun = 0;
            return TimeVerdict.OnTime;
        }

        if (provedNew || ++_lateRun > LateRunMax) return Accept(timeUs, TimeVerdict.Stepped);
        return TimeVerdict.Late;
    }

    /// <summary>Whether a time is newer than all before it.</summary>
    public bool IsNewer(long timeUs) => _newestUs is { } newest && timeUs > newest;

    /// <summary>For the key's state.</summary>
    public StreamClockState Save()
    {
        var state = new StreamClockState { LateRun = (uint)_lateRun };
        if (_newestUs is { } newest) state.NewestUs = newest;
        return state;
    }

    /// <summary>Goes on from a saved state; null has seen nothing.</summary>
    public void Load(StreamClockState? saved) =>
        (_newestUs, _lateRun) = (saved is { HasNewestUs: true } ? saved.NewestUs : null, (int)(saved?.LateRun ?? 0));

    private TimeVerdict Accept(long timeUs, TimeVerdict verdict)
    {
        (_newestUs, _lateRun) = (timeUs, 0);
        return verdict;
    }
}

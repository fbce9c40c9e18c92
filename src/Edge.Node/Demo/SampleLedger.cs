namespace Edge.Node.Demo;

/// <summary>
/// Which samples were sent and which came back filtered. A message is settled when each of its samples was seen once; its time on the way is then
/// known. Second copies change nothing. Holds only messages that are under way. Not thread-safe.
/// </summary>
/// <param name="samplesPerMessage">Samples of each message, 1–64.</param>
internal sealed class SampleLedger(int samplesPerMessage)
{
    private readonly Dictionary<long, Outstanding> _outstanding = [];
    private readonly ulong _all = samplesPerMessage == 64 ? ulong.MaxValue : (1UL << samplesPerMessage) - 1;

    /// <summary>Samples sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Sent samples that came back.</summary>
    public long Returned { get; private set; }

    /// <summary>Sent samples that did not come back yet; at the end, the lost ones.</summary>
    public long Missing => Sent - Returned;

    /// <summary>Samples that came back a second time, or were never sent.</summary>
    public long Surplus { get; private set; }

    /// <summary>Notes that message <paramref name="message"/> (from 0) goes out at <paramref name="timestamp"/>.</summary>
    public void Send(long message, long timestamp)
    {
        _outstanding.Add(message, new Outstanding(timestamp, 0));
        Sent += samplesPerMessage;
    }

    /// <summary>
    /// Notes that the samples from <paramref name="first"/> came back. Calls <paramref name="settled"/> with the send timestamp of each message that is
    /// now complete.
    /// </summary>
    public void Return(long first, int count, Action<long> settled)
    {
        for (var sample = first; sample < first + count; sample++)
        {
            var message = Math.DivRem(sample, samplesPerMessage, out var place);
            var bit = place >= 0 ? 1UL << (int)place : 0;
            if (!_outstanding.TryGetValue(message, out var under) || bit == 0 || (under.Seen & bit) != 0)
            {
                Surplus++;
                continue;
            }
            Returned++;
            var seen = under.Seen | bit;
            if (seen != _all) _outstanding[message] = under with { Seen = seen };
            else if (_outstanding.Remove(message)) settled(under.SentAt);
        }
    }

    private readonly record struct Outstanding(long SentAt, ulong Seen);
}

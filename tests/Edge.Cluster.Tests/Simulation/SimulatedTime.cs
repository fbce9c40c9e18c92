namespace Edge.Cluster.Tests.Simulation;

/// <summary>Virtual time: events in order, microseconds. One thread.</summary>
internal sealed class SimulatedTime
{
    private readonly PriorityQueue<Action, (long At, long Number)> _events = new();
    private long _number;

    public long Now { get; private set; }

    public void After(long microseconds, Action action) => _events.Enqueue(action, (Now + Math.Max(0, microseconds), _number++));

    public void RunUntil(long end)
    {
        while (_events.TryPeek(out _, out var next) && next.At <= end)
        {
            Now = next.At;
            _events.Dequeue()();
        }

        Now = end;
    }
}

namespace Edge.Node.Mqtt;

/// <summary>QoS 1 messages of one connection on their way to their PUBACK: packet id → place in the intake log.</summary>
internal sealed class PendingAcknowledgements
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, long> _sequences = [];

    /// <summary>Notes where a message went.</summary>
    public void Add(ushort packetId, long sequence)
    {
        lock (_gate)
        {
            _sequences[packetId] = sequence;
        }
    }

    /// <summary>The sequence whose flush the PUBACK waits for, and forgets it; 0 if there is none.</summary>
    public long Take(ushort packetId)
    {
        lock (_gate)
        {
            return _sequences.Remove(packetId, out var sequence) ? sequence : 0;
        }
    }
}

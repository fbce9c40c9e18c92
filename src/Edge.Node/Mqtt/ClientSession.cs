using System.Collections.Concurrent;

namespace Edge.Node.Mqtt;

/// <summary>
/// What the broker remembers of a client beside the library's session: which QoS 2 messages it has received but not released, with their place in the
/// intake log, so that a duplicate is neither appended nor delivered twice (MQTT 5 §4.3.3, method A). Lives as long as the library's session.
/// </summary>
internal sealed class ClientSession
{
    private readonly ConcurrentDictionary<ushort, long> _unreleased = new();

    /// <summary>Remembers a QoS 2 message; false if it is a duplicate, and then <paramref name="sequence"/> is the first one's place.</summary>
    public bool TryReceive(ushort packetId, out long sequence) => !_unreleased.TryGetValue(packetId, out sequence);

    /// <summary>Notes where a message went.</summary>
    public void Received(ushort packetId, long sequence) => _unreleased[packetId] = sequence;

    /// <summary>The client released a message (PUBREL): its packet id may come again for another.</summary>
    public void Release(ushort packetId) => _unreleased.TryRemove(packetId, out _);

    /// <summary>The intake sequence whose flush the PUBREC of <paramref name="packetId"/> waits for; 0 if none.</summary>
    public long SequenceOf(ushort packetId) => _unreleased.GetValueOrDefault(packetId);
}

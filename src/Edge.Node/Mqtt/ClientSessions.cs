using System.Collections.Concurrent;

namespace Edge.Node.Mqtt;

/// <summary>The sessions of all clients, by the broker's own (mounted) client id.</summary>
/// <param name="max">Most sessions at a time.</param>
internal sealed class ClientSessions(int max)
{
    private readonly ConcurrentDictionary<string, ClientSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>Sessions held, connected or not.</summary>
    public int Count => _sessions.Count;

    /// <summary>The client's session: its old one, or a new one when it has none or wants a clean start. Null when there are too many.</summary>
    public ClientSession? Open(string clientId, bool cleanStart)
    {
        if (!cleanStart && _sessions.TryGetValue(clientId, out var old))
        {
            return old;
        }

        if (_sessions.Count >= max && !_sessions.ContainsKey(clientId))
        {
            return null;
        }

        return _sessions[clientId] = new ClientSession();
    }

    /// <summary>The library let go of the session.</summary>
    public void Remove(string clientId) => _sessions.TryRemove(clientId, out _);
}

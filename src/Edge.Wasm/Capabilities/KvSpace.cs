using System.Text;

namespace Edge.Wasm.Capabilities;

/// <summary>
/// The durable key-value pairs of one module instance (of one key of a channel, of a route, of a job). It lives in memory; its owner
/// commits it together with the snapshot and the position, as one record.
/// </summary>
public sealed class KvSpace
{
    private readonly Dictionary<string, byte[]> _pairs = new(StringComparer.Ordinal);

    /// <summary>Bytes of all keys and values, held against the <c>kv:SIZE</c> grant.</summary>
    public long ByteCount { get; private set; }

    /// <summary>All pairs, for commit.</summary>
    public IReadOnlyDictionary<string, byte[]> Pairs => _pairs;

    /// <summary>The value, or null.</summary>
    public byte[]? Get(string key) => _pairs.GetValueOrDefault(key);

    /// <summary>Sets or, with null, deletes.</summary>
    public void Set(string key, byte[]? value)
    {
        if (_pairs.Remove(key, out var old)) ByteCount -= Size(key, old);
        if (value is null) return;
        _pairs[key] = value;
        ByteCount += Size(key, value);
    }

    private static long Size(string key, byte[] value) => Encoding.UTF8.GetByteCount(key) + (long)value.Length;

    /// <summary>Forgets everything, before a restore.</summary>
    public void Clear()
    {
        _pairs.Clear();
        ByteCount = 0;
    }
}

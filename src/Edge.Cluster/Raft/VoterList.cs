using System.Collections.Immutable;
using System.Net;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using Edge.Messages.Site;
using Google.Protobuf;

namespace Edge.Cluster.Raft;

/// <summary>Who votes, by name and in order of names.</summary>
/// <param name="Names">Names.</param>
/// <param name="Version">Index of the log entry that made the list; 0 for a founding or seeded list.</param>
public sealed record VoterList(ImmutableSortedSet<string> Names, long Version)
{
    /// <summary>Nobody.</summary>
    public static VoterList Empty { get; } = new([], 0);

    /// <summary>A list of names.</summary>
    public static VoterList Of(long version, params IEnumerable<string> names) => new(ImmutableSortedSet.CreateRange(StringComparer.Ordinal, names), version);

    /// <summary>Whether both name the same voters, whatever made them.</summary>
    public bool SameNames(VoterList other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Names.SetEquals(other.Names);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{{{string.Join(", ", Names)}}} of {Version}";

    internal byte[] ToBytes() => new StoredVoterList { Version = Version, Voters = { Names } }.ToByteArray();

    internal static VoterList FromBytes(ReadOnlySpan<byte> bytes)
    {
        var stored = StoredVoterList.Parser.ParseFrom(bytes);
        return Of(stored.Version, stored.Voters);
    }
}

/// <summary>A voter list as the Raft library carries it: an immutable set of endpoints that can be written into the log.</summary>
internal sealed class VoterConfiguration(VoterList list) : IClusterConfiguration<EndPoint>
{
    private readonly byte[] _bytes = list.ToBytes();

    public IReadOnlySet<EndPoint> Members { get; } = list.Names.Select(VoterName.ToEndPoint).ToHashSet();

    long? IDataTransferObject.Length => _bytes.Length;

    bool IDataTransferObject.IsReusable => true;

    public IClusterConfiguration<EndPoint> Add(EndPoint address)
    {
        var name = VoterName.FromEndPoint(address);
        return list.Names.Contains(name) ? this : new VoterConfiguration(list with { Names = list.Names.Add(name) });
    }

    public IClusterConfiguration<EndPoint> Remove(EndPoint address)
    {
        var name = VoterName.FromEndPoint(address);
        return list.Names.Contains(name) ? new VoterConfiguration(list with { Names = list.Names.Remove(name) }) : this;
    }

    bool IDataTransferObject.TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = _bytes;
        return true;
    }

    ValueTask IDataTransferObject.WriteToAsync<TWriter>(TWriter writer, CancellationToken token) => writer.Invoke(_bytes, token);
}

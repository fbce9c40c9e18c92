using System.Globalization;
using Edge.Cluster.Book;
using Edge.Cluster.Placements;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Tests.Simulation;

/// <summary>How large a seed's site is, what its nodes are like, and what shall run there.</summary>
internal static class Shape
{
    /// <summary>One seed in 500 is a site of thousands.</summary>
    public static int Size(int seed, Random random) => seed % 500 == 499 ? random.Next(1000, 2000) : random.Next(10) switch { 0 => random.Next(1, 3), < 7 => random.Next(3, 7), _ => random.Next(7, 21) };

    public static string NodeName(int index) => string.Create(CultureInfo.InvariantCulture, $"node-{index:D4}");

    public static BookState Founded(int size, Random random)
    {
        var state = BookState.Empty with { Site = new() { Id = ByteString.CopyFrom(new byte[16]), Name = "site", Incarnation = 1, Format = 1 }, Voters = [NodeName(0)] };
        for (var i = 0; i < size; i++)
        {
            var node = new NodeRecord
            {
                Name = NodeName(i), KeyFingerprint = ByteString.CopyFrom(BitConverter.GetBytes(i + 1)), MayVote = i < 3, FormatMax = 1,
                Capacity = new() { MemoryBytes = 2L << 30, Instances = 400 },
                Witness = size > 3 && i == 2 && random.Next(4) == 0,
                Labels = { ["arch"] = random.Next(3) == 0 ? "x64" : "arm64" },
            };
            if (random.Next(3) == 0)
                node.Labels["gpio"] = "";
            state = state with { Nodes = state.Nodes.SetItem(node.Name, node) };
        }

        return state;
    }

    public static IEnumerable<ActorDemand> Demands(int size, Random random)
    {
        var count = size > 100 ? size * 2 : random.Next(1, 2 + size * 3);
        for (var i = 0; i < count; i++)
            yield return Demand(i, size, random);
    }

    public static ActorDemand Demand(int number, int size, Random random) => new(new ActorName("channel", string.Create(CultureInfo.InvariantCulture, $"t{number % 5}/c{number:D5}")))
    {
        Labels = random.Next(10) switch { 0 => [new("gpio")], 1 => [new("arch", "arm64")], 2 => [new("arch", "riscv")], _ => [] },
        PinnedTo = random.Next(12) == 0 ? NodeName(random.Next(size)) : null,
        Prefers = random.Next(5) == 0 ? NodeName(random.Next(size)) : null,
        ApartFrom = size > 4 && number < 2 ? "pair" : null,
        SpreadOver = $"t{number % 5}",
        MemoryBytes = random.Next(1, 20) << 20,
    };
}

using Edge.Node.Tests.Mqtt;

namespace Edge.Node.Tests.Hosting;

/// <summary>What peers that have not signed in can cost a node, watched in a process of its own.</summary>
public sealed class HostilePeersTests
{
    [Fact]
    public async Task Headers_that_announce_256_MB_cost_nothing()
    {
        using var folder = new NodeFolder();
        await using var node = await NodeProcess.StartAsync(folder);
        var before = node.Process.ResidentMiB;
        var peers = new List<RawClient>();
        for (var i = 0; i < 100; i++)
        {
            var peer = await RawClient.ConnectAsync(node.Mqtt);
            peers.Add(peer);
            await peer.SendAsync(0x10, 0xFF, 0xFF, 0xFF, 0x7F);
        }

        foreach (var peer in peers)
        {
            await peer.ClosedAsync();
            peer.Dispose();
        }

        // The library's own transport took 1 700 MB for twenty of them.
        Assert.InRange(node.Process.ResidentMiB - before, double.MinValue, 40);
        await node.ConnectAsync("good");
    }

    [Fact]
    public async Task Half_packets_cost_nothing()
    {
        using var folder = new NodeFolder();
        await using var node = await NodeProcess.StartAsync(folder);
        var before = node.Process.ResidentMiB;
        var peers = new List<RawClient>();
        for (var i = 0; i < 200; i++)
        {
            var peer = await RawClient.ConnectAsync(node.Mqtt);
            peers.Add(peer);

            // A CONNECT of 60 000 bytes of which a few come.
            await peer.SendAsync(0x10, 0xE0, 0xD4, 0x03, 0, 4);
        }

        // Signed in after all of them: the broker has read what they sent, and still serves.
        var good = await node.ConnectAsync("good");
        await good.PingAsync(TestContext.Current.CancellationToken);
        Assert.InRange(node.Process.ResidentMiB - before, double.MinValue, 40);
        peers.ForEach(peer => peer.Dispose());
    }
}

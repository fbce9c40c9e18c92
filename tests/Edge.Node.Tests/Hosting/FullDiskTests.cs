using System.Net;
using System.Text;
using System.Text.Json;
using Edge.Node.Tests.Mqtt;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Node.Tests.Hosting;

/// <summary>A node whose disk fills up, or cannot be written from the start.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_node_whose_disk_fills_up_says_so_keeps_what_it_acknowledges_and_recovers_by_itself()
    {
        await MountNamespace.NeedAsync();
        using var folder = new NodeFolder().WithCounter();
        await using var node = await NodeProcess.StartAsync(folder, inside: $"mkdir -p '{folder.Data}'; mount -t tmpfs -o size=192m tmpfs '{folder.Data}'");
        Assert.Equal(HttpStatusCode.OK, (await node.ReadyAsync()).Code);
        var client = await node.ConnectAsync("client");
        var results = new MessageQueue(client);
        await client.SubscribeAsync("out/#", cancellationToken: TestContext.Current.CancellationToken);
        var filler = $"/proc/{node.Process.Id}/root{folder.Data}/filler";

        Fill(filler);
        const int readings = 20;
        for (var i = 1; i <= readings; i++) Assert.True((await client.PublishAsync(Reading(i), TestContext.Current.CancellationToken)).IsSuccess);

        var (code, body) = await UntilAsync(node, parts => parts.Any(part => part.Contains("Channel state is not committed", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, code);
        Assert.Contains("disk", body.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("part").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await node.GetAsync("healthz")).Code);

        File.Delete(filler);
        (code, _) = await UntilAsync(node, parts => parts.Length == 0);
        Assert.Equal(HttpStatusCode.OK, code);
        for (var i = 1; i <= readings; i++) await results.NextAsync($"result {i} of {readings}");
        Assert.Equal(0, await node.StopAsync());
    }

    [Fact]
    public async Task A_read_only_data_folder_is_refused_with_the_remedy()
    {
        await MountNamespace.NeedAsync();
        using var folder = new NodeFolder();
        await using (var first = await NodeProcess.StartAsync(folder))
            Assert.Equal(0, await first.StopAsync());

        await using var second = EdgeProcess.Start(
            ["up", .. folder.Arguments, "--mqtt", "127.0.0.1:0", "--http", "127.0.0.1:0"], inside: $"mount --bind '{folder.Data}' '{folder.Data}'; mount -o remount,bind,ro '{folder.Data}'");

        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains($"Data folder {folder.Data} cannot be used", second.Errors, StringComparison.Ordinal);
        Assert.Contains("read-only", second.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_without_room_is_refused_with_the_remedy()
    {
        await MountNamespace.NeedAsync();
        using var folder = new NodeFolder();

        await using var node = EdgeProcess.Start(
            ["up", .. folder.Arguments, "--mqtt", "127.0.0.1:0", "--http", "127.0.0.1:0"], inside: $"mkdir -p '{folder.Data}'; mount -t tmpfs -o size=64k tmpfs '{folder.Data}'");

        Assert.Equal(1, await node.ExitAsync());
        Assert.Contains(folder.Data, node.Errors, StringComparison.Ordinal);
        Assert.Contains("Free some space", node.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", node.Errors, StringComparison.Ordinal);
    }

    private static MqttApplicationMessage Reading(int sequence) =>
        new MqttApplicationMessageBuilder().WithTopic("in/a").WithPayload("x").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithUserProperty("seq", Encoding.UTF8.GetBytes($"{sequence}").AsMemory()).Build();

    // In ever smaller pieces, until not a page is left.
    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var piece = new byte[1 << 20]; piece.Length >= 512;)
        {
            try
            {
                file.Write(piece);
            }
            catch (IOException)
            {
                piece = new byte[piece.Length / 2];
            }
        }
    }

    private static async Task<(HttpStatusCode Code, JsonElement Body)> UntilAsync(NodeProcess node, Func<string[], bool> good)
    {
        using var limit = new CancellationTokenSource(Patience.Time);
        while (true)
        {
            var (code, body) = await node.GetAsync("readyz");
            if (good([.. body.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("reason").GetString()!)])) return (code, body);
            Assert.False(limit.IsCancellationRequested, $"readyz still says {(int)code} {body}");
        }
    }
}

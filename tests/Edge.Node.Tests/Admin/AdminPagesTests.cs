using System.Net;
using System.Text;
using Edge.Node.Tests.Hosting;
using Edge.Node.Tests.Mqtt;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Node.Tests.Admin;

public sealed class AdminPagesTests
{
    [Fact]
    public async Task A_node_that_works_says_so()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var node = await NodeProcess.StartAsync(folder);

        var (health, _) = await node.GetAsync("healthz");
        var (ready, body) = await node.ReadyAsync();
        var (_, status) = await node.GetAsync("api/v1/status");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (health, ready));
        Assert.Equal("ok", body.GetProperty("status").GetString());
        Assert.Equal("counts", status.GetProperty("channels")[0].GetProperty("name").GetString());
        Assert.Equal("running", status.GetProperty("channels")[0].GetProperty("state").GetString());
        Assert.Equal("ready", status.GetProperty("modules")[0].GetProperty("state").GetString());
        Assert.Equal("open", status.GetProperty("intake").GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_module_that_faults_is_named_and_the_node_stays_ready()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var node = await NodeProcess.StartAsync(folder);
        var client = await node.ConnectAsync("client");
        var results = new MessageQueue(client);
        await client.SubscribeAsync("dead", cancellationToken: TestContext.Current.CancellationToken);
        await client.SubscribeAsync("out/#", cancellationToken: TestContext.Current.CancellationToken);

        foreach (var (payload, sequence) in new[] { ("!poison", "1"), ("x", "2") })
        {
            await client.PublishAsync(
                new MqttApplicationMessageBuilder().WithTopic("in/a").WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                    .WithUserProperty("seq", Encoding.UTF8.GetBytes(sequence).AsMemory()).Build(),
                TestContext.Current.CancellationToken);
        }

        // The dead letter, and then the next message's result: the fault is known to the module's supervisor before an instance is made anew.
        await results.NextAsync("the dead letter");
        await results.NextAsync("the next result");
        var (code, body) = await node.ReadyAsync();

        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal("degraded", body.GetProperty("status").GetString());
        Assert.Contains("module default/counter", body.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("part").GetString()));
    }

    [Fact]
    public async Task Channel_state_that_cannot_be_used_is_named_and_the_node_starts_without_it()
    {
        using var folder = new NodeFolder().WithCounter();
        Directory.CreateDirectory(folder.Data);
        await File.WriteAllTextAsync(Path.Combine(folder.Data, "state.db"), new string('x', 9000), TestContext.Current.CancellationToken);
        await using var node = await NodeProcess.StartAsync(folder);

        var (code, body) = await node.ReadyAsync();

        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal("degraded", body.GetProperty("status").GetString());
        var part = Assert.Single(body.GetProperty("parts").EnumerateArray());
        Assert.Equal("state", part.GetProperty("part").GetString());
        Assert.Contains("It was moved to", part.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_of_the_manifests_is_published()
    {
        using var folder = new NodeFolder();
        await using var node = await NodeProcess.StartAsync(folder);

        var (code, schema) = await node.GetAsync("schema/edge-v1.json");

        Assert.Equal(HttpStatusCode.OK, code);
        Assert.True(schema.TryGetProperty("$schema", out _));
    }
}

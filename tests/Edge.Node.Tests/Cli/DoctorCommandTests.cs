using Edge.Messages.Channels;
using Edge.Messages.Tenants;
using Edge.Node.Cli;
using Edge.Node.Storage;
using Edge.Node.Tests.Hosting;
using Edge.Node.Tests.Mqtt;
using Edge.Node.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Node.Tests.Cli;

public sealed class DoctorCommandTests
{
    private static readonly ChannelId Counts = new(TenantName.Default, "counts");

    [Fact]
    public async Task A_channel_is_forgotten_once_the_node_has_stopped()
    {
        using var folder = new NodeFolder().WithCounter();
        await using (var node = await NodeProcess.StartAsync(folder))
        {
            var client = await node.ConnectAsync("client");
            var results = new MessageQueue(client);
            await client.SubscribeAsync("out/#", cancellationToken: TestContext.Current.CancellationToken);
            await client.PublishAsync(
                new MqttApplicationMessageBuilder().WithTopic("in/a").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithUserProperty("seq", "1"u8.ToArray().AsMemory()).Build(), TestContext.Current.CancellationToken);
            await results.NextAsync();

            var (refused, _, why) = await ForgetAsync(folder, "default/counts");
            Assert.Equal(EdgeCli.Failed, refused);
            Assert.Contains($"in use by process {node.Process.Id}", why, StringComparison.Ordinal);
            Assert.Equal(0, await node.StopAsync());
        }

        Assert.True(HasState(folder));
        var (done, said, _) = await ForgetAsync(folder, "default/counts");

        Assert.Equal(EdgeCli.Done, done);
        Assert.Contains("Channel 'default/counts' has no state now", said, StringComparison.Ordinal);
        Assert.False(HasState(folder));
    }

    [Fact]
    public async Task A_name_that_is_none_is_bad_usage_and_a_folder_without_state_is_said_to_be_so()
    {
        using var folder = new NodeFolder();

        Assert.Equal(EdgeCli.BadUsage, (await ForgetAsync(folder, "no channel")).ExitCode);
        var (failed, _, why) = await ForgetAsync(folder, "default/counts");
        Assert.Equal(EdgeCli.Failed, failed);
        Assert.Contains("has no channel state", why, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output, string Errors)> ForgetAsync(NodeFolder folder, string channel) =>
        EdgeProcess.RunAsync("doctor", "--data", folder.Data, "--forget", channel);

    private static bool HasState(NodeFolder folder)
    {
        using var store = ChannelStore.Open(Path.Combine(folder.Data, "state.db"), Logs.NoMetrics(), TimeProvider.System, NullLogger<ChannelStore>.Instance);
        return store.Load(Counts) is not null;
    }
}

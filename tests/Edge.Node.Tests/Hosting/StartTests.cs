using System.Net;
using System.Net.Sockets;

namespace Edge.Node.Tests.Hosting;

/// <summary>A node that cannot start says why, and what to do.</summary>
public sealed class StartTests
{
    private const int Failed = 1;
    private const int BadUsage = 2;

    [Theory]
    [InlineData("--mqtt", "--http")]
    [InlineData("--http", "--mqtt")]
    public async Task A_port_in_use_is_named_with_its_process(string taken, string free)
    {
        using var folder = new NodeFolder();
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();

        var (exitCode, output, errors) = await EdgeProcess.RunAsync(["up", .. folder.Arguments, taken, $"{other.LocalEndPoint}", free, "127.0.0.1:0"]);

        Assert.Equal(Failed, exitCode);
        Assert.Empty(output);
        Assert.Contains($"{other.LocalEndPoint}: the port is in use by", errors, StringComparison.Ordinal);
        Assert.Contains($"(process {Environment.ProcessId})", errors, StringComparison.Ordinal);
        Assert.Contains(taken, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_start_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        using var folder = new NodeFolder();
        await using var first = await NodeProcess.StartAsync(folder);

        var (exitCode, _, errors) = await EdgeProcess.RunAsync(["up", .. folder.Arguments, "--mqtt", "127.0.0.1:0", "--http", "127.0.0.1:0"]);

        Assert.Equal(Failed, exitCode);
        Assert.Contains(folder.Data, errors, StringComparison.Ordinal);
        Assert.Contains($"{first.Process.Id}", errors, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await first.ReadyAsync()).Code);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named()
    {
        // Nobody, not even root, makes folders in /sys.
        var (exitCode, _, errors) = await EdgeProcess.RunAsync("up", "--data", "/sys/edge-data", "--mqtt", "127.0.0.1:0", "--http", "127.0.0.1:0");

        Assert.Equal(Failed, exitCode);
        Assert.Contains("/sys/edge-data", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Off_loopback_without_devices_is_refused()
    {
        using var folder = new NodeFolder();

        var (exitCode, _, errors) = await EdgeProcess.RunAsync(["up", .. folder.Arguments, "--mqtt", "0.0.0.0:0", "--http", "127.0.0.1:0"]);

        Assert.Equal(Failed, exitCode);
        Assert.Contains("edge device add", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Off_loopback_with_a_device_takes_it_and_nobody_else()
    {
        using var folder = new NodeFolder();
        var (added, output, _) = await EdgeProcess.RunAsync("device", "add", "boiler", "--data", folder.Data);
        Assert.Equal(0, added);
        var password = output.Trim().Split(' ')[^1];
        await using var node = EdgeProcess.Start(["up", .. folder.Arguments, "--mqtt", "0.0.0.0:0", "--http", "127.0.0.1:0"]);
        var ready = await Patience.For(node.FirstLine, "the ready line");
        var port = int.Parse(ready.Split("mqtt 0.0.0.0:")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

        using var client = new MQTTnet.MqttClientFactory().CreateMqttClient();
        var options = new MQTTnet.MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithTimeout(Patience.Time);
        Assert.Equal(MQTTnet.MqttClientConnectResultCode.NotAuthorized, (await client.ConnectAsync(options.Build(), TestContext.Current.CancellationToken)).ResultCode);
        Assert.Equal(
            MQTTnet.MqttClientConnectResultCode.Success, (await client.ConnectAsync(options.WithCredentials("boiler", password).Build(), TestContext.Current.CancellationToken)).ResultCode);
    }

    [Fact]
    public async Task Mistakes_in_manifests_are_all_told_and_nothing_starts()
    {
        using var folder = new NodeFolder().With("a.yaml", "apiVersion: edge/v1\nkind: Channle\n").With("b.yaml", "apiVersion: edge/v9\nkind: Module\n");

        var (exitCode, output, errors) = await EdgeProcess.RunAsync(["up", .. folder.Arguments, "--mqtt", "127.0.0.1:0", "--http", "127.0.0.1:0"]);

        Assert.Equal(BadUsage, exitCode);
        Assert.Empty(output);
        Assert.Contains("a.yaml:2", errors, StringComparison.Ordinal);
        Assert.Contains("b.yaml:1", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--mqtt", "1883")]
    [InlineData("--mqtt", "127.0.0.1")]
    [InlineData("--http", "127.0.0.1:99999")]
    public async Task An_address_that_is_none_is_bad_usage(string option, string value)
    {
        var (exitCode, _, errors) = await EdgeProcess.RunAsync("up", option, value);

        Assert.Equal(BadUsage, exitCode);
        Assert.Contains($"'{value}' is no address", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_command_is_answered_with_the_nearest()
    {
        var (exitCode, output, errors) = await EdgeProcess.RunAsync("devise");

        Assert.Equal(BadUsage, exitCode);
        Assert.Contains("device", output + errors, StringComparison.Ordinal);
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Edge.Actors.Intake;
using Edge.Messages.Intake;
using Edge.Node.Mqtt;
using Edge.Node.Mqtt.Devices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Formatter;

namespace Edge.Node.Tests.Mqtt;

/// <summary>A broker in this process, on a port of its own, with an intake that the test drives. Real sockets, real clients.</summary>
internal sealed class BrokerFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ActivitySource _activities = new("Edge");
    private readonly DeviceAuthenticator _authenticator;
    private readonly List<IMqttClient> _clients = [];

    private BrokerFixture()
    {
        Devices = new(Path.Combine(Folder.FullName, DeviceFile.Name));
        _authenticator = new(Devices, TimeProvider.System, NullLogger<DeviceAuthenticator>.Instance);
    }

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("edge-broker-");

    public DeviceFile Devices { get; }

    public MqttBroker Broker { get; private set; } = null!;

    public ScriptedIntake Intake { get; } = new();

    public static async Task<BrokerFixture> StartAsync(Func<MqttBrokerOptions, MqttBrokerOptions>? options = null)
    {
        var fixture = new BrokerFixture();
        var plain = new MqttBrokerOptions { EndPoint = new(IPAddress.Loopback, 0) };
        fixture.Broker = await MqttBroker.OpenAsync(
            options?.Invoke(plain) ?? plain, fixture._authenticator, fixture._services.GetRequiredService<IMeterFactory>(), fixture._activities, TimeProvider.System, NullLogger<MqttBroker>.Instance);
        fixture.Broker.Accept(fixture.Intake);
        return fixture;
    }

    /// <summary>A client that is not connected yet.</summary>
    public IMqttClient Client()
    {
        var client = new MqttClientFactory().CreateMqttClient();
        _clients.Add(client);
        return client;
    }

    public MqttClientOptionsBuilder Options(MqttProtocolVersion version = MqttProtocolVersion.V500) =>
        new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Broker.EndPoint.Port).WithProtocolVersion(version).WithTimeout(Patience.Time);

    public async Task<IMqttClient> ConnectAsync(string id, string? device = null, string? password = null, MqttProtocolVersion version = MqttProtocolVersion.V500)
    {
        var client = Client();
        var options = Options(version).WithClientId(id);
        await client.ConnectAsync((device is null ? options : options.WithCredentials(device, password)).Build(), TestContext.Current.CancellationToken);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await Broker.DisposeAsync();
        _authenticator.Dispose();
        _activities.Dispose();
        await _services.DisposeAsync();
        Folder.Delete(recursive: true);
    }
}

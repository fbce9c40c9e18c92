using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using MQTTnet;
using MQTTnet.Formatter;

namespace Edge.Node.Tests.Hosting;

/// <summary>
/// A real node: <c>edge up</c> from the build output in a process of its own, on free ports. Start another on the same <see cref="NodeFolder"/> to see what a restart finds.
/// </summary>
internal sealed partial class NodeProcess : IAsyncDisposable
{
    private readonly EdgeProcess _process;
    private readonly List<IMqttClient> _clients = [];

    private NodeProcess(EdgeProcess process, IPEndPoint mqtt, IPEndPoint http)
    {
        (_process, Mqtt) = (process, mqtt);
        Http = new HttpClient { BaseAddress = new($"http://{http}/") };
    }

    /// <summary>Where the broker listens.</summary>
    public IPEndPoint Mqtt { get; }

    /// <summary>Asks the admin server.</summary>
    public HttpClient Http { get; }

    /// <summary>The process, to signal and watch.</summary>
    public EdgeProcess Process => _process;

    /// <summary>Starts a node and waits until it is ready.</summary>
    /// <param name="folder">Data and manifests.</param>
    /// <param name="environment">Variables on top of the test's own.</param>
    /// <param name="inside">See <see cref="EdgeProcess.Start"/>.</param>
    public static Task<NodeProcess> StartAsync(NodeFolder folder, IReadOnlyDictionary<string, string>? environment = null, string? inside = null) =>
        StartAsync(folder.Arguments, environment, inside);

    /// <summary>Starts a node with these arguments of <c>edge up</c>, and waits until it is ready.</summary>
    public static async Task<NodeProcess> StartAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? inside = null)
    {
        var process = EdgeProcess.Start(["up", .. arguments, "--mqtt", "127.0.0.1:0", "--http", "127.0.0.1:0"], environment, inside);
        var line = await Patience.For(process.LineAsync("edge ready"), "the ready line");
        var ready = ReadyLine().Match(line);
        if (!ready.Success)
        {
            var exitCode = await process.ExitAsync();
            await process.DisposeAsync();
            throw new InvalidOperationException($"The node ended with {exitCode} instead of starting: {process.Output}{process.Errors}");
        }

        return new(process, IPEndPoint.Parse(ready.Groups["mqtt"].Value), IPEndPoint.Parse(ready.Groups["http"].Value));
    }

    /// <summary>A connected client.</summary>
    public async Task<IMqttClient> ConnectAsync(string id, MqttProtocolVersion version = MqttProtocolVersion.V500)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        _clients.Add(client);
        await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Mqtt.Port).WithClientId(id).WithProtocolVersion(version).WithTimeout(Patience.Time).Build(),
            TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Status code and body of an admin page.</summary>
    public async Task<(HttpStatusCode Code, JsonElement Body)> GetAsync(string page)
    {
        using var answer = await Http.GetAsync(page, TestContext.Current.CancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, (await JsonDocument.ParseAsync(body, cancellationToken: TestContext.Current.CancellationToken)).RootElement);
    }

    /// <summary>
    /// What /readyz says once the node is ready. On a busy machine a node on its own may lose its lease for a moment; its channels then begin again, and it says that it is starting.
    /// </summary>
    public async Task<(HttpStatusCode Code, JsonElement Body)> ReadyAsync()
    {
        using var limit = new CancellationTokenSource(Patience.Time);
        while (true)
        {
            var answer = await GetAsync("readyz");
            if (answer.Code == HttpStatusCode.OK || limit.IsCancellationRequested) return answer;
        }
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync()
    {
        _process.Terminate();
        return await _process.ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        Http.Dispose();
        await _process.DisposeAsync();
    }

    [GeneratedRegex(@"^edge ready in [\d.]+ s  mqtt (?<mqtt>\S+)  http (?<http>\S+)  peers (?<peers>\S+)  data ")]
    private static partial Regex ReadyLine();
}

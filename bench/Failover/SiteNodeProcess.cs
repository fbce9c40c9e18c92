using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Edge.Bench.Failover;

/// <summary>A real <c>edge up</c> of a site: it is killed and started again on the same ports and data folder. Its admin API is spoken over its loopback with its local token.</summary>
internal sealed class SiteNodeProcess(NodePlace place, string binary, string folder) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly int _mqtt = Processes.FreePort();
    private readonly int _http = Processes.FreePort();
    private readonly int _peers = Processes.FreePort();
    private readonly string _data = Path.Combine(folder, place.Name);
    private Process? _process;
    private HttpClient? _api;

    /// <summary>Its name.</summary>
    public string Name => place.Name;

    /// <summary>Where it is on the network.</summary>
    public NodePlace Place => place;

    /// <summary>A way to its broker, on loopback here.</summary>
    public BrokerRelay Broker() => new(place, _mqtt);

    /// <summary>Where others reach it.</summary>
    public string PeerAddress => $"{place.Address}:{_peers}";

    /// <summary>Starts it and waits until it takes messages.</summary>
    /// <exception cref="BenchException">It does not.</exception>
    public async Task StartAsync(params string[] arguments)
    {
        var start = place.Start(binary, ["up", "--data", _data, "--name", Name, "--mqtt", $"127.0.0.1:{_mqtt}", "--http", $"127.0.0.1:{_http}", "--peers", PeerAddress, "--no-announce", .. arguments]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        var log = new StreamWriter(Path.Combine(folder, $"{Name}.log"), append: true) { AutoFlush = true };
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) ready.TrySetResult(false);
            else if (line.Data.StartsWith("edge ready in ", StringComparison.Ordinal)) ready.TrySetResult(true);
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) log.Dispose();
            else log.WriteLine(line.Data);
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (!await ready.Task.WaitAsync(StartLimit))
        {
            await _process.WaitForExitAsync();
            var lines = await File.ReadAllLinesAsync(Path.Combine(folder, $"{Name}.log"));
            throw new BenchException($"Node '{Name}' ended before it was ready. Its log ends with:{Environment.NewLine}{string.Join(Environment.NewLine, lines.TakeLast(12))}");
        }
        _api?.Dispose();
        _api = Api();
    }

    /// <summary>SIGKILL, and waits for the end.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>GET of the admin API; null while it does not answer.</summary>
    public async Task<JsonNode?> GetAsync(string path)
    {
        try
        {
            return JsonNode.Parse(await _api!.GetStringAsync($"api/v1/{path}"));
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>POST to the admin API.</summary>
    /// <exception cref="BenchException">It refuses.</exception>
    public async Task<JsonNode?> PostAsync(string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var answer = await _api!.PostAsync($"api/v1/{path}", content);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new BenchException($"Node '{Name}' refuses {path}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _api?.Dispose();
    }

    private HttpClient Api()
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectCallback = async (_, _) => new NetworkStream(await place.ConnectAsync(_http), ownsSocket: true) })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{_http}/"),
            Timeout = TimeSpan.FromSeconds(5),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(_data, "admin.token")).Trim());
        return client;
    }
}

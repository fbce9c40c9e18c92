using System.Diagnostics;
using System.Net;
using Edge.Node.Cli.Remote;

namespace Edge.Site.Tests.Harness;

/// <summary>One <c>edge up</c> as a process that can be killed, paused and started again, on addresses of its own that it keeps.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly TaskCompletionSource<string> _admin = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private const int LinesKept = 60;

    private readonly Queue<string> _lines = new();
    private readonly List<(string Text, TaskCompletionSource<string> Came)> _waits = [];
    private Process? _process;
    private TaskCompletionSource<string> _ready = new();

    public NodeProcess(string name, string folder, NodePlace place) => (Name, Data, Place) = (name, System.IO.Path.Combine(folder, name), place);

    public string Name { get; }

    public string Data { get; }

    /// <summary>Where it listens; a later start may be at another place.</summary>
    public NodePlace Place { get; set; }

    /// <summary>The administrator's token, on the node that founded the site.</summary>
    public Task<string> AdminAsync() => Waiting.ForAsync(_admin.Task, $"the administrator's token of {Name}", LastLines);

    public int Id => _process?.Id ?? 0;

    public bool Runs => _process is { HasExited: false };

    /// <summary>Starts it and waits for "edge ready".</summary>
    public async Task StartAsync(params string[] arguments)
    {
        if (await TryStartAsync(arguments) is { } ended) throw new InvalidOperationException($"Node {Name} ended with {ended.ExitCode} instead of getting ready:{Environment.NewLine}{ended.Errors}");
    }

    /// <summary>Starts it; returns how it ended if it did so before it was ready.</summary>
    public async Task<NodeEnded?> TryStartAsync(params string[] arguments)
    {
        _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = _process = new Process { StartInfo = Place.Command(["up", "--data", Data, "--name", Name, .. Place.Arguments, "--no-announce", .. arguments]), EnableRaisingEvents = true };
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult();
        process.OutputDataReceived += (_, line) => Said(line.Data);
        process.ErrorDataReceived += (_, line) => Logged(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var first = await Task.WhenAny(_ready.Task, exited.Task, Task.Delay(Waiting.Limit));
        if (first == _ready.Task) return null;
        if (first != exited.Task) throw new TimeoutException($"Node {Name} was not ready in {Waiting.Limit.TotalSeconds:0} s. Log:{Environment.NewLine}{LastLines()}");
        await process.WaitForExitAsync();
        return new(process.ExitCode, LastLines());
    }

    /// <summary>SIGKILL, and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>SIGTERM, and waits for its end. Returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        await _process!.WaitForExitAsync().WaitAsync(Waiting.Limit);
        var code = _process.ExitCode;
        _process.Dispose();
        _process = null;
        return code;
    }

    /// <summary>SIGSTOP.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT.</summary>
    public Task ContinueAsync()
    {
        return SignalAsync("CONT");
    }

    /// <summary>Lets devices in, where they need a name.</summary>
    public async Task AddDeviceAsync()
    {
        if (Place.Namespace is null) return;
        var start = (Place with { Namespace = null }).Command(["device", "add", Mqtt.Device, "--password-stdin", "--data", Data]);
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(Mqtt.Password);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
    }

    /// <summary>Its admin API, as administrator.</summary>
    public ApiClient Api()
    {
        var local = LocalNode.Find(Data);
        return new(local.Url, Place.Token ?? local.Token, new ServerTrust(local.Url, local.Fingerprint, new KnownSites(System.IO.Path.Combine(Data, "known-sites")), TextWriter.Null));
    }

    /// <summary>Completes with the next line of its log that holds a text.</summary>
    public Task<string> NextLogAsync(string text)
    {
        var came = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lines) _waits.Add((text, came));

        return Waiting.ForAsync(came.Task, $"a log line of {Name} with '{text}'", LastLines);
    }

    /// <summary>The last lines of its log.</summary>
    public string LastLines()
    {
        lock (_lines) return string.Join(Environment.NewLine, _lines);
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    private void Said(string? line)
    {
        const string AdminIs = "Administrator's token, shown this once: ";
        if (line is null) return;
        if (line.IndexOf(AdminIs, StringComparison.Ordinal) is >= 0 and var at) _admin.TrySetResult(line[(at + AdminIs.Length)..].Trim());
        if (line.StartsWith("edge ready", StringComparison.Ordinal)) _ready.TrySetResult(line);
    }

    private void Logged(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            if (_lines.Count == LinesKept) _lines.Dequeue();
            _lines.Enqueue(line);
            foreach (var wait in _waits.Where(wait => line.Contains(wait.Text, StringComparison.Ordinal)).ToList())
            {
                wait.Came.TrySetResult(line);
                _waits.Remove(wait);
            }
        }
    }
}

/// <summary>How a process ended, and what it said.</summary>
internal sealed record NodeEnded(int ExitCode, string Errors);

/// <summary>Where a node is: its addresses, and how it is started there.</summary>
internal sealed record NodePlace(IPEndPoint Mqtt, IPEndPoint Http, IPEndPoint Peers)
{
    /// <summary>Network namespace; null: the machine's own.</summary>
    public string? Namespace { get; init; }

    /// <summary>Token for the API, where the node's own local one is not taken.</summary>
    public string? Token { get; init; }

    public string[] Arguments => ["--mqtt", $"{Mqtt}", "--http", $"{Http}", "--peers", $"{Peers}"];

    /// <summary>Addresses of one machine: each node has its own loopback address, so that no other process takes its ports while it is down.</summary>
    public static NodePlace OnLoopback(int site, int node) => At(IPAddress.Parse($"127.{77 + site / 250}.{1 + site % 250}.{node}"));

    public static NodePlace At(IPAddress address) => new(new(address, 1883), new(address, 8080), new(address, 7400));

    /// <summary>The program with arguments.</summary>
    public ProcessStartInfo Command(IEnumerable<string> arguments)
    {
        var edge = System.IO.Path.Combine(AppContext.BaseDirectory, "edge");
        var start = Namespace is null ? new ProcessStartInfo(edge, arguments) : new ProcessStartInfo("ip", ["netns", "exec", Namespace, edge, .. arguments]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        return start;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Edge.Node.Cli.Remote;

namespace Edge.Node.Demo;

/// <summary>
/// A node of the demo that is a process of its own, started from this program: on loopback, on free ports. Ends with <see cref="DisposeAsync"/>, by SIGKILL: its data folder is deleted anyway.
/// </summary>
internal sealed partial class ChildNode : IAsyncDisposable
{
    /// <summary>Last lines of its log that are kept, to say why it ended.</summary>
    private const int LinesKept = 12;

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Queue<string> _lines = new(LinesKept);
    private readonly TaskCompletionSource<Match> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _killed;

    private ChildNode(string name, string data, Process process)
    {
        (Name, Data, _process) = (name, data, process);
        process.EnableRaisingEvents = true;
        process.OutputDataReceived += (_, line) => Said(line.Data);
        process.ErrorDataReceived += (_, line) => Logged(line.Data);
        process.Exited += (_, _) => Ended();
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its data folder.</summary>
    public string Data { get; }

    /// <summary>Where its MQTT broker listens.</summary>
    public IPEndPoint Mqtt { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Where it hears other nodes.</summary>
    public IPEndPoint Peers { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Completes with words when the process ended without having been asked to.</summary>
    public Task<string> Lost => _ended.Task;

    /// <summary>Starts <c>edge up</c> and waits until it takes messages.</summary>
    /// <exception cref="DemoException">It ended, or was not ready in time.</exception>
    public static async Task<ChildNode> StartAsync(string name, string data, IEnumerable<string> arguments, TimeProvider time, CancellationToken stop)
    {
        var start = OwnProgram();
        string[] own = ["up", "--data", data, "--name", name, "--mqtt", "127.0.0.1:0", "--http", "127.0.0.1:0", "--peers", "127.0.0.1:0", "--no-announce"];
        foreach (var argument in own.Concat(arguments)) start.ArgumentList.Add(argument);
        var node = new ChildNode(name, data, new Process { StartInfo = start });
        try
        {
            await node.UntilReadyAsync(time, stop);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: as if the power went, but for the page cache.</summary>
    public void Kill()
    {
        _killed = true;
        _process.Kill();
    }

    /// <summary>Its admin API, as who may read its data folder.</summary>
    public ApiClient Api()
    {
        var local = LocalNode.Find(Data);
        return new(local.Url, local.Token, new ServerTrust(local.Url, local.Fingerprint, KnownSites.OfUser(), TextWriter.Null));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task UntilReadyAsync(TimeProvider time, CancellationToken stop)
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var first = await Task.WhenAny(_ready.Task, _ended.Task, Task.Delay(ReadyLimit, time, stop));
        stop.ThrowIfCancellationRequested();
        if (first == _ended.Task) throw new DemoException(await _ended.Task);
        if (first != _ready.Task) throw new DemoException($"Node '{Name}' was not ready in {ReadyLimit.TotalSeconds:0} s. Its log ends with:{Environment.NewLine}{LastLines()}");
        var line = await _ready.Task;
        (Mqtt, Peers) = (IPEndPoint.Parse(line.Groups["mqtt"].Value), IPEndPoint.Parse(line.Groups["peers"].Value));
    }

    // The program may have been started as "edge" or as "dotnet edge.dll".
    private static ProcessStartInfo OwnProgram()
    {
        var program = Environment.ProcessPath ?? throw new DemoException("This system does not tell the path of the running program, so no further nodes can be started.");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "edge.dll"));
        return start;
    }

    private void Said(string? line)
    {
        if (line is not null && ReadyLine().Match(line) is { Success: true } ready) _ready.TrySetResult(ready);
    }

    private void Logged(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            if (_lines.Count == LinesKept) _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    private void Ended()
    {
        if (_killed) return;
        _process.WaitForExit(); // The last lines of its log come before this returns.
        _ended.TrySetResult(string.Create(CultureInfo.InvariantCulture, $"Node '{Name}' ended with exit code {_process.ExitCode}. Its log ends with:{Environment.NewLine}{LastLines()}"));
    }

    private string LastLines()
    {
        lock (_lines) return string.Join(Environment.NewLine, _lines);
    }

    [GeneratedRegex(@"^edge ready in \S+ s  mqtt (?<mqtt>\S+)  http \S+  peers (?<peers>\S+)")]
    private static partial Regex ReadyLine();
}

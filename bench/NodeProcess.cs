using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Edge.Bench;

/// <summary>A real <c>edge up</c> on free loopback ports with a data folder that is deleted at the end.</summary>
internal sealed partial class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly DirectoryInfo _data;

    private NodeProcess(Process process, DirectoryInfo data, IPEndPoint mqtt, long started) =>
        (_process, _data, Mqtt, Started) = (process, data, mqtt, started);

    /// <summary>Where its broker listens.</summary>
    public IPEndPoint Mqtt { get; }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>Stopwatch timestamp of the moment before the process was made.</summary>
    public long Started { get; }

    /// <summary>Starts one, and waits until it says that it is ready.</summary>
    /// <exception cref="BenchException">It does not.</exception>
    public static async Task<NodeProcess> StartAsync(string manifests)
    {
        var data = Directory.CreateTempSubdirectory("edge-bench-");
        var start = new ProcessStartInfo(
            await BinaryAsync(),
            ["up", "-f", manifests, "--data", data.FullName, "--mqtt", "127.0.0.1:0", "--http", "127.0.0.1:0", "--peers", "127.0.0.1:0", "--no-announce"]) { RedirectStandardOutput = true };
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(StartLimit);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
                if (Ready().Match(line) is { Success: true } ready) return new NodeProcess(process, data, IPEndPoint.Parse(ready.Groups["mqtt"].Value), started);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new BenchException($"'edge up' did not say that it is ready within {StartLimit.TotalSeconds} s.");
        }
        throw new BenchException("'edge up' ended before it was ready; what it said is above.");
    }

    // What ./edge runs, brought up to date by it; started without the script, so that its look at the sources is not counted.
    internal static async Task<string> BinaryAsync()
    {
        using var build = Process.Start(new ProcessStartInfo(SourceTree.File("edge"), ["--version"]) { RedirectStandardOutput = true })!;
        await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        return build.ExitCode == 0 ? SourceTree.File("artifacts", "edge", "edge") : throw new BenchException("'./edge --version' failed; what it said is above.");
    }

    /// <summary>Asks it to stop (SIGTERM) and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var ask = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await ask.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }
        _process.Dispose();
        _data.Delete(recursive: true);
    }

    [GeneratedRegex(@"^edge ready in .* mqtt (?<mqtt>\S+)")]
    private static partial Regex Ready();
}

using System.ComponentModel;
using System.Diagnostics;

namespace Edge.Bench.Pipeline;

/// <summary>Node-RED beside a mosquitto of its own, as most people would build the pipeline today.</summary>
internal sealed class NodeRed : IDisposable
{
    private readonly List<Process> _processes = [];

    /// <summary>mosquitto's port.</summary>
    public int Port { get; } = Processes.FreePort();

    /// <summary>Resident memory of both, in MB.</summary>
    public double ResidentMb => _processes.Sum(process => Processes.ResidentMb(process.Id));

    /// <summary>Starts both; null with what is missing.</summary>
    public static async Task<(NodeRed? Running, string? Missing)> StartAsync()
    {
        var program = Path.Combine(SourceTree.Root, ".tools", "node-red", "node_modules", "node-red", "red.js");
        if (!File.Exists(program)) return (null, "Node-RED is not here; run bench/setup.sh");
        var peer = new NodeRed();
        try
        {
            await peer.StartAsync(program);
            return (peer, null);
        }
        catch (Win32Exception missing)
        {
            peer.Dispose();
            return (null, $"{missing.Message}; run bench/setup.sh");
        }
    }

    /// <summary>Ends both.</summary>
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.Dispose();
        }
    }

    private async Task StartAsync(string program)
    {
        var folder = Directory.CreateDirectory(Path.Combine(PeerProgram.WorkFolder(), "node-red")).FullName;
        var flow = await File.ReadAllTextAsync(SourceTree.File("bench", "Pipeline", "flow.json"));
        await File.WriteAllTextAsync(Path.Combine(folder, "flow.json"), flow.Replace("MQTT_PORT", $"{Port}", StringComparison.Ordinal));
        var broker = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(broker, $"""
            listener {Port} 127.0.0.1
            allow_anonymous true
            set_tcp_nodelay true
            max_inflight_messages 0
            max_queued_messages 0
            persistence false
            log_dest none

            """);
        _processes.Add(Process.Start(new ProcessStartInfo(Mosquitto(), ["-c", broker]) { RedirectStandardError = true })!);
        var red = new ProcessStartInfo("node", [program, "-u", folder, "-s", SourceTree.File("bench", "Pipeline", "settings.js")]) { RedirectStandardOutput = true };
        red.Environment["BENCH_UI_PORT"] = $"{Processes.FreePort()}";
        _processes.Add(Process.Start(red)!);
    }

    // Debian keeps it where only root's PATH looks.
    private static string Mosquitto() => File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
}

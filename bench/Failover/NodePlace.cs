using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Edge.Bench.Failover;

/// <summary>Where a node lives on the network: on loopback with the others, or in a network namespace of its own, on a bridge whose link to it can be cut.</summary>
/// <param name="Name">The node.</param>
/// <param name="Address">Its address.</param>
/// <param name="Namespace">Its network namespace; null on loopback.</param>
internal sealed partial record NodePlace(string Name, IPAddress Address, string? Namespace)
{
    private const string Bridge = "edgebench0";
    private const int CloneNewNet = 0x40000000;

    /// <summary>Places on loopback.</summary>
    public static NodePlace OnLoopback(string name) => new(name, IPAddress.Loopback, null);

    /// <summary>Makes so many places on a bridge.</summary>
    /// <returns>The places, or why this system does not allow it.</returns>
    public static async Task<(IReadOnlyList<NodePlace> Places, string? Missing)> BridgedAsync(IReadOnlyList<string> names)
    {
        await RemoveAsync(names);
        if (await IpAsync($"link add {Bridge} type bridge") is { } refused) return ([], refused);
        await DoAsync($"addr add 10.213.77.254/24 dev {Bridge}", $"link set {Bridge} up");
        var places = names.Select((name, i) => new NodePlace(name, IPAddress.Parse($"10.213.77.{i + 1}"), $"edgebench-{name}")).ToList();
        foreach (var place in places)
        {
            await DoAsync(
                $"netns add {place.Namespace}",
                $"link add {place.Link} type veth peer name eth0 netns {place.Namespace}",
                $"link set {place.Link} master {Bridge} up",
                $"-n {place.Namespace} link set lo up",
                $"-n {place.Namespace} addr add {place.Address}/24 dev eth0",
                $"-n {place.Namespace} link set eth0 up");
        }
        return (places, null);
    }

    /// <summary>Takes them away again, with what an earlier run left.</summary>
    public static async Task RemoveAsync(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            // The kernel takes the link away with the namespace, but later.
            await IpAsync($"link del eb-{name}");
            await IpAsync($"netns del edgebench-{name}");
        }
        await IpAsync($"link del {Bridge}");
    }

    /// <summary>Cuts the node off from everybody: both ways, without a word to either side.</summary>
    public Task CutAsync() => DoAsync($"link set {Link} down");

    /// <summary>Ends the cut.</summary>
    public Task HealAsync() => DoAsync($"link set {Link} up");

    /// <summary>How a program is started there.</summary>
    public ProcessStartInfo Start(string program, IEnumerable<string> arguments) =>
        Namespace is null ? new ProcessStartInfo(program, arguments) : new ProcessStartInfo("ip", ["netns", "exec", Namespace, program, .. arguments]);

    /// <summary>Connects to the node's own loopback: a socket belongs to the namespace of the thread that makes it.</summary>
    public Task<Socket> ConnectAsync(int port) => Namespace is null ? ConnectHereAsync(port) : Task.Factory.StartNew(() => ConnectThere(port), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private string Link => $"eb-{Name}";

    private static async Task<Socket> ConnectHereAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    private Socket ConnectThere(int port)
    {
        using var there = File.OpenHandle($"/var/run/netns/{Namespace}");
        using var here = File.OpenHandle("/proc/self/ns/net");
        if (SetNamespace(there, CloneNewNet) != 0) throw new BenchException($"The network namespace '{Namespace}' cannot be entered: error {Marshal.GetLastPInvokeError()}.");
        try
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Loopback, port);
            return socket;
        }
        finally
        {
            _ = SetNamespace(here, CloneNewNet);
        }
    }

    private static async Task DoAsync(params string[] commands)
    {
        foreach (var command in commands)
            if (await IpAsync(command) is { } refused) throw new BenchException($"'ip {command}' failed: {refused}");
    }

    private static async Task<string?> IpAsync(string command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ip", command.Split(' ')) { RedirectStandardError = true })!;
            var said = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : said.Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "there is no 'ip' here";
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeHandle descriptor, int kind);
}

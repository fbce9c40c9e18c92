using System.Diagnostics;
using System.Net;
using Edge.Site.Tests.Harness;

namespace Edge.Site.Tests.Partitions;

/// <summary>
/// A LAN of network namespaces: each node has a link for devices and people, which is never touched, and one for nodes, which is cut. What is cut is dropped in silence, or without an error that tells more than
/// a pulled cable would. Ends with <see cref="DisposeAsync"/>: every namespace and bridge is deleted.
/// </summary>
internal sealed class Lan : IAsyncDisposable
{
    private readonly int _number;
    private readonly int _nodes;

    private Lan(int number, int nodes) => (_number, _nodes) = (number, nodes);

    private string Outer => $"edo{_number}";

    private string Inner => $"edi{_number}";

    /// <summary>Makes it; null where this user may not.</summary>
    public static async Task<Lan?> TryCreateAsync(int nodes)
    {
        var lan = new Lan(Environment.ProcessId % 200 + 1, nodes);
        if (!await TryAsync("netns", "add", lan.Name(1))) return null;
        await RunAsync("netns", "del", lan.Name(1));
        foreach (var bridge in new[] { lan.Outer, lan.Inner })
        {
            await RunAsync("link", "add", bridge, "type", "bridge");
            await RunAsync("link", "set", bridge, "up");
        }

        await RunAsync("addr", "add", $"10.213.{lan._number}.254/24", "dev", lan.Outer);
        for (var node = 1; node <= nodes; node++) await lan.AddAsync(node);
        return lan;
    }

    public NodePlace Place(int node) => new(new(Outside(node), 1883), new(Outside(node), 8080), new(Inside(node), 7400)) { Namespace = Name(node) };

    /// <summary>From now on nothing goes from one node to another. Numbers from 1.</summary>
    public Task CutAsync(int from, int to) => RunAsync("-n", Name(from), "route", "add", "blackhole", $"{Inside(to)}/32");

    /// <summary>It goes again.</summary>
    public Task HealAsync(int from, int to) => RunAsync("-n", Name(from), "route", "del", "blackhole", $"{Inside(to)}/32");

    /// <summary>Cuts a node off from all others, both ways.</summary>
    public Task IsolateAsync(int node) => AllOthersAsync(node, CutAsync);

    /// <summary>Brings it back.</summary>
    public Task RejoinAsync(int node) => AllOthersAsync(node, HealAsync);

    /// <summary>The switch between the nodes goes off, or on.</summary>
    public Task SwitchAsync(bool on) => RunAsync("link", "set", Inner, on ? "up" : "down");

    public async ValueTask DisposeAsync()
    {
        for (var node = 1; node <= _nodes; node++) await RunAsync("netns", "del", Name(node));
        await RunAsync("link", "del", Outer);
        await RunAsync("link", "del", Inner);
    }

    private async Task AddAsync(int node)
    {
        var name = Name(node);
        await RunAsync("netns", "add", name);
        await RunAsync("-n", name, "link", "set", "lo", "up");
        foreach (var (bridge, link, address) in new[] { (Outer, "o", Outside(node)), (Inner, "i", Inside(node)) })
        {
            await RunAsync("link", "add", $"{bridge}v{node}", "type", "veth", "peer", "name", link, "netns", name);
            await RunAsync("link", "set", $"{bridge}v{node}", "master", bridge, "up");
            await RunAsync("-n", name, "addr", "add", $"{address}/24", "dev", link);
            await RunAsync("-n", name, "link", "set", link, "up");
        }
    }

    private async Task AllOthersAsync(int node, Func<int, int, Task> change)
    {
        for (var other = 1; other <= _nodes; other++)
        {
            if (other == node) continue;
            await change(node, other);
            await change(other, node);
        }
    }

    private string Name(int node) => $"edge-t{_number}-{node}";

    private IPAddress Outside(int node) => IPAddress.Parse($"10.213.{_number}.{node}");

    private IPAddress Inside(int node) => IPAddress.Parse($"10.214.{_number}.{node}");

    private static async Task RunAsync(params string[] arguments)
    {
        if (!await TryAsync(arguments)) throw new InvalidOperationException($"'ip {string.Join(' ', arguments)}' failed.");
    }

    private static async Task<bool> TryAsync(params string[] arguments)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
            await ip.WaitForExitAsync();
            return ip.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // No such program.
        }
    }
}

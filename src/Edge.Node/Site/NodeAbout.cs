using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Node.Site;

/// <summary>What a node says of itself to its site: labels that it finds out and those that the operator gave, capacity, addresses, version.</summary>
internal static class NodeAbout
{
    // A quarter of the memory is left to the system and to what is no module.
    private const double MemoryShare = 0.75;

    // A module instance of the samples takes less; the memory is what usually ends first.
    private const int InstancesMax = 10_000;

    /// <summary>The record, without name and key.</summary>
    /// <param name="labels">The operator's labels; they win.</param>
    /// <param name="mayVote">Whether it may hold the book.</param>
    /// <param name="log">Name of its intake log.</param>
    public static NodeRecord Of(IReadOnlyDictionary<string, string> labels, bool mayVote, string log)
    {
        var about = new NodeRecord
        {
            Version = typeof(NodeAbout).Assembly.GetName().Version!.ToString(3),
            FormatMax = BookFormat.Current,
            MayVote = mayVote,
            Log = log,
            Capacity = new() { MemoryBytes = (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * MemoryShare), Instances = InstancesMax },
            Addresses = new(),
        };
        about.Labels.Add("arch", RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant());
        about.Labels.Add("cores", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        if (Model() is { Length: > 0 } model) about.Labels.Add("model", model);
        if (Directory.Exists("/dev") && Directory.EnumerateFiles("/dev", "gpiochip*").Any()) about.Labels.Add("gpio", "");
        foreach (var (name, value) in labels) about.Labels[name] = value;
        return about;
    }

    /// <summary>The record of a witness: a vote, no actors, no readings.</summary>
    public static NodeRecord OfWitness(IReadOnlyDictionary<string, string> labels)
    {
        var about = Of(labels, mayVote: true, log: "");
        about.Witness = true;
        about.Capacity = new();
        return about;
    }

    /// <summary>The address under which others may find what listens on <paramref name="listens"/>: itself, or this machine's first address on a LAN where it listens everywhere.</summary>
    public static string Reachable(IPEndPoint listens) =>
        listens.Address.Equals(IPAddress.Any) || listens.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(LanAddress() ?? IPAddress.Loopback, listens.Port).ToString() : listens.ToString();

    private static IPAddress? LanAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(i => i.GetIPProperties().UnicastAddresses)
        .Select(a => a.Address)
        .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork);

    // "Raspberry Pi 4 Model B Rev 1.5" is rpi4; other boards say their own words.
    private static string? Model()
    {
        const string File = "/proc/device-tree/model";
        if (!System.IO.File.Exists(File)) return null;
        var text = System.IO.File.ReadAllText(File).TrimEnd('\0', ' ');
        const string Pi = "Raspberry Pi ";
        return text.StartsWith(Pi, StringComparison.Ordinal) && text.Length > Pi.Length && char.IsAsciiDigit(text[Pi.Length])
            ? $"rpi{text[Pi.Length]}"
            : new([.. text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
    }
}

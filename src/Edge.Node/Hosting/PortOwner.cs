using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Edge.Node.Hosting;

/// <summary>Finds out why a port cannot be bound, and who has it (Linux: /proc/net/tcp names the socket, /proc/PID/fd its process).</summary>
internal static class PortOwner
{
    private const string Listening = "0A";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>What to tell the operator.</summary>
    /// <param name="what">Such as <c>MQTT</c>.</param>
    /// <param name="option">The option that moves it.</param>
    /// <param name="endPoint">What could not be bound.</param>
    /// <param name="error">Why.</param>
    public static string Explain(string what, string option, IPEndPoint endPoint, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse =>
            $"{what} cannot listen on {endPoint}: the port is in use{Find(endPoint.Port)}. Stop that process, or choose another port with {option} HOST:PORT (0 picks a free one).",
        SocketError.AccessDenied =>
            $"{what} cannot listen on {endPoint}: ports below 1024 need a privilege. Choose a port from 1024 up with {option}.",
        SocketError.AddressNotAvailable =>
            $"{what} cannot listen on {endPoint}: this machine has no such address. Use one of its own with {option}, or 127.0.0.1.",
        _ => $"{what} cannot listen on {endPoint}: {error}. Choose another address with {option}.",
    };

    private static string Find(int port)
    {
        try
        {
            var inodes = Tables.Where(File.Exists).SelectMany(File.ReadLines)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length > 9 && fields[3] == Listening && PortOf(fields[1]) == port)
                .Select(fields => $"socket:[{fields[9]}]")
                .ToHashSet(StringComparer.Ordinal);
            return Directory.EnumerateDirectories("/proc")
                .Where(folder => int.TryParse(Path.GetFileName(folder), out _) && Holds(folder, inodes))
                .Select(folder => $" by {File.ReadAllText(Path.Combine(folder, "comm")).Trim()} (process {Path.GetFileName(folder)})")
                .FirstOrDefault("");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static int PortOf(string address) =>
        int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(fd => File.ResolveLinkTarget(fd, returnFinalTarget: false) is { } target && sockets.Contains(target.Name));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that just ended.
            return false;
        }
    }
}

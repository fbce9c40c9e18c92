using System.Runtime.CompilerServices;

namespace Edge.Node.Cli.Remote;

/// <summary>A server-sent event.</summary>
/// <param name="Name">What happened.</param>
/// <param name="Id">Where the stream is after it; empty if it does not say.</param>
/// <param name="Data">Its data.</param>
internal sealed record ServerEvent(string Name, string Id, string Data)
{
    /// <summary>Reads them until the stream ends (WHATWG HTML §9.2, as our server writes them: one data line).</summary>
    public static async IAsyncEnumerable<ServerEvent> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream);
        var (name, id, data) = ("", "", "");
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line["event: ".Length..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line["id: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line["data: ".Length..];
            else if (line.Length == 0 && name.Length > 0)
            {
                yield return new(name, id, data);
                (name, id, data) = ("", "", "");
            }
        }
    }
}

using System.Buffers;
using System.Text;

namespace Edge.Node.Admin.Watch;

/// <summary>Writes server-sent events (WHATWG HTML §9.2). One writer.</summary>
internal sealed class EventStream(HttpResponse response)
{
    /// <summary>Sends the headers.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        await response.Body.FlushAsync(cancellation);
    }

    /// <summary>Sends an event, once the client has room for it. Kestrel ends the connection of one that reads slower than its minimum rate.</summary>
    /// <param name="name">What happened.</param>
    /// <param name="id">Where the client is now; comes back as Last-Event-ID. Null: as before.</param>
    /// <param name="data">One line.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task SendAsync(string name, string? id, string data, CancellationToken cancellation)
    {
        var text = id is null ? $"event: {name}\ndata: {data}\n\n" : $"id: {id}\nevent: {name}\ndata: {data}\n\n";
        response.BodyWriter.Write(Encoding.UTF8.GetBytes(text));
        await response.BodyWriter.FlushAsync(cancellation);
    }

    /// <summary>Sends a comment, so that both ends notice a dead connection.</summary>
    public async Task BeatAsync(CancellationToken cancellation)
    {
        response.BodyWriter.Write(":\n\n"u8);
        await response.BodyWriter.FlushAsync(cancellation);
    }
}

using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Edge.Cluster.Transport;

/// <summary>A dialled TLS stream as the Raft library wants it.</summary>
internal sealed class DialledConnection : ConnectionContext, IDuplexPipe
{
    // The library takes the first span of the output as its frame size.
    private const int FrameBytes = 16 << 10;

    private readonly PeerStream _stream;
    private readonly CancellationTokenSource _closed = new();
    private readonly FeatureCollection _features = new();

    public DialledConnection(PeerStream stream, PeerFeature peer, string id)
    {
        _stream = stream;
        _features.Set(peer);
        ConnectionId = id;
        ConnectionClosed = _closed.Token;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: FrameBytes, leaveOpen: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: FrameBytes, leaveOpen: true));
        Transport = this;
        LocalEndPoint = stream.Socket.LocalEndPoint;
        RemoteEndPoint = stream.Socket.RemoteEndPoint;
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features => _features;

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport { get; set; }

    public override void Abort(ConnectionAbortedException abortReason) => _stream.Abort();

    public override async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        _stream.Abort();
        await _stream.DisposeAsync();
        await _closed.CancelAsync();
        _closed.Dispose();
        await base.DisposeAsync();
    }
}

using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Edge.Cluster.Transport;

/// <summary>An accepted connection in the hands of somebody else. It lives until that one disposes it, which <see cref="Finished"/> tells to the server that accepted it.</summary>
internal sealed class HandedConnection(ConnectionContext accepted) : ConnectionContext
{
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Finished => _finished.Task;

    public override string ConnectionId { get => accepted.ConnectionId; set => accepted.ConnectionId = value; }

    public override IFeatureCollection Features => accepted.Features;

    public override IDictionary<object, object?> Items { get => accepted.Items; set => accepted.Items = value; }

    public override IDuplexPipe Transport { get => accepted.Transport; set => accepted.Transport = value; }

    public override CancellationToken ConnectionClosed { get => accepted.ConnectionClosed; set => accepted.ConnectionClosed = value; }

    public override EndPoint? LocalEndPoint { get => accepted.LocalEndPoint; set => accepted.LocalEndPoint = value; }

    public override EndPoint? RemoteEndPoint { get => accepted.RemoteEndPoint; set => accepted.RemoteEndPoint = value; }

    public override void Abort(ConnectionAbortedException abortReason) => accepted.Abort(abortReason);

    public override ValueTask DisposeAsync()
    {
        accepted.Abort();
        _finished.TrySetResult();
        return base.DisposeAsync();
    }
}

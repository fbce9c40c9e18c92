using Edge.Cluster.Raft;
using Edge.Messages.Site;
using Grpc.Core;
using Grpc.Net.Client;

namespace Edge.Cluster.Victim;

/// <summary>Calls between the processes of a test site: gRPC without TLS, to where each node is now.</summary>
internal sealed class Calls(AddressFolder addresses)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, CallInvoker> _byPort = [];

    /// <summary>The channel to a node.</summary>
    public CallInvoker To(string node)
    {
        var port = addresses.Find(node).CallPort;
        lock (_lock)
        {
            if (!_byPort.TryGetValue(port, out var invoker))
                _byPort[port] = invoker = GrpcChannel.ForAddress($"http://127.0.0.1:{port}").CreateCallInvoker();
            return invoker;
        }
    }
}

/// <summary>The two calls of Membership that a voter serves from its log.</summary>
internal sealed class BookCalls(VoterSeat seat) : Membership.MembershipBase
{
    public override async Task<AppendReply> Append(AppendRequest request, ServerCallContext context) =>
        seat.Book is { } book ? await book.ServeAppendAsync(request, context.CancellationToken) : new AppendReply { NotLeading = new NotLeading() };

    public override async Task<BarrierReply> Barrier(BarrierRequest request, ServerCallContext context) =>
        seat.Book is { } book ? await book.ServeBarrierAsync(request, context.CancellationToken) : new BarrierReply { NotLeading = new NotLeading() };
}

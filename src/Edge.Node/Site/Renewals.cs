using Edge.Cluster.Book;
using Edge.Cluster.Transport;
using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Node.Site;

/// <summary>
/// Brings this node's renewals to whoever leads: to itself, to the leader that the book names, else to each voter in turn; an answer that names another is followed at once.
/// </summary>
/// <param name="self">This node.</param>
/// <param name="book">The book.</param>
/// <param name="desk">This node's own desk.</param>
/// <param name="dial">Connects to a node by its name.</param>
/// <param name="time">The clock.</param>
internal sealed class Renewals(string self, IBook book, ILeaseDesk desk, Func<string, CallInvoker> dial, TimeProvider time)
{
    // A third of a lease: two more tries fit in before it is over.
    private static readonly TimeSpan AnswersIn = TimeSpan.FromMilliseconds(330);

    private volatile string _leader = "";

    /// <summary>Asks.</summary>
    /// <exception cref="BookUnavailableException">Nobody who leads answered; the message lists who was asked.</exception>
    public async Task<RenewReply> AskAsync(RenewRequest request, CancellationToken cancellation)
    {
        var silent = new List<string>();
        var next = new Queue<string>(Candidates());
        var asked = new HashSet<string>(StringComparer.Ordinal);
        while (next.TryDequeue(out var node))
        {
            if (node.Length == 0 || !asked.Add(node)) continue;
            var (reply, fault) = await AskAsync(node, request, cancellation);
            if (reply is { NotLeading: null })
            {
                _leader = node;
                return reply;
            }

            if (reply?.NotLeading.Leader is { Length: > 0 } named && !asked.Contains(named)) next = new([named, .. next]);
            silent.Add($"{node} ({(reply is null ? fault : "does not lead")})");
        }

        _leader = "";
        throw new BookUnavailableException($"No leader renews the lease of node '{self}': {(silent.Count == 0 ? "no voter is known" : string.Join(", ", silent))}.");
    }

    private IEnumerable<string> Candidates()
    {
        if (book.Leadership.Leads) return [self];
        return [_leader, book.Leadership.Leader, .. book.Current.Voters];
    }

    private async Task<(RenewReply? Reply, string Fault)> AskAsync(string node, RenewRequest request, CancellationToken cancellation)
    {
        if (node == self) return (desk.Renew(request, self), "");
        using var limit = new CancellationTokenSource(AnswersIn, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return (await new Membership.MembershipClient(dial(node)).RenewAsync(request, cancellationToken: either.Token), "");
        }
        catch (RpcException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            return (null, limit.IsCancellationRequested ? "timed out" : failure.Status.Detail);
        }
    }
}

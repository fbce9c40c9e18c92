using System.Security.Cryptography;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;
using Grpc.Core;

namespace Edge.Node.Site;

/// <summary>
/// Tells the site what this node is now, where that differs from what the book says: its addresses after DHCP, its version after an upgrade. It asks every voter itself and does not wait for a leader to call: a
/// leader that looks for this node at its old address never does.
/// </summary>
/// <param name="self">This node.</param>
/// <param name="book">The book as it has it.</param>
/// <param name="dial">Connects to a node by its name.</param>
/// <param name="time">The clock.</param>
internal sealed class SelfReport(string self, IBook book, Func<string, CallInvoker> dial, TimeProvider time)
{
    private static readonly TimeSpan AnswersIn = TimeSpan.FromSeconds(2);

    /// <summary>Tells it once.</summary>
    /// <exception cref="BookUnavailableException">Nobody who leads answered; the message lists who was asked.</exception>
    public async Task TellAsync(NodeRecord about, CancellationToken cancellation)
    {
        if (book.Current.Nodes.GetValueOrDefault(self) is { } known && IsTold(known, about)) return;
        var command = new BookCommand
        {
            RequestId = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16)),
            Who = self,
            TimeUs = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
            Format = BookFormat.Current,
            UpdateNode = new() { Node = about },
        };
        if (book.Leadership.Leads)
        {
            await book.AppendAsync(command, cancellation);
            return;
        }

        var silent = new List<string>();
        foreach (var voter in book.Current.Voters.Where(name => name != self))
        {
            var (reply, fault) = await AskAsync(voter, command, cancellation);
            if (reply is { Outcome: not null, NotLeading: null }) return;
            silent.Add($"{voter} ({(reply is null ? fault : "does not lead")})");
        }

        throw new BookUnavailableException($"No leader took the report of node '{self}': {(silent.Count == 0 ? "no voter is known" : string.Join(", ", silent))}.");
    }

    private async Task<(AppendReply? Reply, string Fault)> AskAsync(string voter, BookCommand command, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AnswersIn, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return (await new Membership.MembershipClient(dial(voter)).AppendAsync(new() { Command = command }, cancellationToken: either.Token), "");
        }
        catch (RpcException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            return (null, limit.IsCancellationRequested ? "timed out" : failure.Status.Detail);
        }
    }

    private static bool IsTold(NodeRecord known, NodeRecord about) =>
        known.Labels.Equals(about.Labels) && Equals(known.Capacity, about.Capacity) && Equals(known.Addresses, about.Addresses) && known.Version == about.Version
        && known.FormatMax == about.FormatMax && known.MayVote == about.MayVote && known.Witness == about.Witness && known.Log == about.Log;
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;

namespace Edge.Node.Discovery;

/// <summary>The addresses that a joiner hears of: those of nodes of its token's site. Keeps the newest 64 that nobody has read yet.</summary>
internal static class LanSites
{
    private const int Unread = 64;

    /// <summary>Listens until cancelled.</summary>
    public static async IAsyncEnumerable<NodeAddress> AddressesAsync(LanOptions options, JoinToken token, ILogger<LanFinder> logger, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var found = Channel.CreateBounded<NodeAddress>(new BoundedChannelOptions(Unread) { FullMode = BoundedChannelFullMode.DropOldest });
        await using var finder = LanFinder.Start(
            options, token.AuthorityFingerprint.Span,
            body =>
            {
                if (NodeAddress.TryParse(body.Addresses?.Node ?? "", out var address))
                    found.Writer.TryWrite(address);
            },
            logger, time);
        await foreach (var address in found.Reader.ReadAllAsync(cancellation))
            yield return address;
    }
}

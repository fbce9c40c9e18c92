using System.Runtime.CompilerServices;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;

namespace Edge.Node.Site;

internal static class Announcements
{
    public static async IAsyncEnumerable<NodeAddress> None(JoinToken token, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        yield break;
    }
}

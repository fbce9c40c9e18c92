using Edge.Cluster.Book;
using Edge.Messages.Book;
using Proto;

namespace Edge.Cluster.Fenced;

/// <summary>
/// Where a placed actor is: computed from its placement alone, so that nobody has to be asked and no process id travels. The epoch is in the path: a message that was meant for an earlier
/// owner finds nobody.
/// </summary>
internal static class FencedAddress
{
    /// <summary>The port part of all addresses. Names are what counts: the dialler knows where a node listens today.</summary>
    public const int Port = 7400;

    public static string OfNode(string node) => $"{node}:{Port}";

    public static string Supervisor(string kind) => $"placed-{kind}";

    public static string Child(ActorName actor, Epoch epoch) => $"{actor.Identity}~{Epochs.Text(epoch)}";

    public static PID Of(Placement placement) =>
        PID.FromAddress(OfNode(placement.Node), $"{Supervisor(placement.Kind)}/{Child(ActorName.Of(placement), placement.Epoch)}");
}

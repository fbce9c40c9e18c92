using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Transport;

/// <summary>
/// What another node may ask the leader to append. What people do at any node comes through (their role was checked there); of itself a node speaks only for itself; and what only the leader decides is
/// never taken from a peer: a leader that was deposed would have its last plan carried out by the next one.
/// </summary>
internal static class AppendRights
{
    /// <summary>What speaks against it; null when nothing does. Pure.</summary>
    public static string? Against(BookState state, string peer, BookCommand command) => command.ChangeCase switch
    {
        BookCommand.ChangeOneofCase.UpdateNode when command.UpdateNode.Node?.Name != peer =>
            $"Node '{peer}' cannot speak for node '{command.UpdateNode.Node?.Name}'; each node tells of itself.",
        BookCommand.ChangeOneofCase.ReportReleased when state.Nodes.GetValueOrDefault(peer)?.Member?.Id is var member && member != command.ReportReleased.Member =>
            $"Node '{peer}' with member '{member}' cannot release an actor of member '{command.ReportReleased.Member}'.",
        BookCommand.ChangeOneofCase.FoundSite or BookCommand.ChangeOneofCase.ChangeMembers or BookCommand.ChangeOneofCase.PlaceActors or BookCommand.ChangeOneofCase.TakeLead or BookCommand.ChangeOneofCase.RaiseFormat
            or BookCommand.ChangeOneofCase.NameVoters or BookCommand.ChangeOneofCase.BeginIncarnation =>
            $"{command.ChangeCase} is decided by the node that leads; it is not taken from node '{peer}'.",
        _ => null,
    };
}

using Edge.Actors.Placement;
using Edge.Messages.Book;
using Edge.Messages.Channels;
using Proto;

namespace Edge.Actors.Intake;

/// <summary>The intake log of the node that the channel runs on: questions go to its intake actor, and readings are handed over as they are.</summary>
internal sealed class LocalIntakeSource(string node, ChannelId channel, Epoch epoch, long ticket) : IIntakeSource
{
    /// <inheritdoc/>
    public string Log => node;

    /// <inheritdoc/>
    public Task PullAsync(IContext context, long cursor, int credit, bool wait) =>
        context.AskAsync(EdgeKinds.IntakeOf(node), new PullReadings(channel, node, epoch, cursor, credit, wait, ticket));

    /// <inheritdoc/>
    public Task HurryAsync(IContext context) => context.AskAsync(EdgeKinds.IntakeOf(node), new PullNow(channel));

    /// <inheritdoc/>
    public Task CommittedAsync(IContext context, long cursor) => context.AskAsync(EdgeKinds.IntakeOf(node), new PositionCommitted(channel, cursor));

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

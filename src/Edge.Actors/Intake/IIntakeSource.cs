using Proto;

namespace Edge.Actors.Intake;

/// <summary>
/// One intake log as a channel's actor pulls from it: this node's own, or another's over the wire. Answers come to the actor as messages: <see cref="ReadingBatch"/>, <see cref="PullRefused"/>,
/// <see cref="SourceChanged"/>. One question at a time. Used on the actor's turns only; ends with its disposal, after which nothing is asked or answered.
/// </summary>
internal interface IIntakeSource : IDisposable
{
    /// <summary>The log, by its node's name.</summary>
    string Log { get; }

    /// <summary>Asks for what comes after <paramref name="cursor"/>.</summary>
    /// <param name="context">The actor's.</param>
    /// <param name="cursor">Last logged reading that the channel has.</param>
    /// <param name="credit">Most readings that it takes.</param>
    /// <param name="wait">False: an empty batch comes at once when nothing waits.</param>
    Task PullAsync(IContext context, long cursor, int credit, bool wait);

    /// <summary>A question that waits is answered now.</summary>
    Task HurryAsync(IContext context);

    /// <summary>Everything up to <paramref name="cursor"/> is in a committed state, the standby's too: the log may let go of it.</summary>
    Task CommittedAsync(IContext context, long cursor);
}

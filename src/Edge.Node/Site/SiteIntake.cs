using Edge.Messages.Intake;
using Edge.Node.Mqtt;

namespace Edge.Node.Site;

/// <summary>What stands between a PUBLISH and its PUBACK on a site: the node's own log, and for channels that want it a second node's.</summary>
/// <param name="intake">The node's own.</param>
/// <param name="mirror">The way to the second node.</param>
internal sealed class SiteIntake(IReadingIntake intake, LogMirror mirror) : IReadingIntake
{
    /// <inheritdoc/>
    public long Take(Reading reading)
    {
        var sequence = intake.Take(reading);
        if (sequence > 0) mirror.Appended(sequence, reading);
        return sequence;
    }

    /// <inheritdoc/>
    public async ValueTask FlushedAsync(long sequence)
    {
        await intake.FlushedAsync(sequence);
        if (sequence > 0) await mirror.MirroredAsync(sequence);
    }

    /// <inheritdoc/>
    public ValueTask RoomAsync(CancellationToken cancellation) => intake.RoomAsync(cancellation);
}

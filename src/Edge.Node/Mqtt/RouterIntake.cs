using Edge.Actors.Intake;
using Edge.Messages.Intake;

namespace Edge.Node.Mqtt;

/// <summary>Hands readings to the node's <see cref="IntakeRouter"/>.</summary>
internal sealed class RouterIntake(IntakeRouter router) : IReadingIntake
{
    /// <inheritdoc/>
    public long Take(Reading reading) => router.Take(reading);

    /// <inheritdoc/>
    public ValueTask FlushedAsync(long sequence) => router.FlushedAsync(sequence);

    /// <inheritdoc/>
    public ValueTask RoomAsync(CancellationToken cancellation) => router.RoomAsync(cancellation);
}

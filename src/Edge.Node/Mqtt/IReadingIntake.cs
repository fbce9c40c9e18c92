using Edge.Actors.Intake;
using Edge.Messages.Intake;

namespace Edge.Node.Mqtt;

/// <summary>Where the broker hands readings to: what stands between a PUBLISH and its PUBACK.</summary>
internal interface IReadingIntake
{
    /// <summary>
    /// Takes a reading, in call order. QoS 0 goes to the channels' queues; QoS 1 and 2 are appended to the intake log.
    /// Returns the sequence to pass to <see cref="FlushedAsync"/> before the acknowledgement, or 0 when there is nothing to wait for.
    /// </summary>
    /// <exception cref="IntakeUnavailableException">The log cannot take it: do not acknowledge.</exception>
    long Take(Reading reading);

    /// <summary>Completes when everything up to <paramref name="sequence"/> is on stable storage.</summary>
    /// <exception cref="IntakeUnavailableException">It is not: do not acknowledge.</exception>
    ValueTask FlushedAsync(long sequence);

    /// <summary>Completes when the node wants more readings of QoS 1 and 2; until then their sockets are not read (back-pressure by TCP).</summary>
    ValueTask RoomAsync(CancellationToken cancellation);
}

using Edge.Messages.Intake;

namespace Edge.Actors.Intake;

/// <summary>A reading with its place in the intake log of the node that took it in.</summary>
/// <param name="Sequence">Position in the log, from 1, growing; never given out twice. Sequences are missing after damage, a full disk or a crash.</param>
/// <param name="Reading">The reading.</param>
public readonly record struct LoggedReading(long Sequence, Reading Reading);

/// <summary>
/// A node's durable log of acknowledged readings (QoS 1 and 2). Channel owners pull from it by cursor; a reading may be
/// acknowledged to its device only after <see cref="FlushedAsync"/> returned for its sequence.
/// </summary>
public interface IIntakeLog
{
    /// <summary>Sequence of the last appended reading, 0 when the log has never had one.</summary>
    long Last { get; }

    /// <summary>Sequence of the first reading still held.</summary>
    long First { get; }

    /// <summary>Share of the log's byte cap that is in use, 0 to 1: near 1 the broker stops reading sockets that send QoS 1 and 2.</summary>
    double Fill { get; }

    /// <summary>Appends to the current batch and returns at once with the sequence; thread-safe, in call order.</summary>
    /// <exception cref="IntakeUnavailableException">The log cannot take readings: disk full, byte cap reached, or a sync failed.</exception>
    long Append(Reading reading);

    /// <summary>Completes when everything up to <paramref name="sequence"/> is on stable storage.</summary>
    /// <exception cref="IntakeUnavailableException">It is not, and may never be: do not acknowledge.</exception>
    ValueTask FlushedAsync(long sequence);

    /// <summary>
    /// Reads up to <paramref name="max"/> flushed readings after <paramref name="after"/>, in order; fewer at the end of the log. Damaged records were
    /// quarantined when the log was opened; their sequences are missing from the result.
    /// </summary>
    IReadOnlyList<LoggedReading> Read(long after, int max);

    /// <summary>Lets go of everything up to and including <paramref name="sequence"/>: every channel has it in a committed state.</summary>
    void Trim(long sequence);
}

/// <summary>The intake log cannot take or keep a reading; the device must not get its acknowledgement.</summary>
public sealed class IntakeUnavailableException(string message, Exception? inner = null) : IOException(message, inner);

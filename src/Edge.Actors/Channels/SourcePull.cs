using Edge.Actors.Intake;

namespace Edge.Actors.Channels;

/// <summary>Where a channel's actor stands with one of its intake logs.</summary>
internal sealed class SourcePull(IIntakeSource source, long cursor)
{
    /// <summary>The log.</summary>
    public IIntakeSource Source => source;

    /// <summary>Last logged reading that was processed.</summary>
    public long Cursor { get; set; } = cursor;

    /// <summary>A question is under way.</summary>
    public bool Pulling { get; set; }

    /// <summary>A batch waits or is being processed; the next question comes after it.</summary>
    public bool HasBatch { get; set; }

    /// <summary>The last question was refused; the next one waits a little.</summary>
    public bool Refused { get; set; }

    /// <summary>The last answer was empty.</summary>
    public bool Emptied { get; set; }

    /// <summary>Why the log cannot be reached; null when it can.</summary>
    public string? Problem { get; set; }
}

using Edge.Actors.Intake;
using Edge.Messages.Intake;

namespace Edge.Node.Storage;

/// <summary>
/// The node's intake log: segment files of checksummed records, one writer thread, and for each batch one write and one <c>fdatasync</c> before
/// anybody is told that a reading is safe. Written for this node because the libraries that were measured lose or hide records after damage.
/// </summary>
/// <remarks>
/// Promises: a flushed reading is lost only with the bytes that hold it, and the loss is reported; sequences are never given out twice, not even
/// when their records are lost; a failed sync ends the log (the kernel may have dropped the pages, so asking again would prove nothing).
/// At most one process may have the folder open: the data folder's lock sees to that. Ends with <see cref="Dispose"/>, which writes what is pending.
/// </remarks>
public sealed class IntakeLog : IIntakeLog, IDisposable
{
    // More than any log can have given out between two saves of its mark.
    private const long UnknownCeilingGap = 1L << 40;

    private readonly IntakeLogOptions _options;
    private readonly IntakeMarkFile _mark;
    private readonly IntakeSegments _segments;
    private readonly IntakeDamageBook _damage;
    private readonly RecentReadings _recent;
    private readonly IntakeWriter _writer;

    private IntakeLog(IntakeLogOptions options, StorageMetrics metrics, TimeProvider time, ILogger logger)
    {
        _options = options;
        _mark = IntakeMarkFile.Open(Path.Combine(options.Folder, "mark"));
        var recovered = new IntakeRecovery(options.Folder, _mark.Mark, _mark.IsDamaged).Scan();
        _damage = new IntakeDamageBook(new Quarantine(Path.Combine(options.Folder, "quarantine")), metrics, logger);
        var next = OpenMark(recovered, logger);
        _damage.Report(recovered, options.Folder);
        _segments = new IntakeSegments(options, _mark, recovered);
        _segments.GapFound += _damage.Report;
        _recent = new RecentReadings(options.RecentBytes);
        _recent.StartAfter(recovered.Last);
        _writer = new IntakeWriter(options, _segments, _recent, next, metrics, time, logger);
        _writer.StateChanged += () => HealthChanged?.Invoke(Health);
    }

    /// <summary>The log takes readings, no longer takes them, or takes them again. Raised on its writer thread.</summary>
    public event Action<IntakeHealth>? HealthChanged;

    /// <inheritdoc />
    public long Last => _writer.Last;

    /// <inheritdoc />
    public long First => _segments.First;

    /// <inheritdoc />
    public double Fill => _segments.Fill;

    /// <summary>The log's state, for readiness and people.</summary>
    public IntakeHealth Health
    {
        get
        {
            var (state, problem) = _writer.Condition;
            return new IntakeHealth(state, problem, _segments.Bytes, _options.CapBytes, _damage.Found);
        }
    }

    /// <summary>Opens a log's folder, making it when it is not there: reads it through, reports damage, and starts the writer.</summary>
    /// <exception cref="IOException">The folder or a file cannot be opened, or there is no room for the first segment.</exception>
    public static IntakeLog Open(IntakeLogOptions options, StorageMetrics metrics, TimeProvider time, ILogger<IntakeLog> logger)
    {
        Directory.CreateDirectory(options.Checked().Folder);
        try
        {
            return new IntakeLog(options, metrics, time, logger);
        }
        catch (IOException failure) when (StableStorage.IsOutOfRoom(failure))
        {
            throw new IntakeUnavailableException(
                $"Intake log cannot be opened: the disk of {options.Folder} has no room for a segment of {options.SegmentBytes >> 10} KiB. Free some space, or name another folder with --data.", failure);
        }
    }

    /// <inheritdoc />
    public long Append(Reading reading) => _writer.Append(reading);

    /// <inheritdoc />
    public ValueTask FlushedAsync(long sequence) => _writer.FlushedAsync(sequence);

    /// <inheritdoc />
    public IReadOnlyList<LoggedReading> Read(long after, int max)
    {
        var readings = new List<LoggedReading>();
        after = Math.Max(after, First - 1);
        if (!_recent.TryRead(after, max, readings))
            _segments.Read(after, max, readings);
        return readings;
    }

    /// <inheritdoc />
    public void Trim(long sequence) => _segments.Trim(Math.Min(sequence, _writer.Flushed));

    /// <inheritdoc />
    public void Dispose()
    {
        _writer.Dispose();
        _segments.Close(_writer.Ceiling, inOrder: _writer.Condition.State != IntakeState.Failed);
        _segments.Dispose();
    }

    // Sequences go on after everything that may have been given out, and the mark says that the log is open before one is.
    private long OpenMark(RecoveredIntake recovered, ILogger logger)
    {
        var mark = _mark.Mark;
        var next = Math.Max(_mark.IsDamaged ? recovered.Last + UnknownCeilingGap : mark.Ceiling, recovered.Last) + 1;
        if (_mark.IsDamaged)
            logger.IntakeMarkDamaged(_options.Folder);
        if (recovered.TornAt is { } offset)
            logger.IntakeTailTorn(_options.Folder, offset);
        if (next != recovered.Last + 1)
            logger.IntakeRecovered(_options.Folder, recovered.Last, next);
        var trimmed = _mark.IsDamaged && recovered.Segments.Count > 0 ? recovered.Segments[0].Name.After : mark.Trimmed;
        _mark.Save(_ => new IntakeMark(trimmed, Math.Max(next - 1, mark.Ceiling), ClosedAt: -1));
        return next;
    }
}

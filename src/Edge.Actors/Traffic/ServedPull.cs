using Edge.Actors.Intake;
using Edge.Messages.Site;

namespace Edge.Actors.Traffic;

/// <summary>Cursor and credit of one pull that is being served. One thread hears requests, another gives readings.</summary>
internal sealed class ServedPull(long cursor)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _granted;
    private long _cursor = cursor;
    private int _credit;

    /// <summary>Last logged reading that the owner has or is being sent.</summary>
    public long Cursor
    {
        get { lock (_gate) return _cursor; }
    }

    /// <summary>The owner grants more, or wants readings again.</summary>
    public void Heard(PullRequest request)
    {
        lock (_gate)
        {
            _credit += request.Credit;
            if (request.HasCursor) _cursor = request.Cursor;
            if (_credit <= 0) return;
            _granted?.TrySetResult();
            _granted = null;
        }
    }

    /// <summary>Readings are on their way.</summary>
    public void Gave(ReadingBatch batch)
    {
        lock (_gate)
        {
            _credit -= batch.Entries.Count;
            _cursor = batch.Cursor;
        }
    }

    /// <summary>Readings that may be sent, as soon as there is room for one; 0 when <paramref name="over"/> is.</summary>
    public async Task<int> CreditAsync(CancellationToken over)
    {
        Task granted;
        lock (_gate)
        {
            if (over.IsCancellationRequested) return 0;
            if (_credit > 0) return _credit;
            granted = (_granted ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        await granted.WaitAsync(over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate) return over.IsCancellationRequested ? 0 : _credit;
    }
}

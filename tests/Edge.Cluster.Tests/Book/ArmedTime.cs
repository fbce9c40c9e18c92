using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Cluster.Tests.Book;

/// <summary>A driven clock that tells which timers are armed, so that a test moves it only when something waits for it.</summary>
internal sealed class ArmedTime : FakeTimeProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Channel<TimeSpan> _armed = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _armed.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>The next wait that is armed, those of one length left out.</summary>
    public async Task<TimeSpan> NextAsync(TimeSpan? but = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            while (true)
            {
                var due = await _armed.Reader.ReadAsync(patience.Token);
                if (due != but)
                    return due;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No timer was armed in {Patience}.");
        }
    }
}

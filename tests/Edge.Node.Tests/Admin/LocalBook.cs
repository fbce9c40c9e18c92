using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Node.Tests.Admin;

/// <summary>A book of one process in memory: the real state machine, and a list where the replicated log would be. Thread-safe.</summary>
internal sealed class LocalBook : IBook
{
    private readonly Lock _lock = new();
    private readonly List<Action<BookChange>> _watchers = [];

    public BookState Current { get; private set; } = BookState.Empty;

    public BookLeadership Leadership { get; set; } = new(Leads: true, Term: 1, Leader: "pi-1");

    /// <summary>Whether a leader answers; without one, appending and linearizable reading fail as they do in a site.</summary>
    public bool HasLeader { get; set; } = true;

    /// <summary>Runs once, before the next command is applied: somebody else is faster.</summary>
    public Action? BeforeNext { get; set; }

    /// <summary>Commands that were appended.</summary>
    public int Appended { get; private set; }

    public IDisposable Watch(Action<BookChange> onChange)
    {
        lock (_lock) _watchers.Add(onChange);
        return new Ending(() =>
        {
            lock (_lock) _watchers.Remove(onChange);
        });
    }

    public Task<BookOutcome> AppendAsync(BookCommand command, CancellationToken cancellation)
    {
        CheckLeader();
        var before = BeforeNext;
        BeforeNext = null;
        before?.Invoke();
        return Task.FromResult(Apply(command));
    }

    public Task<BookState> ReadAsync(CancellationToken cancellation)
    {
        CheckLeader();
        return Task.FromResult(Current);
    }

    /// <summary>Applies a command at once.</summary>
    public BookOutcome Apply(BookCommand command)
    {
        lock (_lock)
        {
            if (command.RequestId.IsEmpty) command.RequestId = Google.Protobuf.ByteString.CopyFrom(Guid.NewGuid().ToByteArray());
            command.Format = Math.Max(1, command.Format);
            Appended++;
            var before = Current;
            var (next, outcome) = BookMachine.Apply(before, before.Index + 1, command);
            Current = next;
            foreach (var watcher in _watchers.ToArray()) watcher(new(before, next, command));
            return outcome;
        }
    }

    /// <summary>Applies a command that must not be refused.</summary>
    public void Must(BookCommand command)
    {
        var outcome = Apply(command);
        Assert.True(outcome.Refusals.Count == 0, string.Join(" ", outcome.Refusals.Select(refusal => refusal.Message)));
    }

    private void CheckLeader()
    {
        if (!HasLeader) throw new BookUnavailableException("No leader answered in 5 s: pi-2:7400 (timed out).");
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

using System.Collections.Concurrent;
using Edge.Actors.Channels;
using Edge.Actors.Intake;
using Edge.Messages.Channels;
using Edge.Messages.Intake;

namespace Edge.Actors.Tests;

/// <summary>An intake log on a disk of memory: it survives the system that writes to it.</summary>
internal sealed class MemoryIntakeLog : IIntakeLog
{
    private readonly Lock _gate = new();
    private readonly List<LoggedReading> _readings = [];
    private readonly List<(long Sequence, TaskCompletionSource Done)> _waits = [];

    public long Last { get; private set; }

    public long First { get; private set; } = 1;

    public double Fill { get; set; }

    /// <summary>No room, as on a full disk.</summary>
    public volatile bool Refuses;

    /// <summary>No room after this sequence.</summary>
    public long? RefusesAfter { get; set; }

    public long Append(Reading reading)
    {
        lock (_gate)
        {
            if (Refuses || Last >= RefusesAfter) throw new IntakeUnavailableException("No space left on device");
            _readings.Add(new(++Last, reading));
            return Last;
        }
    }

    public ValueTask FlushedAsync(long sequence) => ValueTask.CompletedTask;

    public IReadOnlyList<LoggedReading> Read(long after, int max)
    {
        lock (_gate) return [.. _readings.Where(r => r.Sequence > after).Take(max)];
    }

    public void Trim(long sequence)
    {
        lock (_gate)
        {
            _readings.RemoveAll(r => r.Sequence <= sequence);
            First = Math.Max(First, sequence + 1);
            foreach (var wait in _waits.Where(w => w.Sequence < First).ToList())
            {
                _waits.Remove(wait);
                wait.Done.SetResult();
            }
        }
    }

    /// <summary>Completes when everything up to a sequence was let go.</summary>
    public async Task Trimmed(long sequence)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (sequence < First) return;
            _waits.Add((sequence, done));
        }

        try
        {
            await done.Task.WaitAsync(TestNode.Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Waited {TestNode.Patience} for the log to let go of {sequence}; it holds {First} to {Last}.");
        }
    }
}

/// <summary>A channel store on a disk of memory, which can be full.</summary>
internal sealed class MemoryChannelStore : IChannelStore
{
    private readonly ConcurrentDictionary<ChannelId, StoredChannel> _heads = new();
    private readonly ConcurrentDictionary<(ChannelId, string), byte[]> _keys = new();
    private readonly ConcurrentDictionary<(ChannelId, string), byte[]> _staged = new();

    public volatile bool Full;

    public int Commits;

    public IEnumerable<string> Keys => _keys.Keys.Select(k => k.Item2);

    public StoredChannel? Load(ChannelId channel) => _heads.GetValueOrDefault(channel);

    public ReadOnlyMemory<byte>? LoadKey(ChannelId channel, string key) => _keys.TryGetValue((channel, key), out var state) ? state : null;

    IReadOnlyList<string> IChannelStore.Keys(ChannelId channel) => [.. _keys.Keys.Where(k => k.Item1 == channel).Select(k => k.Item2)];

    public Task StageAsync(ChannelId channel, IReadOnlyList<StoredKey> keys, bool first)
    {
        if (first) Remove(_staged, channel);
        foreach (var key in keys) _staged[(channel, key.Key)] = key.State.ToArray();
        return Task.CompletedTask;
    }

    public Task ReplaceAsync(ChannelId channel, ChannelCommit commit, bool staged)
    {
        Remove(_keys, channel);
        foreach (var (key, state) in _staged.Where(s => staged && s.Key.Item1 == channel)) _keys[key] = state;
        Remove(_staged, channel);
        return CommitAsync(channel, commit);
    }

    private static void Remove(ConcurrentDictionary<(ChannelId, string), byte[]> rows, ChannelId channel)
    {
        foreach (var key in rows.Keys.Where(k => k.Item1 == channel)) rows.TryRemove(key, out _);
    }

    public Task CommitAsync(ChannelId channel, ChannelCommit commit)
    {
        if (Full) throw new IOException("No space left on device");
        foreach (var key in commit.Changed) _keys[(channel, key.Key)] = key.State.ToArray();
        _heads[channel] = new(commit.Position, commit.Head);
        Interlocked.Increment(ref Commits);
        return Task.CompletedTask;
    }
}

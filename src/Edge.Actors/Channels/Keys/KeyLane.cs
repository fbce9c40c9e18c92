using Edge.Actors.Channels.Windows;
using Edge.Actors.Intake;
using Edge.Messages.Channels;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Instances;
using Google.Protobuf;

namespace Edge.Actors.Channels.Keys;

/// <summary>
/// One key's stream within a channel: its instance and all state that its next output depends on. <see cref="Base"/> is that state at the last capture; with the
/// readings since then (<see cref="Since"/>) it gives the present state again after a fault. Owned by one <see cref="ChannelPipeline"/>, one thread at a time.
/// </summary>
internal sealed class KeyLane(string key, Window window, StreamClock clock)
{
    /// <summary>Version of <see cref="KeyState"/> that this code writes and the newest that it reads.</summary>
    public const uint Format = 2;

    private readonly List<int> _given = [];
    private int _outputs;

    /// <summary>The key; empty for a channel without keys.</summary>
    public string Key { get; } = key;

    /// <summary>The open block.</summary>
    public Window Window { get; } = window;

    /// <summary>The newest time.</summary>
    public StreamClock Clock { get; } = clock;

    /// <summary>The producer's own numbers.</summary>
    public DuplicateFilter Sequences { get; } = new();

    /// <summary>The instance's key-value pairs.</summary>
    public KvSpace Kv { get; } = new();

    /// <summary>The instance; null before the first reading and after a fault.</summary>
    public ModuleInstance? Instance { get; set; }

    /// <summary>State at the last capture.</summary>
    public KeyState Base { get; private set; } = new() { Format = Format };

    /// <summary>Readings that came after <see cref="Base"/>, the present one included.</summary>
    public List<InboxEntry> Since { get; } = [];

    /// <summary>Those of <see cref="Since"/> that made a handler fault: they are passed over in a replay.</summary>
    public HashSet<int> PoisonReadings { get; } = [];

    /// <summary>Numbers of the first samples of blocks that made the module fault.</summary>
    public HashSet<long> PoisonBlocks { get; } = [];

    /// <summary>For each intake log, the last reading that is in the state.</summary>
    public LogCursors Cursors { get; } = new();

    /// <summary>Calls since <see cref="Base"/> that came to an end without ending the instance.</summary>
    public int Calls { get; set; }

    /// <summary>Calls since <see cref="Base"/> whose effects are out already: in a replay they stay silent.</summary>
    public int SilentCalls { get; set; }

    /// <summary>Whether making a snapshot ended the last instance: the same state would do it again.</summary>
    public bool SnapshotFaulted { get; set; }

    /// <summary>Whether the instance is gone and <see cref="Since"/> must be replayed on a new one.</summary>
    public bool NeedsReplay { get; set; }

    /// <summary>Replays in a row that faulted.</summary>
    public int ReplayFaults { get; set; }

    /// <summary>Whether the state differs from <see cref="Base"/>.</summary>
    public bool Dirty => Since.Count > 0;

    /// <summary>Its place among the live keys, least recently used first.</summary>
    public LinkedListNode<KeyLane>? Use { get; set; }

    /// <summary>A reading of <see cref="Since"/> begins, live or in a replay: its outputs are numbered from 1.</summary>
    public void Begin(int index)
    {
        if (index == _given.Count) _given.Add(0);
        _outputs = 0;
    }

    /// <summary>
    /// The number of the next output of a reading of <see cref="Since"/>. One that goes out never has the number of another that did, also where a replay made fewer outputs than the first time.
    /// </summary>
    /// <param name="index">The reading.</param>
    /// <param name="silent">Whether it was out before.</param>
    public int NextOutput(int index, bool silent)
    {
        _outputs = silent ? _outputs + 1 : Math.Max(_outputs, _given[index]) + 1;
        _given[index] = Math.Max(_given[index], _outputs);
        return _outputs;
    }

    /// <summary>Goes back to <see cref="Base"/>; the caller makes a new instance from its snapshot.</summary>
    public void Rewind()
    {
        Cursors.Load(Position.Of(Base.Cursors));
        Window.Load(Base.Block);
        Clock.Load(Base.Clock);
        Sequences.Load(Base.Sequences);
        Kv.Clear();
        foreach (var pair in Base.Kv) Kv.Set(pair.Key, pair.Value.ToByteArray());
    }

    /// <summary>Takes over a stored state. One of format 1 was written by a node on its own: its position is a cursor in <paramref name="log"/>.</summary>
    public void Load(KeyState state, string log)
    {
        if (state is { Format: < 2, Position: > 0 }) state.Cursors[log] = state.Position;
        Base = state;
        Rewind();
    }

    /// <summary>Makes the present state the new <see cref="Base"/>.</summary>
    /// <param name="snapshot">The guest's snapshot, or null if the module keeps no state.</param>
    /// <param name="digest">SHA-256 of the module.</param>
    public KeyState Capture(ReadOnlyMemory<byte>? snapshot, ByteString digest)
    {
        var state = new KeyState
        {
            Format = Format, ModuleDigest = digest, Block = Window.Save(), Clock = Clock.Save(), Sequences = Sequences.Save(),
        };
        foreach (var (log, sequence) in Cursors.Save().Cursors) state.Cursors.Add(log, sequence);
        if (snapshot is { } bytes) state.Snapshot = UnsafeByteOperations.UnsafeWrap(bytes);
        foreach (var (name, value) in Kv.Pairs) state.Kv.Add(new KvPair { Key = name, Value = UnsafeByteOperations.UnsafeWrap(value) });
        Base = state;
        ForgetSince();
        return state;
    }

    /// <summary>Gives up what cannot be replayed: the state stays at <see cref="Base"/>, and the readings count as processed. Returns those that were not given up before.</summary>
    public IReadOnlyList<InboxEntry> GiveUpReplay()
    {
        IReadOnlyList<InboxEntry> given = [.. Since.Where((_, i) => !PoisonReadings.Contains(i))];
        Base = new KeyState(Base);
        foreach (var entry in Since)
        {
            if (entry.Logged) Base.Cursors[entry.Log] = entry.Place;
        }

        Rewind();
        ForgetSince();
        return given;
    }

    private void ForgetSince()
    {
        Since.Clear();
        _given.Clear();
        PoisonReadings.Clear();
        PoisonBlocks.Clear();
        (Calls, SilentCalls) = (0, 0);
    }
}

namespace Edge.Bench.Grains;

/// <summary>One library's two nodes, seen from the first: 64 actors in this process, 64 in another.</summary>
internal interface IGrainSystem : IAsyncDisposable
{
    /// <summary>Who it is, for a table.</summary>
    string Name { get; }

    /// <summary>Asks an actor of this process; the answer is the number, one higher.</summary>
    Task<long> AskLocalAsync(int actor, long number);

    /// <summary>Asks an actor of the other process.</summary>
    Task<long> AskRemoteAsync(int actor, long number);
}

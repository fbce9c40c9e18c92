namespace Edge.Bench.Grains;

/// <summary>A node of Orleans: its silo and its own client in it.</summary>
internal sealed class OrleansGrains(OrleansSilo silo) : IGrainSystem
{
    /// <summary>Key of the first actor of the other process.</summary>
    public const int FirstRemote = 1_000;

    private readonly IOrleansEcho[] _local = Of(silo, 0);
    private readonly IOrleansEcho[] _remote = Of(silo, FirstRemote);

    public string Name => OrleansSilo.Version;

    /// <summary>Starts the actors that the first node asks as remote ones, here.</summary>
    public async Task BeginAsync()
    {
        foreach (var grain in _remote) await grain.WhereAsync();
    }

    /// <summary>Proves that the others are where they shall be.</summary>
    /// <exception cref="BenchException">They are not.</exception>
    public async Task CheckAsync()
    {
        foreach (var grain in _local)
            if (await grain.WhereAsync() != Environment.ProcessId) throw new BenchException("Orleans began a local actor elsewhere.");
        foreach (var grain in _remote)
            if (await grain.WhereAsync() == Environment.ProcessId) throw new BenchException("Orleans began a remote actor here.");
    }

    public Task<long> AskLocalAsync(int actor, long number) => AskAsync(_local[actor], number);

    public Task<long> AskRemoteAsync(int actor, long number) => AskAsync(_remote[actor], number);

    public ValueTask DisposeAsync() => silo.DisposeAsync();

    private static IOrleansEcho[] Of(OrleansSilo silo, int first) => [.. Enumerable.Range(first, GrainLoad.Actors).Select(key => silo.Grains.GetGrain<IOrleansEcho>(key))];

    private static async Task<long> AskAsync(IOrleansEcho actor, long number) => (await actor.AskAsync(new OrleansAsk(number, 21.5, "boiler"))).Number;
}

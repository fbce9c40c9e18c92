using System.Diagnostics;
using Edge.Bench.Grains;
using Orleans.Runtime;

namespace Edge.Bench.Failover;

/// <summary>
/// The same question for Orleans: three silos, one grain on a silo that is killed, asked a hundred times a second through another silo; from the kill to the first answer from elsewhere. It writes nothing to disk and copies no state.
/// </summary>
internal static class OrleansFailover
{
    /// <summary>Kills with each setting.</summary>
    public const int Kills = 3;

    private const int UnderWayMax = 4_000;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Seconds of each kill.</summary>
    public static async Task<IReadOnlyList<double>> RunAsync(bool tuned)
    {
        var seconds = new List<double>();
        for (var kill = 0; kill < Kills; kill++) seconds.Add(await KillAsync(tuned ? "orleans-tuned" : "orleans", tuned));
        return seconds;
    }

    private static async Task<double> KillAsync(string library, bool tuned)
    {
        var first = Processes.FreePort();
        await using var silo = await OrleansSilo.StartAsync(first, first, tuned);
        // The first of the two begins the grains; the second finds them there.
        await using var victim = await GrainHost.StartAsync(library, Processes.FreePort(), first, "-");
        await victim.ServingAsync();
        await using var other = await GrainHost.StartAsync(library, Processes.FreePort(), first, "-");
        await other.ServingAsync();
        var grain = silo.Grains.GetGrain<IOrleansEcho>(OrleansGrains.FirstRemote);
        if (await grain.WhereAsync() != victim.Id) throw new BenchException("Orleans began the grain elsewhere than on the silo that is to be killed.");

        var at = Stopwatch.GetTimestamp();
        victim.Kill();
        var answered = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = new PeriodicTimer(Every);
        for (var underWay = 0; !answered.Task.IsCompleted && await timer.WaitForNextTickAsync();)
        {
            if (Stopwatch.GetElapsedTime(at) > Limit) throw new BenchException($"{OrleansSilo.Version} did not answer from another silo within {Limit.TotalSeconds} s.");
            if (Interlocked.Increment(ref underWay) <= UnderWayMax) _ = AskAsync();
            else Interlocked.Decrement(ref underWay);

            async Task AskAsync()
            {
                try
                {
                    if (await grain.WhereAsync() != victim.Id) answered.TrySetResult(Stopwatch.GetElapsedTime(at).TotalSeconds);
                }
                catch (Exception notYet) when (notYet is OrleansException or TimeoutException or OperationCanceledException or ObjectDisposedException)
                {
                    // The next one asks again.
                }
                finally
                {
                    Interlocked.Decrement(ref underWay);
                }
            }
        }
        return await answered.Task;
    }
}

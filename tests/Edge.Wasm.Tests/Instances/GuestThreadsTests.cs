using Edge.Wasm.Instances;

namespace Edge.Wasm.Tests.Instances;

/// <summary>Guests run on few threads; no tenant takes them all, and a tenant's jobs begin in its order.</summary>
public sealed class GuestThreadsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int _begun;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_runs_on_a_guest_thread_and_its_result_comes_back()
    {
        using var threads = new GuestThreads(2);

        Assert.Equal("edge-guest 7", await threads.RunAsync("acme", n => $"{Thread.CurrentThread.Name} {n}", 7));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => threads.RunAsync<int, int>("acme", _ => throw new InvalidTimeZoneException(), 0));
    }

    [Fact]
    public async Task A_tenant_that_blocks_its_share_leaves_the_other_half_to_others()
    {
        using var threads = new GuestThreads(4);
        using var gate = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(2);
        var greedy = Enumerable.Range(0, 10).Select(_ => threads.RunAsync("greedy", g => Block(blocked, g), gate)).ToArray();
        Assert.True(blocked.Wait(Patience, Cancel), "Two of the greedy tenant's jobs should have begun.");

        var others = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => threads.RunAsync($"tenant-{i % 3}", n => n, i))).WaitAsync(Patience, Cancel);

        Assert.Equal(20, others.Length);
        Assert.Equal(2, Volatile.Read(ref _begun));
        gate.Set();
        Assert.Equal(10, (await Task.WhenAll(greedy).WaitAsync(Patience, Cancel)).Length);
    }

    [Fact]
    public async Task Jobs_of_a_tenant_begin_in_order_of_arrival()
    {
        using var threads = new GuestThreads(2);
        var order = new List<int>();
        var jobs = Enumerable.Range(0, 200).Select(i => threads.RunAsync("acme", n => Note(order, n), i)).ToArray();

        await Task.WhenAll(jobs).WaitAsync(Patience, Cancel);

        Assert.Equal(Enumerable.Range(0, 200), order);
    }

    [Fact]
    public async Task Jobs_that_wait_are_cancelled_at_the_end_and_those_that_run_are_awaited()
    {
        var threads = new GuestThreads(2);
        using var gate = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(1);
        var running = threads.RunAsync("acme", g => Block(blocked, g), gate);
        Assert.True(blocked.Wait(Patience, Cancel), "The first job should have begun.");
        var waiting = threads.RunAsync("acme", n => n, 1);

        var disposing = Task.Run(threads.Dispose, Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience, Cancel));
        Assert.False(disposing.IsCompleted);
        gate.Set();
        await disposing.WaitAsync(Patience, Cancel);

        Assert.True(running.IsCompletedSuccessfully);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => threads.RunAsync("acme", n => n, 2));
    }

    private int Block(CountdownEvent begun, ManualResetEventSlim gate)
    {
        Interlocked.Increment(ref _begun);
        if (!begun.IsSet) begun.Signal();
        return gate.Wait(Patience, Cancel) ? 1 : throw new TimeoutException("The gate was not opened.");
    }

    private static int Note(List<int> order, int n)
    {
        lock (order) order.Add(n);
        return n;
    }
}

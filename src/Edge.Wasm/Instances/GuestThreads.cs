namespace Edge.Wasm.Instances;

/// <summary>
/// The bounded threads that guests run on: 2 MiB of stack each (Wasmtime uses 512 KiB of it and a smaller thread kills the process, measured), made when needed,
/// ended after 10 s without work. A tenant holds at most half of them, so that one tenant's blocked guests leave room for the others; tenants that wait take turns.
/// </summary>
public sealed class GuestThreads : IDisposable
{
    /// <summary>Jobs that wait or run, of all tenants. Past it <see cref="RunAsync"/> fails: every caller awaits its one job, so so many mean that something does not.</summary>
    public const int JobsMax = 65_536;

    private const int StackBytes = 2 << 20;

    private static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly GuestQueue _queue;
    private readonly int _max;
    private readonly HashSet<Thread> _threads = [];
    private int _idle;
    private int _jobs;
    private bool _ended;

    internal GuestThreads(int max)
    {
        _max = max;
        _queue = new((max + 1) / 2);
    }

    /// <summary>
    /// Runs <paramref name="work"/> on a guest thread, in the tenant's order of arrival; the task carries its result. What it throws, the task throws. After
    /// <see cref="Dispose"/> the task is cancelled.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="JobsMax"/> is reached.</exception>
    public Task<T> RunAsync<TState, T>(string tenant, Func<TState, T> work, TState state)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(work);
        var job = new GuestJob<TState, T>(work, state);
        lock (_gate)
        {
            if (_ended) return Task.FromCanceled<T>(new CancellationToken(canceled: true));
            if (_jobs >= JobsMax) throw new InvalidOperationException($"{_jobs} guest calls wait or run; {JobsMax} are allowed. Await each call before the next.");
            _jobs++;
            _queue.Add(tenant, job);
            // Not "if anyone is idle": an idle thread that was woken for the job before still counts as idle.
            if (_queue.WaitingCount > _idle && _threads.Count < _max) StartThread();
            else Monitor.Pulse(_gate);
        }

        return job.Task;
    }

    /// <summary>Cancels the jobs that wait and returns when those that run have ended, which their deadlines bound.</summary>
    public void Dispose()
    {
        Thread[] threads;
        lock (_gate)
        {
            _ended = true;
            foreach (var waiting in _queue.Drain()) waiting.Cancel();
            Monitor.PulseAll(_gate);
            threads = [.. _threads];
        }

        foreach (var thread in threads) thread.Join();
    }

    private void StartThread()
    {
        var thread = new Thread(Run, StackBytes) { IsBackground = true, Name = "edge-guest" };
        _threads.Add(thread);
        thread.Start();
    }

    private void Run()
    {
        while (Next() is var (job, tenant))
        {
            job.Run();
            lock (_gate)
            {
                _jobs--;
                _queue.Done(tenant);
            }
        }
    }

    private (IGuestJob Job, GuestQueue.Tenant Tenant)? Next()
    {
        lock (_gate)
        {
            var timedOut = false;
            while (true)
            {
                if (_queue.TryTake(out var job, out var tenant)) return (job, tenant);
                if (_ended || timedOut)
                {
                    _threads.Remove(Thread.CurrentThread);
                    return null;
                }

                _idle++;
                timedOut = !Monitor.Wait(_gate, IdleMax);
                _idle--;
            }
        }
    }
}

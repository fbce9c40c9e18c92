namespace Edge.Wasm.Instances;

/// <summary>Work for a guest thread.</summary>
internal interface IGuestJob
{
    /// <summary>Does it and completes its task.</summary>
    void Run();

    /// <summary>Completes its task as cancelled.</summary>
    void Cancel();
}

/// <summary>Work and its task in one object. What awaits the task goes on elsewhere, not on the guest thread.</summary>
internal sealed class GuestJob<TState, T>(Func<TState, T> work, TState state)
    : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IGuestJob
{
    public void Run()
    {
        try
        {
            SetResult(work(state));
        }
#pragma warning disable CA1031 // The thread's boundary: what the work throws belongs to whoever awaits it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            SetException(failure);
        }
    }

    public void Cancel() => SetCanceled();
}

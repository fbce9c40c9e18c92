namespace Edge.Wasm.Instances;

/// <summary>
/// The bounded threads that guests run on: 2 MiB of stack each (Wasmtime uses 512 KiB of it and a smaller thread kills the process, measured), made when needed.
/// A tenant holds at most half of them, so that one tenant's blocked guests leave room for the others.
/// </summary>
public sealed class GuestThreads : IDisposable
{
    /// <summary>Runs <paramref name="work"/> on a guest thread, in the tenant's order of arrival; the task carries its result.</summary>
    public Task<T> RunAsync<TState, T>(string tenant, Func<TState, T> work, TState state) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}

using Edge.Wasm.Instances;

namespace Edge.Wasm.Wasi;

/// <summary>What WASI keeps for one instance: descriptors, opened folders, pending output. Made on first use, disposed with the instance.</summary>
internal sealed class WasiState : IDisposable
{
    /// <summary>For the instance behind <paramref name="guest"/>.</summary>
    public WasiState(GuestContext guest) => ArgumentNullException.ThrowIfNull(guest);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

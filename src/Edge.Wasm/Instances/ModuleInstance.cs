using System.Buffers;
using Edge.Wasm.Modules;

namespace Edge.Wasm.Instances;

/// <summary>
/// One Wasmtime store with one instance of a module. One owner, one thread at a time; threads may change between calls. A fault other than
/// <see cref="Faults.GuestFault.GuestError"/> ends it: dispose it and make another. Dispose only after the last call returned.
/// </summary>
public sealed class ModuleInstance : IDisposable
{
    /// <summary>The module.</summary>
    public CompiledModule Module => throw new NotImplementedException();

    /// <summary>What the last successful call did; valid until the next call.</summary>
    public CallEffects Effects { get; } = new();

    /// <summary>False after a fault that ended the instance.</summary>
    public bool Alive => throw new NotImplementedException();

    /// <summary><c>edge_handle</c>.</summary>
    public CallOutcome Handle(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, long timeUs) => throw new NotImplementedException();

    /// <summary><c>edge_stream</c>; <paramref name="samples"/> are little-endian of the header's type.</summary>
    public CallOutcome Stream(in BlockHeader header, ReadOnlySpan<byte> samples) => throw new NotImplementedException();

    /// <summary><c>edge_encode</c>: bytes consumed.</summary>
    public CallOutcome Encode(ReadOnlySpan<byte> chunk) => throw new NotImplementedException();

    /// <summary><c>edge_decode</c>: bytes consumed, 0 = needs more.</summary>
    public CallOutcome Decode(ReadOnlySpan<byte> chunk) => throw new NotImplementedException();

    /// <summary><c>edge_http</c>: writes the response's bytes.</summary>
    public CallOutcome Http(ReadOnlySpan<byte> request, IBufferWriter<byte> response) => throw new NotImplementedException();

    /// <summary><c>_start</c>: the outcome's value is the exit code. The instance has ended afterwards.</summary>
    public CallOutcome RunCommand() => throw new NotImplementedException();

    /// <summary><c>edge_snapshot</c>: writes the state. Only if <see cref="CompiledModule.KeepsState"/>.</summary>
    public CallOutcome Snapshot(IBufferWriter<byte> snapshot) => throw new NotImplementedException();

    /// <summary>Calls <c>edge_cleanup</c> if the instance is alive and exports it, bounded by the deadline, and frees the store.</summary>
    public void Dispose() => throw new NotImplementedException();
}

using Edge.Messages.Modules;
using Edge.Wasm;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Faults;
using Edge.Wasm.Instances;
using Edge.Wasm.Limits;
using Edge.Wasm.Modules;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Edge.Actors.Modules;

/// <summary>
/// A node's place for one module: the compiled code and everything that an instance of it is made with. Given out by the <see cref="ModuleSupervisor"/> to the channels
/// that use the module; thread-safe; lives until it is unloaded or the <see cref="ModuleLoader"/> that made it ends, after the channels.
/// </summary>
internal sealed class ModuleSlot(
    ModuleSpec spec, ModuleLimits limits, CompiledModule module, ModuleHost host, string? filesRoot, IGpioLines? gpio, ILogger guestLog) : IDisposable
{
    private readonly GpioCapability[] _lines = [.. spec.Capabilities.Grants.OfType<GpioCapability>()];

    /// <summary>The module.</summary>
    public ModuleId Id => spec.Id;

    /// <summary>What it is called for.</summary>
    public ModuleKind Kind => module.Kind;

    /// <summary>Digest of its bytes.</summary>
    public ModuleDigest Digest => module.Digest;

    /// <summary>The digest's bytes, for key states.</summary>
    public ByteString DigestBytes { get; } = ByteString.CopyFrom(Convert.FromHexString(module.Digest.Hex));

    /// <summary>Whether a fault or a restart can go on from a snapshot.</summary>
    public bool KeepsState => module.KeepsState;

    /// <summary>Names of its ports, in order.</summary>
    public IReadOnlyList<string> Ports => spec.Ports;

    /// <summary>Runs <paramref name="work"/> on a guest thread of the module's tenant.</summary>
    public Task<T> RunAsync<TState, T>(Func<TState, T> work, TState state) => host.Threads.RunAsync(spec.Id.Tenant.Value, work, state);

    /// <summary>Makes an instance; on a guest thread. Null with a fault when there is none.</summary>
    public ModuleInstance? Create(ReadOnlyMemory<byte>? snapshot, KvSpace kv, out GuestFault? fault) => host.Create(module, new()
    {
        Tenant = spec.Id.Tenant.Value,
        Module = spec.Id.ToString(),
        Limits = limits,
        Grants = spec.Capabilities,
        Config = spec.Config,
        Snapshot = module.KeepsState ? snapshot : null,
        Kv = kv,
        FilesRoot = filesRoot,
        Gpio = gpio,
        PortCount = spec.Ports.Count,
        Log = guestLog,
    }, out fault);

    /// <summary>Drives a granted line after a call that asked for it. False when the line does not answer.</summary>
    public bool Drive(in GpioEffect write) =>
        gpio is not null && (uint)write.Line < (uint)_lines.Length && gpio.Write(_lines[write.Line].Chip, _lines[write.Line].Line, write.High);

    /// <inheritdoc/>
    public void Dispose() => module.Dispose();
}

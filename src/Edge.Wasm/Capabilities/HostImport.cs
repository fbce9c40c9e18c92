using Edge.Wasm.Instances;
using Edge.Wasm.Native;

namespace Edge.Wasm.Capabilities;

/// <summary>
/// The body of a function that guests import. It runs on the guest's thread, must be bounded by <see cref="GuestContext.Remaining"/>, and may not call
/// back into the guest. An i32 result is the low half of the returned number; a function without result returns 0. An exception that leaves it ends the call
/// with <see cref="Faults.GuestFault.HostRefusal"/>; it never crosses native frames.
/// </summary>
/// <param name="guest">The calling instance.</param>
/// <param name="args">The arguments in order; valid until the function returns.</param>
internal delegate long HostFunction(GuestContext guest, ReadOnlySpan<ValueRaw> args);

/// <summary>One function that guests may import.</summary>
/// <param name="Module">Import module: <c>edge</c> or <c>wasi_snapshot_preview1</c>.</param>
/// <param name="Name">Import name.</param>
/// <param name="Parameters">Types of the parameters.</param>
/// <param name="Results">Types of the results: none or one.</param>
/// <param name="Capability">The word of the grant that a module needs to import it, such as <c>kv</c>; null for none.</param>
/// <param name="Body">What it does.</param>
internal sealed record HostImport(string Module, string Name, ValueKind[] Parameters, ValueKind[] Results, string? Capability, HostFunction Body);

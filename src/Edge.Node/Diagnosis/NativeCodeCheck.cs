using System.Runtime.InteropServices;
using Edge.Wasm;

namespace Edge.Node.Diagnosis;

/// <summary>The native Wasmtime library is there for this processor and loads.</summary>
internal sealed class NativeCodeCheck : ICheck
{
    /// <inheritdoc />
    public IEnumerable<Finding> Look()
    {
        var place = RuntimeInformation.RuntimeIdentifier;
        if (!NativeLibrary.TryLoad("wasmtime", typeof(ModuleHost).Assembly, null, out var library))
        {
            yield return Finding.Failed("module host", $"libwasmtime does not load on {place}; it is shipped for linux-x64 and linux-arm64 with glibc.", "Use a 64-bit system with glibc, and the edge build for it.");
            yield break;
        }
        NativeLibrary.Free(library);
        yield return Finding.Ok("module host", $"libwasmtime loads on {place}");
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Instances;

namespace Edge.Wasm.Native;

/// <summary>
/// Offers the host functions to Wasmtime through one thunk: its environment is a handle of the <see cref="HostImport"/>, the store's data a handle of the
/// <see cref="GuestContext"/>. No exception crosses a native frame: it becomes a trap and a reason in the context.
/// </summary>
internal static unsafe class HostLinker
{
    private static ReadOnlySpan<byte> EndedByHost => "ended by a host function"u8;

    /// <summary>A linker with <paramref name="imports"/>.</summary>
    public static LinkerHandle New(EngineHandle engine, IReadOnlyList<HostImport> imports)
    {
        var linker = WasmtimeApi.LinkerNew(engine.DangerousGetHandle());
        foreach (var import in imports) Define(linker, import);
        return new(linker);
    }

    private static void Define(nint linker, HostImport import)
    {
        var type = FuncTypeOf(import.Parameters, import.Results);
        // Freed by the linker's (and its pre-linked modules') last reference, which may outlive the host.
        var data = GCHandle.ToIntPtr(GCHandle.Alloc(import));
        nint error;
        fixed (byte* module = Encoding.UTF8.GetBytes(import.Module))
        fixed (byte* name = Encoding.UTF8.GetBytes(import.Name))
        {
            error = WasmtimeApi.LinkerDefine(
                linker, module, (nuint)import.Module.Length, name, (nuint)import.Name.Length, type, &Call, data, &FreeHandle);
        }

        WasmtimeApi.FuncTypeDelete(type);
        if (error != 0) throw new InvalidOperationException($"Host function {import.Module}.{import.Name} cannot be defined: {NativeFailure.TakeError(error).Text}");
    }

    private static nint FuncTypeOf(ValueKind[] parameters, ValueKind[] results)
    {
        var into = Values(parameters);
        var from = Values(results);
        return WasmtimeApi.FuncTypeNew(&into, &from);

        static WasmVector Values(ValueKind[] kinds)
        {
            var types = stackalloc nint[Math.Max(1, kinds.Length)];
            for (var i = 0; i < kinds.Length; i++) types[i] = WasmtimeApi.ValueTypeNew((byte)kinds[i]);
            WasmVector vector;
            WasmtimeApi.ValueTypesNew(&vector, (nuint)kinds.Length, types);
            return vector;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Call(nint environment, nint caller, ValueRaw* values, nuint count)
    {
        var import = Unsafe.As<HostImport>(GCHandle.FromIntPtr(environment).Target!);
        var context = WasmtimeApi.CallerContext(caller);
        var guest = Unsafe.As<GuestContext>(GCHandle.FromIntPtr(WasmtimeApi.ContextData(context)).Target!);
        try
        {
            if (!guest.IsBound) BindMemory(guest, caller, context);
            var result = import.Body(guest, new ReadOnlySpan<ValueRaw>(values, (int)count));
            if (guest.Ending is null)
            {
                if (import.Results.Length > 0) values->I64 = result;
                GuestEntry.Return(context);
                return 0;
            }
        }
#pragma warning disable CA1031 // Nothing may cross into native frames: the process would end. The reason goes on as a fault.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            guest.Refuse($"The host function {import.Module}.{import.Name} failed: {failure.GetType().Name}: {failure.Message}");
        }

        fixed (byte* text = EndedByHost) return WasmtimeApi.TrapNew(text, (nuint)EndedByHost.Length);
    }

    /// <summary>For the module's start section, which runs before the instance is handed out.</summary>
    private static void BindMemory(GuestContext guest, nint caller, nint context)
    {
        WasmExtern item;
        fixed (byte* name = ExportNames.Memory)
        {
            if (WasmtimeApi.CallerExport(caller, name, (nuint)ExportNames.Memory.Length, &item) && item.Kind == ExternKind.Memory)
                guest.Bind(context, item.Memory);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void FreeHandle(nint handle) => GCHandle.FromIntPtr(handle).Free();
}

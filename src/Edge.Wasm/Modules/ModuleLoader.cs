using Edge.Messages.Modules;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Native;

namespace Edge.Wasm.Modules;

/// <summary>From bytes to a module that makes instances: read its outside, hold it against the ABI, then map or compile, then link. Safe for any bytes and several threads.</summary>
internal sealed class ModuleLoader : IDisposable
{
    /// <summary>The largest file that is taken. Go programs with a network stack have 4 MiB.</summary>
    public const int WasmBytesMax = 64 << 20;

    private readonly EngineHandle _engine;
    private readonly LinkerHandle _linker;
    private readonly Dictionary<(string Module, string Name), HostImport> _offered;
    private readonly ModuleCache? _cache;
    private readonly WasmMetrics _metrics;
    private readonly TimeProvider _time;

    public ModuleLoader(EngineHandle engine, IReadOnlyList<HostImport> imports, ModuleCache? cache, WasmMetrics metrics, TimeProvider time)
    {
        _engine = engine;
        _linker = HostLinker.New(engine, imports);
        _offered = imports.ToDictionary(i => (i.Module, i.Name));
        _cache = cache;
        _metrics = metrics;
        _time = time;
    }

    /// <summary>See <see cref="ModuleHost.Load"/>.</summary>
    public ModuleLoad Load(ReadOnlySpan<byte> wasm)
    {
        if (wasm.Length > WasmBytesMax) return Reject($"The module has {wasm.Length} bytes; at most {WasmBytesMax} are taken.");
        ModuleShape shape;
        try
        {
            shape = ModuleShape.Read(wasm);
        }
        catch (FormatException unreadable)
        {
            return Reject(unreadable.Message);
        }

        var problems = AbiCheck.Problems(shape, _offered, out var kind);
        if (problems.Count > 0) return Reject([.. problems]);
        var digest = ModuleDigest.Of(wasm);
        var code = _cache?.TryMap(_engine, digest);
        var fromCache = code is not null;
        if (code is null)
        {
            code = Compile(wasm, out var reason);
            if (code is not null) Keep(digest, code);
            NativeHeap.GiveBack();
            if (code is null) return Reject(reason!);
        }

        return Link(digest, kind, wasm.Length, shape, code, fromCache);
    }

    /// <inheritdoc/>
    public void Dispose() => _linker.Dispose();

    private unsafe CodeHandle? Compile(ReadOnlySpan<byte> wasm, out string? reason)
    {
        var start = _time.GetTimestamp();
        nint module, error;
        fixed (byte* bytes = wasm) error = WasmtimeApi.ModuleNew(_engine.DangerousGetHandle(), bytes, (nuint)wasm.Length, &module);
        reason = error == 0 ? null : $"The module is not valid: {NativeFailure.TakeError(error).Cause}.";
        if (error != 0) return null;
        _metrics.Compiled(_time.GetElapsedTime(start));
        return new(module);
    }

    private unsafe void Keep(ModuleDigest digest, CodeHandle code)
    {
        if (_cache is null) return;
        WasmVector compiled;
        var error = WasmtimeApi.ModuleSerialize(code.DangerousGetHandle(), &compiled);
        // Out of memory at worst; the module itself is fine, and so is compiling it again at the next start.
        if (error != 0)
        {
            WasmtimeApi.ErrorDelete(error);
            return;
        }

        _cache.Add(digest, compiled.Bytes);
        WasmtimeApi.BytesDelete(&compiled);
    }

    private unsafe ModuleLoad Link(ModuleDigest digest, ModuleKind kind, int size, ModuleShape shape, CodeHandle code, bool fromCache)
    {
        nint prelinked;
        var error = WasmtimeApi.LinkerPrelink(_linker.DangerousGetHandle(), code.DangerousGetHandle(), &prelinked);
        if (error != 0)
        {
            code.Dispose();
            return Reject($"The module cannot be linked: {NativeFailure.TakeError(error).Cause}.");
        }

        var needed = shape.Imports.Select(i => _offered[(i.Module, i.Name)].Capability).OfType<string>().Distinct().ToArray();
        _metrics.Loaded(fromCache ? "cached" : "compiled");
        return new ModuleLoad.Loaded(new(digest, kind, size, shape, needed, code, new(prelinked)), fromCache);
    }

    private ModuleLoad.Rejected Reject(params string[] reasons)
    {
        _metrics.Loaded("rejected");
        return new(reasons);
    }
}

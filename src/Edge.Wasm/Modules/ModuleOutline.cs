using System.Text;
using Edge.Wasm.Capabilities;

namespace Edge.Wasm.Modules;

/// <summary>
/// What a module's import and export sections tell, without compiling it: cheap enough for <c>edge validate</c> (a Go module takes a
/// second to compile). It judges no code: only <see cref="ModuleHost.Load"/> says whether a module can run.
/// </summary>
/// <param name="Kinds">What its exports make it; exactly one in a module of ABI 1.</param>
/// <param name="Imports">Imported functions as <c>module.name</c>.</param>
/// <param name="NeededGrants">Words of the capabilities that its imports need, such as <c>kv</c>; sorted.</param>
public sealed record ModuleOutline(IReadOnlyList<ModuleKind> Kinds, IReadOnlyList<string> Imports, IReadOnlyList<string> NeededGrants)
{
    private const int ImportSection = 2;
    private const int ExportSection = 7;

    /// <summary>Reads a module. Null, with the end of a sentence in <paramref name="problem"/>, when the bytes are no core WebAssembly module.</summary>
    public static ModuleOutline? Read(ReadOnlySpan<byte> wasm, out string problem)
    {
        problem = "";
        if (!wasm.StartsWith("\0asm"u8)) problem = "is no WebAssembly file: it does not begin with '\\0asm'.";
        else if (wasm.Length < 8 || !wasm[4..8].SequenceEqual((ReadOnlySpan<byte>)[1, 0, 0, 0])) problem = "is a WebAssembly component or of an unknown version; a core module of version 1 is wanted.";
        else if (ReadSections(new WasmReader(wasm[8..])) is { } outline) return outline;
        else problem = "is cut off or damaged: its sections do not add up.";
        return null;
    }

    private static ModuleOutline? ReadSections(WasmReader reader)
    {
        List<string> imports = [], exports = [];
        while (!reader.AtEnd)
        {
            var id = reader.Byte();
            var section = reader.Block();
            if (id == ImportSection) ReadImports(ref section, imports);
            if (id == ExportSection) ReadExports(ref section, exports);
            if (reader.Failed || section.Failed) return null;
        }
        return new ModuleOutline(KindsOf(exports), imports, GrantsOf(imports));
    }

    private static void ReadImports(ref WasmReader section, List<string> imports)
    {
        for (var count = section.Number(); count > 0 && !section.Failed; count--)
        {
            var name = $"{section.Name()}.{section.Name()}";
            var what = section.Byte();
            if (what == 0) imports.Add(name);
            section.SkipExternType(what);
        }
    }

    private static void ReadExports(ref WasmReader section, List<string> exports)
    {
        for (var count = section.Number(); count > 0 && !section.Failed; count--)
        {
            var name = section.Name();
            if (section.Byte() == 0) exports.Add(name);
            section.Number();
        }
    }

    private static List<ModuleKind> KindsOf(List<string> exports)
    {
        (string Export, ModuleKind Kind)[] told =
        [
            ("edge_handle", ModuleKind.Handler), ("edge_stream", ModuleKind.Stream), ("edge_encode", ModuleKind.Codec),
            ("edge_http", ModuleKind.Http), ("_start", ModuleKind.Command),
        ];
        return [.. told.Where(entry => exports.Contains(entry.Export)).Select(entry => entry.Kind)];
    }

    private static List<string> GrantsOf(List<string> imports) =>
    [
        .. HostImports.All.Where(import => import.Capability is not null && imports.Contains($"{import.Module}.{import.Name}"))
            .Select(import => import.Capability!).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads numbers and names of the binary format (WebAssembly 1.0 §5); past the end everything is 0 and <see cref="Failed"/> is set.</summary>
    private ref struct WasmReader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public bool Failed { get; private set; }

        public readonly bool AtEnd => _rest.IsEmpty;

        public byte Byte()
        {
            if (_rest.IsEmpty)
            {
                Failed = true;
                return 0;
            }
            var value = _rest[0];
            _rest = _rest[1..];
            return value;
        }

        // Unsigned LEB128; up to 64 bits, since memories of memory64 modules have such limits.
        public ulong Number()
        {
            ulong value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var part = Byte();
                value |= (ulong)(part & 0x7f) << shift;
                if (part < 0x80) return value;
            }
            Failed = true;
            return 0;
        }

        public WasmReader Block()
        {
            var length = Number();
            Failed |= length > (ulong)_rest.Length;
            if (Failed) return new WasmReader { Failed = true };
            var block = new WasmReader(_rest[..(int)length]);
            _rest = _rest[(int)length..];
            return block;
        }

        public string Name() => Encoding.UTF8.GetString(Block()._rest);

        public void SkipExternType(byte what)
        {
            if (what is 0 or 4) SkipNumbers(what == 4 ? 2 : 1);
            else if (what == 3) SkipNumbers(2);
            else if (what is 1 or 2) SkipLimits(table: what == 1);
            else Failed = true;
        }

        private void SkipLimits(bool table)
        {
            if (table) Byte();
            var flags = Byte();
            SkipNumbers((flags & 1) == 0 ? 1 : 2);
        }

        private void SkipNumbers(int count)
        {
            for (var i = 0; i < count; i++) Number();
        }
    }
}

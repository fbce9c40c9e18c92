namespace Edge.Wasm.Modules;

/// <summary>An import of a module. <paramref name="Function"/> is null for what is no function.</summary>
internal sealed record ImportedItem(string Module, string Name, FuncSignature? Function, string Type);

/// <summary>An export of a module. <paramref name="Function"/> is null for what is no function.</summary>
internal sealed record ExportedItem(string Name, FuncSignature? Function, string Type);

/// <summary>Limits of a memory or table, in pages or elements.</summary>
internal readonly record struct SizeLimits(ulong Min, ulong? Max, bool Shared, bool Wide);

/// <summary>
/// What a module's bytes say about its outside, read before anything is compiled: imports, exports with types, memory and tables. The bodies are not looked at; that
/// they are valid is Wasmtime's to say.
/// </summary>
internal sealed record ModuleShape
{
    /// <summary>Imports in order.</summary>
    public required IReadOnlyList<ImportedItem> Imports { get; init; }

    /// <summary>Exports in order.</summary>
    public required IReadOnlyList<ExportedItem> Exports { get; init; }

    /// <summary>Memories that the module defines.</summary>
    public required IReadOnlyList<SizeLimits> Memories { get; init; }

    /// <summary>Tables that the module defines.</summary>
    public required IReadOnlyList<SizeLimits> Tables { get; init; }

    /// <summary>The number that <c>edge_abi</c> returns, when its body is just that number. Otherwise known only once it has been called.</summary>
    public int? StatedAbi { get; init; }

    /// <summary>The exported function of this name, or null.</summary>
    public FuncSignature? Function(string name) => Exports.FirstOrDefault(e => e.Function is not null && e.Name == name)?.Function;

    /// <summary>Reads the bytes.</summary>
    /// <exception cref="FormatException">They are no module, or one that uses types beyond ABI 1; the message says which.</exception>
    public static ModuleShape Read(ReadOnlySpan<byte> wasm)
    {
        if (wasm.Length < 8 || !wasm[..4].SequenceEqual("\0asm"u8)) throw WasmReader.Malformed(@"does not begin with \0asm");
        if (wasm[4..8] is [0x0d, 0, 1, 0])
            throw new FormatException("The file is a WebAssembly component; only core modules are taken. Build it for wasip1 (GOOS=wasip1, --target=wasm32-wasi).");
        if (wasm[4..8] is not [1, 0, 0, 0]) throw WasmReader.Malformed("has another version than 1");
        var sections = new ModuleSections();
        var reader = new WasmReader(wasm[8..]);
        while (!reader.AtEnd)
        {
            var id = reader.Byte();
            sections.Read(id, new WasmReader(reader.Take(reader.U32())));
        }

        return sections.ToShape();
    }
}

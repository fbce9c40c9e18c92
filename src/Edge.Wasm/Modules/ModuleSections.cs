using Edge.Wasm.Instances;

namespace Edge.Wasm.Modules;

/// <summary>Collects the sections that make a <see cref="ModuleShape"/> (core specification 2.0, §5.5).</summary>
internal sealed class ModuleSections
{
    private readonly List<FuncSignature> _types = [];
    private readonly List<uint> _functions = [];
    private readonly List<ImportedItem> _imports = [];
    private readonly List<(string Name, byte Kind, uint Index)> _exports = [];
    private readonly List<SizeLimits> _memories = [];
    private readonly List<SizeLimits> _tables = [];
    private readonly Dictionary<uint, int> _constantBodies = [];
    private int _importedFunctions;

    /// <summary>Takes one section; those that say nothing about the outside are skipped.</summary>
    public void Read(byte id, WasmReader section)
    {
        switch (id)
        {
            case 1: ReadTypes(section); break;
            case 2: ReadImports(section); break;
            case 3: ReadFunctions(section); break;
            case 4: ReadTables(section); break;
            case 5: ReadMemories(section); break;
            case 7: ReadExports(section); break;
            case 10: ReadBodies(section); break;
            default: break;
        }
    }

    /// <summary>All that was read.</summary>
    public ModuleShape ToShape()
    {
        var abi = _exports.Find(e => e is { Name: ExportNames.AbiName, Kind: 0 });
        return new()
        {
            Imports = _imports,
            Exports = [.. _exports.Select(Exported)],
            Memories = _memories,
            Tables = _tables,
            StatedAbi = abi.Name is not null && _constantBodies.TryGetValue(abi.Index, out var number) ? number : null,
        };
    }

    private void ReadTypes(WasmReader section)
    {
        for (var left = section.Count(); left > 0; left--)
        {
            if (section.Byte() != 0x60)
                throw new FormatException("The module uses types of the garbage-collection proposal, which ABI 1 does not have. Build it without them.");
            var parameters = section.Take(section.U32()).ToArray();
            _types.Add(new(parameters, section.Take(section.U32()).ToArray()));
        }
    }

    private void ReadImports(WasmReader section)
    {
        for (var left = section.Count(); left > 0; left--)
        {
            var module = section.Name();
            var name = section.Name();
            switch (section.Byte())
            {
                case 0:
                    var index = section.U32();
                    var type = Type(index);
                    _functions.Add(index);
                    _importedFunctions++;
                    _imports.Add(new(module, name, type, type.ToString()));
                    break;
                case 1:
                    _ = section.Byte();
                    _ = Limits(ref section);
                    _imports.Add(new(module, name, null, "table"));
                    break;
                case 2:
                    _ = Limits(ref section);
                    _imports.Add(new(module, name, null, "memory"));
                    break;
                case 3:
                    _ = section.Take(2);
                    _imports.Add(new(module, name, null, "global"));
                    break;
                default:
                    throw new FormatException($"Import {module}.{name} is of a kind that ABI 1 does not have. Only functions can be imported.");
            }
        }
    }

    private void ReadFunctions(WasmReader section)
    {
        for (var left = section.Count(); left > 0; left--) _functions.Add(section.U32());
    }

    private void ReadTables(WasmReader section)
    {
        for (var left = section.Count(); left > 0; left--)
        {
            var type = section.Byte();
            if (type is not (0x70 or 0x6f)) throw new FormatException("The module has a table of typed references, which ABI 1 does not have.");
            _tables.Add(Limits(ref section));
        }
    }

    private void ReadMemories(WasmReader section)
    {
        for (var left = section.Count(); left > 0; left--) _memories.Add(Limits(ref section));
    }

    private void ReadExports(WasmReader section)
    {
        for (var left = section.Count(); left > 0; left--) _exports.Add((section.Name(), section.Byte(), section.U32()));
    }

    /// <summary>Remembers bodies that are one <c>i32.const</c>: what compilers make of <c>return 1;</c>.</summary>
    private void ReadBodies(WasmReader section)
    {
        var count = section.Count();
        for (var i = 0; i < count; i++)
        {
            var body = new WasmReader(section.Take(section.U32()));
            if (body.Rest is not [0, 0x41, .., 0x0b] || body.Rest.Length > 8) continue;
            _ = body.Take(2);
            var number = body.Signed();
            if (body.Rest is [0x0b]) _constantBodies[(uint)(_importedFunctions + i)] = (int)number;
        }
    }

    private static SizeLimits Limits(ref WasmReader section)
    {
        var flags = section.Byte();
        if ((flags & ~3) != 0) return Wide(ref section, flags);
        var min = section.U32();
        return new(min, (flags & 1) != 0 ? section.U32() : null, (flags & 2) != 0, false);
    }

    private static SizeLimits Wide(ref WasmReader section, byte flags)
    {
        var min = (ulong)section.Signed();
        return new(min, (flags & 1) != 0 ? (ulong)section.Signed() : null, (flags & 2) != 0, true);
    }

    private FuncSignature Type(uint index) =>
        index < (uint)_types.Count ? _types[(int)index] : throw WasmReader.Malformed("names a type that it does not have");

    private ExportedItem Exported((string Name, byte Kind, uint Index) export)
    {
        if (export.Kind == 0)
        {
            var function = export.Index < (uint)_functions.Count
                ? Type(_functions[(int)export.Index])
                : throw WasmReader.Malformed("exports a function that it does not have");
            return new(export.Name, function, function.ToString());
        }

        return new(export.Name, null, export.Kind switch { 1 => "table", 2 => "memory", 3 => "global", _ => "tag" });
    }
}

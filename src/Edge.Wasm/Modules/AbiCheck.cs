using Edge.Wasm.Capabilities;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;
using static Edge.Wasm.Native.ValueKind;

namespace Edge.Wasm.Modules;

/// <summary>Holds a module's outside against guests/ABI.md §1–3 and names everything that does not fit, at once.</summary>
internal static class AbiCheck
{
    /// <summary>The version of the ABI that this host offers.</summary>
    public const int Version = 1;

    private static readonly (string Name, ModuleKind Kind, FuncSignature Signature)[] Working =
    [
        ("edge_handle", ModuleKind.Handler, FuncSignature.Of([I32, I32, I32, I32, I64], I32)),
        ("edge_stream", ModuleKind.Stream, FuncSignature.Of([I32, I32, I32], I32)),
        ("edge_encode", ModuleKind.Codec, FuncSignature.Of([I32, I32], I32)),
        ("edge_decode", ModuleKind.Codec, FuncSignature.Of([I32, I32], I32)),
        ("edge_http", ModuleKind.Http, FuncSignature.Of([I32, I32], I64)),
        ("_start", ModuleKind.Command, FuncSignature.Of([])),
    ];

    private static readonly (string Name, FuncSignature Signature)[] Optional =
    [
        ("edge_alloc", FuncSignature.Of([I32], I32)),
        ("_initialize", FuncSignature.Of([])),
        (ExportNames.AbiName, FuncSignature.Of([], I32)),
        ("edge_init", FuncSignature.Of([I32, I32], I32)),
        ("edge_snapshot", FuncSignature.Of([], I64)),
        ("edge_restore", FuncSignature.Of([I32, I32], I32)),
        ("edge_cleanup", FuncSignature.Of([])),
    ];

    /// <summary>What keeps the module from being run; empty if nothing does, and then <paramref name="kind"/> is its kind.</summary>
    public static IReadOnlyList<string> Problems(ModuleShape shape, IReadOnlyDictionary<(string Module, string Name), HostImport> offered, out ModuleKind kind)
    {
        var problems = new List<string>();
        CheckAbi(shape, problems);
        kind = CheckKind(shape, problems);
        CheckSignatures(shape, problems);
        CheckPairs(shape, kind, problems);
        CheckMemory(shape, problems);
        CheckTables(shape, problems);
        foreach (var import in shape.Imports) CheckImport(import, offered, problems);
        return problems;
    }

    private static void CheckAbi(ModuleShape shape, List<string> problems)
    {
        if (shape.StatedAbi is { } stated && stated != Version)
            problems.Add($"The module was built for edge ABI {stated}; this node offers ABI {Version}. Build it with an SDK of ABI {Version}.");
    }

    private static ModuleKind CheckKind(ModuleShape shape, List<string> problems)
    {
        var found = Working.Where(w => shape.Function(w.Name) is not null).ToArray();
        var kinds = found.Select(w => w.Kind).Distinct().ToArray();
        if (kinds.Length == 0)
            problems.Add("The module exports none of edge_handle, edge_stream, edge_encode and edge_decode, edge_http, _start. Export the functions of one kind (guests/ABI.md §2).");
        if (kinds.Length > 1)
            problems.Add($"The module exports {string.Join(", ", found.Select(w => w.Name))}, which are of different kinds. Export the functions of one kind (guests/ABI.md §2).");
        return kinds.FirstOrDefault();
    }

    private static void CheckSignatures(ModuleShape shape, List<string> problems)
    {
        foreach (var (name, expected) in Working.Select(w => (w.Name, w.Signature)).Concat(Optional))
        {
            if (shape.Function(name) is { } actual && !actual.Equals(expected))
                problems.Add($"Export {name} has the type {actual}; ABI {Version} has {expected}. Build the module with an SDK of ABI {Version}.");
        }
    }

    private static void CheckPairs(ModuleShape shape, ModuleKind kind, List<string> problems)
    {
        Together("edge_snapshot", "edge_restore");
        Together("edge_encode", "edge_decode");
        if (kind != ModuleKind.Command && shape.Function("edge_alloc") is null)
            problems.Add("The module does not export edge_alloc, by which the host gets memory for a call's arguments. Every kind but command needs it.");

        void Together(string one, string other)
        {
            var (has, lacks) = shape.Function(one) is not null ? (one, other) : (other, one);
            if (shape.Function(has) is not null && shape.Function(lacks) is null) problems.Add($"The module exports {has} without {lacks}. Export both or none.");
        }
    }

    private static void CheckMemory(ModuleShape shape, List<string> problems)
    {
        if (!shape.Exports.Any(e => e is { Name: "memory", Type: "memory" })) problems.Add("The module does not export its memory as 'memory'.");
        if (shape.Memories.Count > 1) problems.Add($"The module has {shape.Memories.Count} memories; at most 1 is allowed.");
        foreach (var memory in shape.Memories)
        {
            if (memory.Wide) problems.Add("The module has a 64-bit memory; ABI 1 has 32-bit memory. Build it for wasm32.");
            if (memory.Shared) problems.Add("The module has a shared memory (threads), which ABI 1 does not have. Build it without threads.");
            if (!memory.Wide && memory.Min * 65_536 > (ulong)EngineLayout.MemoryMaxBytes)
                problems.Add($"The module starts with {memory.Min >> 4} MiB of memory; below 2 048 MiB is allowed, so that no pointer is negative.");
        }
    }

    private static void CheckTables(ModuleShape shape, List<string> problems)
    {
        if (shape.Tables.Count > 1) problems.Add($"The module has {shape.Tables.Count} tables; at most 1 is allowed.");
        foreach (var table in shape.Tables.Where(t => t.Wide || t.Min > EngineLayout.TableElementsMax))
            problems.Add($"The module starts with a table of {table.Min} elements; at most {EngineLayout.TableElementsMax} are allowed.");
    }

    private static void CheckImport(ImportedItem import, IReadOnlyDictionary<(string Module, string Name), HostImport> offered, List<string> problems)
    {
        if (import.Function is null)
        {
            problems.Add($"The module imports the {import.Type} {import.Module}.{import.Name}; only functions can be imported.");
        }
        else if (!offered.TryGetValue((import.Module, import.Name), out var known))
        {
            var names = offered.Keys.Where(k => k.Module == import.Module).Select(k => k.Name).Order(StringComparer.Ordinal).ToArray();
            problems.Add(names.Length > 0
                ? $"The module imports {import.Module}.{import.Name}, which this node does not offer. Offered in {import.Module}: {string.Join(", ", names)}."
                : $"The module imports {import.Module}.{import.Name}. Import modules offered: {string.Join(", ", offered.Keys.Select(k => k.Module).Distinct().Order(StringComparer.Ordinal))}.");
        }
        else if (!import.Function.Equals(FuncSignature.Of(known.Parameters, known.Results)))
        {
            problems.Add($"The module imports {import.Module}.{import.Name} as {import.Function}; ABI {Version} has {FuncSignature.Of(known.Parameters, known.Results)}.");
        }
    }
}

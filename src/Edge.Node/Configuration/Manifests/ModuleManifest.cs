using Edge.Node.Configuration.Fields;
using Edge.Node.Configuration.Yaml;
using Edge.Wasm.Capabilities;

namespace Edge.Node.Configuration.Manifests;

/// <summary><c>spec</c> of a Module.</summary>
internal sealed record ModuleManifest
{
    [PlainText("The WebAssembly file.", "a path, relative to the folder of the manifest", Required = true)]
    public string? File { get; init; }

    [FreeForm("Goes to the module's edge_init as JSON, at most 64 KiB. What may stand in it is told by the module's README.")]
    public YamlMap? Config { get; init; }

    [Capability("What the module asks for; its tenant's capabilities must cover it.")]
    public IReadOnlyList<Capability> Capabilities { get; init; } = [];

    [Section("What an instance asks to use; a limit above the tenant's is a mistake.")]
    public LimitsManifest Limits { get; init; } = new();

    [Name("Names of the guest's port numbers, in order: emit(0, …) goes to the first.")]
    public IReadOnlyList<string> Ports { get; init; } = [];
}

using Edge.Actors.Tenants;
using Edge.Messages.Spelling;
using Edge.Messages.Tenants;
using Edge.Node.Configuration.Files;
using Edge.Node.Configuration.Manifests;
using Edge.Node.Configuration.Yaml;
using Edge.Wasm.Capabilities;

namespace Edge.Node.Configuration.Checks;

/// <summary>What a module may: its file is WebAssembly, it asks for all that its imports need, and for no more than its tenant allows.</summary>
internal sealed class ModuleChecks(DeclaredSite site, Findings findings)
{
    public const int ConfigBytesMax = 64 << 10;

    /// <param name="module">The module.</param>
    /// <param name="file">What is at its path; null where it names none.</param>
    public void Run(Declared<ModuleManifest> module, ModuleFile? file)
    {
        if (file is { Outline: null })
            findings.Add(module.At("file"), $"Module '{module.Name}': the file {Quote.Of(module.Spec.File!)} ({file.Path}) {file.Problem}");
        CheckKind(module, file);
        CheckImports(module, file);
        CheckConfig(module);
        if (TenantOf(module.Tenant) is not { } tenant) return;
        CheckCapabilities(module, tenant);
        new LimitChecks(module, tenant.Limits, findings).Run();
    }

    /// <summary>The tenant as its manifest states it; null if it is not declared or its manifest has mistakes.</summary>
    private TenantSpec? TenantOf(string name)
    {
        var declared = site.Tenants.FirstOrDefault(tenant => tenant.Name == name);
        if (declared is null) return name == TenantName.Default.Value ? TenantDefaults.Default : null;
        return declared.Sound ? SiteSpecs.Tenant(declared) : null;
    }

    private void CheckKind(Declared<ModuleManifest> module, ModuleFile? file)
    {
        if (file?.Outline is not { Kinds: not [_] } outline) return;
        var told = outline.Kinds.Count == 0 ? "exports the functions of no kind" : $"exports the functions of {string.Join(" and ", outline.Kinds.Select(kind => kind.ToString().ToLowerInvariant()))}";
        findings.Add(module.At("file"), $"Module '{module.Name}': the file {Quote.Of(module.Spec.File!)} {told}; exactly one of handler, stream, codec, http and command is wanted. Build it with an SDK of guests/sdk, or see guests/ABI.md.");
    }

    private void CheckImports(Declared<ModuleManifest> module, ModuleFile? file)
    {
        if (file?.Outline is not { } outline || !module.Sound) return;
        string[] missing = [.. outline.NeededGrants.Except(module.Spec.Capabilities.Select(capability => capability.Kind))];
        if (missing.Length == 0) return;
        findings.Add(module.At("capabilities"),
            $"Module '{module.Name}' imports functions that need the capabilities {string.Join(", ", missing)}, which it does not ask for. Add them to spec.capabilities: {string.Join(", ", missing.Select(Example))}.");
    }

    private static string Example(string kind) => kind switch
    {
        "gpio" => "gpio:gpiochip0/17:in",
        "kv" => "kv:64KiB",
        "mqtt" => "'mqtt:pub:alarms/#'",
        "net" => "net:host:port",
        _ => kind,
    };

    private void CheckConfig(Declared<ModuleManifest> module)
    {
        if (module.Spec.Config is not { } config) return;
        var length = YamlJson.Write(config, findings).Length;
        if (length > ConfigBytesMax) findings.Add(module.At("config"), $"Module '{module.Name}': spec.config is {length} bytes as JSON; at most {ConfigBytesMax} are allowed. Shorten it.");
    }

    private void CheckCapabilities(Declared<ModuleManifest> module, TenantSpec tenant)
    {
        var allowed = tenant.Capabilities.Grants.Select(grant => grant.ToString()).ToArray();
        var declare = site.Tenants.Any(declared => declared.Name == tenant.Name.Value) ? "" : " (declare it: so far it stands on its defaults)";
        foreach (var capability in tenant.Capabilities.Missing(new CapabilitySet(module.Spec.Capabilities)))
        {
            findings.Add(PlaceOf(module, capability),
                $"Module '{module.Name}' asks for '{capability}'; tenant '{tenant.Name}' allows {Quote.List(allowed)}.{NearestName.Hint(capability.ToString(), allowed)} Ask for less, or add it to spec.capabilities of Tenant '{tenant.Name}'{declare}.");
        }
    }

    private static Place PlaceOf(Declared<ModuleManifest> module, Capability capability)
    {
        var list = (module.Node.Find("spec")?.Value as YamlMap)?.Find("capabilities")?.Value as YamlList;
        var item = list?.Items.OfType<YamlScalar>().FirstOrDefault(item => Capability.TryParse(item.Text, out var read, out _) && read == capability);
        return item?.Place ?? module.At("capabilities");
    }
}

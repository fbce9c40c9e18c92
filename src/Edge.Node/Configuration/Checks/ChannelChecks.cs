using Edge.Actors.Channels;
using Edge.Messages.Spelling;
using Edge.Node.Configuration.Files;
using Edge.Node.Configuration.Manifests;
using Edge.Node.Configuration.Topics;
using Edge.Wasm.Modules;

namespace Edge.Node.Configuration.Checks;

/// <summary>What a channel may: its module exists and is of a kind that takes readings, its ports are the module's, and its fields can be read from its payload and topic.</summary>
/// <param name="site">All manifests.</param>
/// <param name="files">What is at the path of each module, where it was looked at.</param>
/// <param name="findings">Where mistakes go.</param>
internal sealed class ChannelChecks(DeclaredSite site, IReadOnlyDictionary<Declared<ModuleManifest>, ModuleFile> files, Findings findings)
{
    public void Run(Declared<ChannelManifest> channel)
    {
        if (channel.Spec.Module is { } name && ModuleOf(channel, name) is { } module)
        {
            CheckPorts(channel, module);
            CheckKind(channel, module);
            CheckPartition(channel, module);
        }
        CheckAntiAffinity(channel);
        if (channel.Spec.Source is not { } source) return;
        CheckField(channel, ["source", "payload"], source.Payload.Path, source.Payload.Column);
        CheckField(channel, ["source", "key"], source.Key?.Path, source.Key?.Column);
        CheckField(channel, ["source", "time"], source.Time?.Path, source.Time?.Column);
        CheckField(channel, ["source", "sequence"], source.Sequence?.Path, source.Sequence?.Column);
        if (source.Topic is not { } topic) return;
        CheckKeyLevel(channel, topic);
        foreach (var (port, spec) in channel.Spec.Ports) CheckTemplate(channel, port, spec.Topic, topic);
    }

    private Declared<ModuleManifest>? ModuleOf(Declared<ChannelManifest> channel, string name)
    {
        if (SiteSpecs.ModuleOf(site, channel) is { } module) return module;
        string[] known = [.. site.Modules.Where(other => other.Tenant == channel.Tenant).Select(other => other.Name).OfType<string>().Distinct()];
        var elsewhere = site.Modules.FirstOrDefault(other => other.Name == name);
        var hint = elsewhere is null ? NearestName.Hint(name, known) : $" Tenant '{elsewhere.Tenant}' has one of this name, but a channel uses its own tenant's modules.";
        findings.Add(channel.At("module"),
            $"Channel '{channel.Name}' names module '{name}', which tenant '{channel.Tenant}' does not have. Its modules: {Quote.List(known)}.{hint} Add a Module '{name}' or change spec.module.");
        return null;
    }

    private void CheckPorts(Declared<ChannelManifest> channel, Declared<ModuleManifest> module)
    {
        if (!module.Sound) return;
        foreach (var port in channel.Spec.Ports.Keys.Where(port => !module.Spec.Ports.Contains(port)))
        {
            findings.Add(channel.KeyAt("ports", port),
                $"Channel '{channel.Name}' sends port '{port}', which module '{module.Name}' does not have. Its ports: {Quote.List(module.Spec.Ports)}.{NearestName.Hint(port, module.Spec.Ports)} Add it to spec.ports of Module '{module.Name}' or remove it here.");
        }
    }

    private void CheckKind(Declared<ChannelManifest> channel, Declared<ModuleManifest> module)
    {
        if (!files.TryGetValue(module, out var file) || file.Outline is not { Kinds: [var kind] }) return;
        if (kind is not (ModuleKind.Stream or ModuleKind.Handler))
            findings.Add(channel.At("module"), $"Channel '{channel.Name}': module '{module.Name}' is of the kind {Word(kind)}; a channel takes handler or stream. Name another module.");
        else if (kind is ModuleKind.Stream && channel.Spec.Source?.Payload.Format is PayloadFormat.Bytes)
            findings.Add(channel.At("source", "payload", "format"), $"Channel '{channel.Name}': module '{module.Name}' is of the kind stream, which takes numbers, but the payload's format is bytes. Choose json, csv, i16, i32, f32 or f64.");
    }

    private void CheckPartition(Declared<ChannelManifest> channel, Declared<ModuleManifest> module)
    {
        if (channel.Spec.OnPartition is not OnPartition.Continue || !module.Sound) return;
        string[] writing = [.. module.Spec.Capabilities.Where(capability => capability.WritesToTheWorld).Select(capability => capability.ToString())];
        if (writing.Length == 0) return;
        findings.Add(channel.At("onPartition"),
            $"Channel '{channel.Name}' has onPartition continue, but module '{module.Name}' may write to the world ({Quote.List(writing)}): cut off from the site it would drive what another node drives. Write hold, or remove the line.");
    }

    private void CheckAntiAffinity(Declared<ChannelManifest> channel)
    {
        string[] known = [.. site.Channels.Where(other => other.Tenant == channel.Tenant && other.Name != channel.Name).Select(other => other.Name).OfType<string>().Distinct()];
        foreach (var name in channel.Spec.Placement.AntiAffinity.Where(name => !known.Contains(name)))
        {
            findings.Add(channel.At("placement", "antiAffinity"),
                $"Channel '{channel.Name}' should run away from channel '{name}', which tenant '{channel.Tenant}' does not have besides it. Its other channels: {Quote.List(known)}.{NearestName.Hint(name, known)} Correct spec.placement.antiAffinity.");
        }
    }

    private void CheckField(Declared<ChannelManifest> channel, string[] section, string? path, int? column)
    {
        var format = channel.Spec.Source!.Payload.Format;
        var name = $"spec.{string.Join('.', section)}";
        if (path is not null && format is not PayloadFormat.Json)
            findings.Add(channel.At([.. section, "path"]), $"{name}.path is for the payload format json, but the format is {Word(format)}. {(format is PayloadFormat.Csv ? "Use column instead." : "Remove it or change spec.source.payload.format.")}");
        if (column is not null && format is not PayloadFormat.Csv)
            findings.Add(channel.At([.. section, "column"]), $"{name}.column is for the payload format csv, but the format is {Word(format)}. {(format is PayloadFormat.Json ? "Use path instead." : "Remove it or change spec.source.payload.format.")}");
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private void CheckKeyLevel(Declared<ChannelManifest> channel, string topic)
    {
        if (channel.Spec.Source!.Key?.TopicLevel is not { } level) return;
        string[] levels = topic.Split('/');
        var place = channel.At("source", "key", "topicLevel");
        if (level >= levels.Length && levels[^1] != "#")
            findings.Add(place, $"spec.source.key.topicLevel is {level}, but topics of '{topic}' have the levels 0–{levels.Length - 1}. {ChooseLevel(levels)}");
        else if (level < levels.Length && levels[level] is not ("+" or "#"))
            findings.Add(place, $"spec.source.key.topicLevel is {level}, which is always '{levels[level]}' in '{topic}', so all readings would share one key. {ChooseLevel(levels)}");
    }

    private static string ChooseLevel(string[] levels)
    {
        string[] wild = [.. levels.Index().Where(level => level.Item is "+" or "#").Select(level => level.Item == "#" ? $"{level.Index} or more" : $"{level.Index}")];
        return wild.Length == 0 ? "No level varies: remove key, or write '+' for the level that does." : $"Choose a level with a wildcard: {string.Join(", ", wild)}.";
    }

    private void CheckTemplate(Declared<ChannelManifest> channel, string port, string? template, string source)
    {
        string[] levels = source.Split('/');
        var place = channel.At("ports", port, "topic");
        foreach (var placeholder in TopicSyntax.PlaceholdersOf(template ?? ""))
        {
            if (placeholder == "key" && !channel.Writes("source", "key"))
                findings.Add(place, $"spec.ports.{port}.topic is '{template}', but the channel has no key. Add spec.source.key or remove {{key}}.");
            if (TopicSyntax.LevelOf(placeholder) is { } level && level >= levels.Length && levels[^1] != "#")
                findings.Add(place, $"spec.ports.{port}.topic names level {level} of the input's topic, but topics of '{source}' have the levels 0–{levels.Length - 1}. Choose one of these.");
        }
    }
}

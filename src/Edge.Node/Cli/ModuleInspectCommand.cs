using System.CommandLine;
using System.Text.Json;
using Edge.Node.LocalRun;
using Edge.Wasm;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Modules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Node.Cli;

/// <summary><c>edge module inspect</c>: what a module is and what it would need. Exit code 1 when it is no module of ABI 1, with every reason.</summary>
internal static class ModuleInspectCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The module, a .wasm file." };
        var output = new Option<string>("--output", "-o") { Description = "text, or json for programs.", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("inspect", "Show a module's kind, exports, imports, the grants it would need, size, memory and digest.") { file, output };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file).FullName, parsed.GetRequiredValue(output) == "json", parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string path, bool json, TextWriter output, TextWriter errors)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            errors.WriteLine($"'{path}' does not exist. Check the name and the folder; a module is a .wasm file, made by 'edge module build'.");
            return EdgeCli.Failed;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(failure.Message);
            return EdgeCli.Failed;
        }

        using var host = new ModuleHost(new ModuleHostOptions { InstancesMax = 1 }, TimeProvider.System, NullLoggerFactory.Instance);
        switch (host.Load(bytes))
        {
            case ModuleLoad.Loaded { Module: var module }:
                using (module) Print(ModuleFacts.Of(module), json, output);
                return EdgeCli.Done;
            case ModuleLoad.Rejected rejected:
                errors.WriteLine(rejected.Describe(path));
                return EdgeCli.Failed;
            default:
                throw new InvalidOperationException("A module is loaded or rejected.");
        }
    }

    private static void Print(ModuleFacts facts, bool json, TextWriter output)
    {
        if (json) output.WriteLine(JsonSerializer.Serialize(facts, Indented));
        else foreach (var line in facts.Lines()) output.WriteLine(line);
    }
}

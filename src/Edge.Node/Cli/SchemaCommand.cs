using System.CommandLine;
using Edge.Node.Configuration.Schema;

namespace Edge.Node.Cli;

/// <summary><c>edge schema</c>: prints the JSON Schema of the manifests, the same as docs/schema/edge-v1.json, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON Schema of manifests, for editors that complete and check YAML.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(ManifestSchema.Text));
        return command;
    }
}

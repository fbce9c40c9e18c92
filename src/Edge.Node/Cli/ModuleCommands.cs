using System.CommandLine;

namespace Edge.Node.Cli;

/// <summary><c>edge module …</c>: modules on the developer's machine.</summary>
internal static class ModuleCommands
{
    public static Command Create() => new("module", "Make, build and look into WebAssembly modules.")
    {
        ModuleNewCommand.Create(),
        ModuleBuildCommand.Create(),
        ModuleInspectCommand.Create(),
    };
}

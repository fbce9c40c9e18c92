using System.CommandLine;

namespace Edge.Node.Cli;

/// <summary><c>edge up</c>: starts a node and runs it until it is told to stop.</summary>
internal static class UpCommand
{
    public static Command Create() => new("up", "Start a node.");
}

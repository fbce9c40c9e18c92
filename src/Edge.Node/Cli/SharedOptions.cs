using System.CommandLine;

namespace Edge.Node.Cli;

/// <summary>Options that several commands have, so that they are spelled and explained once.</summary>
internal static class SharedOptions
{
    /// <summary><c>--data</c>: the node's data folder. Default: <c>edge-data</c> in the current folder, or what EDGE_DATA says.</summary>
    public static Option<DirectoryInfo> Data() => new("--data")
    {
        Description = "The node's data folder. Default: $EDGE_DATA, or ./edge-data.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo(Environment.GetEnvironmentVariable("EDGE_DATA") is { Length: > 0 } named ? named : "edge-data"),
    };
}

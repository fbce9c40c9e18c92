namespace Edge.Node.Cli.Remote;

/// <summary>What a person asked of a node failed; the message says why, for standard error. Ends the command with the exit code.</summary>
internal sealed class RemoteException(string message, int exitCode = EdgeCli.Failed, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Of the process.</summary>
    public int ExitCode => exitCode;
}

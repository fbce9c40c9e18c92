using System.Runtime.InteropServices;

namespace Edge.Node.Hosting;

/// <summary>SIGTERM and SIGINT: the first asks for a stop, the second ends the process at once (exit code 1).</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource<PosixSignal> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _term;
    private readonly PosixSignalRegistration _interrupt;

    public StopSignals()
    {
        _term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
    }

    /// <summary>Completes at the first signal.</summary>
    public Task<PosixSignal> Asked => _asked.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        _term.Dispose();
        _interrupt.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (!_asked.TrySetResult(signal.Signal))
        {
            Environment.Exit(Cli.EdgeCli.Failed);
        }
    }
}

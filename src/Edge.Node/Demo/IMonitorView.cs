namespace Edge.Node.Demo;

/// <summary>Shows a monitor while the demo runs: a moving screen in a terminal, lines elsewhere.</summary>
internal interface IMonitorView
{
    /// <summary>Shows what <paramref name="monitor"/> reads until <paramref name="stop"/>, then once more.</summary>
    Task ShowAsync(EcgMonitor monitor, CancellationToken stop);
}

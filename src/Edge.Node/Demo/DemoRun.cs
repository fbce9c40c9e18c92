using System.Globalization;
using MQTTnet;

namespace Edge.Node.Demo;

/// <summary>What the person asked the demo for.</summary>
/// <param name="Speed">Times the record's own speed; 0.1–1 000.</param>
/// <param name="Loop">Play over and over until stopped.</param>
internal sealed record DemoOptions(double Speed, bool Loop)
{
    /// <summary>After the last message: as long as outputs keep coming within this time, they are waited for. Default 5 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Plays the record into a node, shows what comes back, and judges it at the end.</summary>
internal sealed class DemoRun(string host, int port, EcgRecord record, IMonitorView view, TimeProvider time)
{
    /// <summary>After the last filtered output: beats found in the same samples come right behind it, on other topics.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets every message that comes back, one at a time; default: nobody.</summary>
    public Action<MqttApplicationMessage> Tap { get; init; } = _ => { };

    /// <summary>Plays; ends with the record, when <paramref name="stop"/> is cancelled, or by a failure.</summary>
    /// <returns>The monitor's last reading.</returns>
    /// <exception cref="DemoException">What went wrong, for the person.</exception>
    public async Task<MonitorReading> PlayAsync(DemoOptions options, CancellationToken stop)
    {
        var monitor = new EcgMonitor(time);
        await using var listener = await DemoClient.ConnectAsync(host, port, "edge-demo-monitor", stop);
        await listener.SubscribeAsync(
            [DemoTopics.Filtered, DemoTopics.Beats, DemoTopics.Rhythm],
            message =>
            {
                Tap(message);
                if (PortOutput.Read(message.Payload) is { } output) monitor.Received(message.Topic, output);
            },
            stop);
        await using var device = await DemoClient.ConnectAsync(host, port, "edge-demo-device", stop);

        using var shown = new CancellationTokenSource();
        var showing = view.ShowAsync(monitor, shown.Token);
        try
        {
            var playing = PlayAndDrainAsync(device, monitor, options, stop);
            var lost = await Task.WhenAny(listener.Lost, device.Lost, playing);
            if (lost is Task<string> reason) throw new DemoException(await reason);
            await playing;
        }
        finally
        {
            await shown.CancelAsync();
            await showing;
        }
        return monitor.Read();
    }

    /// <summary>The summary line.</summary>
    public static string Summary(MonitorReading end) =>
        string.Create(CultureInfo.InvariantCulture, $"beats {end.Beats} in {end.SignalSeconds:0.#} s of signal, lost {end.Missing}");

    /// <summary>What was wrong with a run that ended, or null.</summary>
    public static string? Complaint(MonitorReading end) => end switch
    {
        { Sent: > 0, Returned: 0 } => $"The node took {end.Sent} samples and sent nothing to '{DemoTopics.Filtered}'. Its log above says why; 'edge validate -f' checks the manifests.",
        { Missing: > 0 } => $"{end.Missing} of {end.Sent} samples did not come back filtered. The node's log above says why.",
        { Beats: 0, SignalSeconds: > 10 } => $"The module found no beat in {end.SignalSeconds:0} s of signal; nothing came on '{DemoTopics.Beats}'.",
        _ => null,
    };

    private async Task PlayAndDrainAsync(DemoClient device, EcgMonitor monitor, DemoOptions options, CancellationToken stop)
    {
        await new EcgPlayer(device, record, monitor, time).PlayAsync(options.Speed, options.Loop, stop);
        while (true)
        {
            var next = monitor.NextReturn;
            if (monitor.Read().Missing == 0) break;
            if (await Task.WhenAny(next, Task.Delay(options.Patience, time, CancellationToken.None)) != next) return;
        }
        await Task.Delay(Settle, time, CancellationToken.None);
    }
}

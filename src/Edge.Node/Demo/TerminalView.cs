using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Edge.Node.Demo;

/// <summary>A bedside monitor in the terminal: the numbers, and the raw and the filtered signal moving past.</summary>
/// <param name="console">The terminal.</param>
/// <param name="time">The clock.</param>
/// <param name="news">Lines to show below; null: none.</param>
internal sealed class TerminalView(IAnsiConsole console, TimeProvider time, Func<IReadOnlyList<string>>? news = null) : IMonitorView
{
    private const int TraceSeconds = 5;
    private const int TraceLines = 6;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public Task ShowAsync(EcgMonitor monitor, CancellationToken stop) =>
        console.Live(Screen(monitor.Read())).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            using var frames = new PeriodicTimer(Frame, time);
            try
            {
                while (await frames.WaitForNextTickAsync(stop)) live.UpdateTarget(Screen(monitor.Read()));
            }
            catch (OperationCanceledException)
            {
                live.UpdateTarget(Screen(monitor.Read()));
            }
        });

    private Rows Screen(MonitorReading reading)
    {
        var width = Math.Clamp(console.Profile.Width - 4, 20, 160);
        return new Rows(
            Numbers(reading),
            Trace("raw, mV", reading.Raw, width, Color.Grey),
            Trace("filtered by the module", reading.Filtered, width, Color.Green),
            new Markup(string.Join('\n', (news?.Invoke() ?? []).Select(Markup.Escape).Append("[grey]Ctrl-C ends it[/]"))));
    }

    private static Table Numbers(MonitorReading reading) => new Table().Border(TableBorder.None).HideHeaders()
        .AddColumns("", "", "", "", "", "")
        .AddRow(
            Cell("[red]♥[/]", PlainView.Rate(reading) + " /min"),
            Cell("beats", reading.Beats.ToString(CultureInfo.InvariantCulture)),
            Cell("rhythm", PlainView.RhythmWord(reading.Rhythm)),
            Cell("samples/s", reading.SamplesPerSecond.ToString("0", CultureInfo.InvariantCulture)),
            Cell("p50 / p99", $"{PlainView.Milliseconds(reading.LatencyP50)} / {PlainView.Milliseconds(reading.LatencyP99)}"),
            Cell("signal", reading.SignalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s"));

    private static Markup Cell(string name, string value) => new($"[grey]{name}[/] [bold]{Markup.Escape(value)}[/]  ");

    private static Panel Trace(string name, double[] samples, int width, Color color)
    {
        IEnumerable<IRenderable> lines = BrailleChart.Draw(samples, TraceSeconds * EcgRecord.RateHz, width, TraceLines)
            .Select(line => new Text(line, new Style(color)));
        return new Panel(new Rows(lines)).Header($"[grey] {name} [/]").BorderColor(Color.Grey35);
    }
}

using System.CommandLine;
using System.Threading.Channels;
using Edge.Node.Cli.Remote;
using Edge.Node.Hosting;
using Spectre.Console;

namespace Edge.Node.Cli.Top;

/// <summary><c>edge top</c>: nodes and channels, live, until Ctrl-C. In a terminal a table that is redrawn each second and at each move; elsewhere the same as plain lines every five seconds.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan Live = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Plain = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var server = new ServerOptions();
        var once = new Option<bool>("--once") { Description = "Show it once, as plain lines." };
        return server.Run(new Command("top", "Show nodes and channels, live: role, lease, load; owner, epoch, standby, lag, rate.") { once }, async (parsed, client) =>
        {
            var (feed, to) = (new TopFeed(client, TimeProvider.System), parsed.InvocationConfiguration.Output);
            if (parsed.GetValue(once))
            {
                Write(await feed.LookAsync(), to);
                return EdgeCli.Done;
            }

            using var signals = new StopSignals();
            using var stop = new CancellationTokenSource();
            var looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
            var interactive = !Console.IsOutputRedirected;
            var following = feed.FollowAsync(() => looks.Writer.TryWrite(true), stop.Token);
            var ticking = TickAsync(interactive ? Live : Plain, looks.Writer, stop.Token);
            var showing = interactive ? ShowAsync(feed, looks.Reader, stop.Token) : PrintAsync(feed, looks.Reader, to, stop.Token);
            await Task.WhenAny(showing, signals.Asked);
            await stop.CancelAsync();
            await Task.WhenAll(following, ticking);
            await showing;
            return EdgeCli.Done;
        });
    }

    private static async Task TickAsync(TimeSpan every, ChannelWriter<bool> looks, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(every, TimeProvider.System);
        looks.TryWrite(true);
        try
        {
            while (await timer.WaitForNextTickAsync(stop)) looks.TryWrite(true);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C.
        }
    }

    private static Task ShowAsync(TopFeed feed, ChannelReader<bool> looks, CancellationToken stop) =>
        AnsiConsole.Console.Live(new Markup("[grey]…[/]")).Overflow(VerticalOverflow.Crop).StartAsync(live => EachAsync(feed, looks, rows => live.UpdateTarget(Screen(rows)), stop));

    private static Task PrintAsync(TopFeed feed, ChannelReader<bool> looks, TextWriter to, CancellationToken stop) => EachAsync(feed, looks, rows => Write(rows, to), stop);

    private static async Task EachAsync(TopFeed feed, ChannelReader<bool> looks, Action<TopRows> show, CancellationToken stop)
    {
        try
        {
            await foreach (var _ in looks.ReadAllAsync(stop)) show(await feed.LookAsync());
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C.
        }
    }

    private static void Write(TopRows rows, TextWriter to)
    {
        var nodes = new TextTable(TopRows.NodeHeadings) { Note = rows.Advice };
        foreach (var row in rows.Nodes) nodes.Add(row);
        nodes.Write(to);
        var actors = new TextTable(TopRows.ActorHeadings);
        foreach (var row in rows.Actors) actors.Add(row);
        actors.Write(to);
    }

    private static Rows Screen(TopRows rows) => new(
        Grid(TopRows.NodeHeadings, rows.Nodes),
        new Markup(rows.Advice is { } advice ? $"[yellow]{Markup.Escape(advice)}[/]" : ""),
        Grid(TopRows.ActorHeadings, rows.Actors),
        new Markup("[grey]Ctrl-C ends it[/]"));

    private static Table Grid(string[] headings, IReadOnlyList<string[]> rows)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var heading in headings) table.AddColumn(new TableColumn($"[grey]{heading}[/]").PadRight(2));
        foreach (var row in rows) table.AddRow([.. row.Select(Markup.Escape)]);
        return table;
    }
}

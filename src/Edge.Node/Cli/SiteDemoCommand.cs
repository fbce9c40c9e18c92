using System.CommandLine;
using System.CommandLine.Parsing;
using Edge.Node.Demo;
using Spectre.Console;

namespace Edge.Node.Cli;

/// <summary>
/// <c>edge demo --nodes 3</c>: a site of real node processes, of which the one that owns the channel is killed. Ends with <c>failover F s, readings lost L, beats counted twice D</c>, and with 0 when L and D are.
/// </summary>
internal sealed class SiteDemoCommand
{
    private const double KillAfter = 10;
    private const double Seconds = 30;

    private readonly Option<int> _nodes = NumberOption.Create("--nodes", "1: one node, in this process. 3 or more: a site of as many processes, whose owner of the channel is killed in the middle.", 1, 1, 5, "N");
    private readonly Option<double> _killAfter = NumberOption.Create("--kill-after", "With --nodes: seconds of signal after which the owner is killed.", KillAfter, 1, 290, "S");
    private readonly Option<double> _seconds = NumberOption.Create("--seconds", "With --nodes: seconds of signal to play.", Seconds, 2, 300, "S");

    /// <summary>Adds its options to <c>edge demo</c>.</summary>
    public void On(Command demo)
    {
        _nodes.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "2" }]) result.AddError("--nodes is '2'; allowed: 1, or 3 to 5. When one of two nodes is killed, the other one is no majority and may not go on alone.");
        });
        demo.Options.Add(_nodes);
        demo.Options.Add(_killAfter);
        demo.Options.Add(_seconds);
        demo.Validators.Add(result =>
        {
            try
            {
                if (IsAsked(result) && Given(result, _killAfter, KillAfter) >= Given(result, _seconds, Seconds)) result.AddError("--kill-after must be less than --seconds, or nobody is killed.");
            }
            catch (InvalidOperationException)
            {
                // A value that is no number: the parser says so itself.
            }
        });
    }

    /// <summary>Whether a site was asked for.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_nodes) > 1;

    /// <summary>Whether a site was asked for.</summary>
    public bool IsAsked(CommandResult parsed) => parsed.GetResult(_nodes)?.Tokens is [var given] && int.TryParse(given.Value, out var nodes) && nodes > 1;

    /// <summary>Runs it.</summary>
    /// <exception cref="DemoException">What went wrong.</exception>
    public async Task<int> RunAsync(ParseResult parsed, double speed, bool plain, CancellationToken stop)
    {
        var options = new SiteDemoOptions(parsed.GetValue(_nodes), speed, TimeSpan.FromSeconds(parsed.GetValue(_seconds)), TimeSpan.FromSeconds(parsed.GetValue(_killAfter)));
        var time = TimeProvider.System;
        var news = new DemoNews(Console.Out);
        var demo = new SiteDemo(EcgRecord.Read(InstalledFiles.Record), news.Say, time);
        var end = await demo.RunAsync(
            options,
            () =>
            {
                if (plain) return new PlainView(Console.Out, time);
                news.KeepBack();
                return new TerminalView(AnsiConsole.Console, time, news.Kept);
            },
            stop);
        if (end.Complaint is { } complaint) await Console.Error.WriteLineAsync($"edge demo: {complaint}");
        Console.WriteLine(end.Summary);
        return end.Complaint is null ? EdgeCli.Done : EdgeCli.Failed;
    }

    // Defaults are filled in after the validation.
    private static double Given(CommandResult parsed, Option<double> option, double initial) => parsed.GetResult(option)?.GetValueOrDefault<double>() ?? initial;
}

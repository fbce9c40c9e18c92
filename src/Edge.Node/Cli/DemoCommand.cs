using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Edge.Node.Demo;
using Spectre.Console;

namespace Edge.Node.Cli;

/// <summary><c>edge demo</c>: a node, a recorded heart, and what a module makes of it, in one command.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var speed = NumberOption.Create("--speed", "Times the heart's own speed. At 60 the five minutes take five seconds.", 1.0, 0.1, 1000, "N");
        var loop = new Option<bool>("--loop") { Description = "Play the record over and over, until Ctrl-C." };
        var headless = new Option<bool>("--headless") { Description = "Plain lines instead of the moving screen." };
        var broker = new Option<string?>("--broker")
        {
            Description = "HOST:PORT of a node that already runs with the manifests of samples/demo. Without it the demo starts its own.",
        };
        broker.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !IsEndPoint(text)) result.AddError($"--broker is '{text}'; allowed: HOST:PORT, such as 127.0.0.1:1883.");
        });
        var command = new Command("demo", "Play a recorded ECG through a node and watch a module find the heartbeats.") { speed, loop, headless, broker };
        var site = new SiteDemoCommand();
        site.On(command);
        command.Validators.Add(result =>
        {
            if (site.IsAsked(result) && (result.GetValue(loop) || result.GetValue(broker) is not null)) result.AddError("--loop and --broker are for one node; with --nodes the demo starts its own nodes and ends.");
        });
        command.SetAction((parsed, _) => RunAsync(stop => site.IsAsked(parsed)
            ? site.RunAsync(parsed, parsed.GetValue(speed), IsPlain(parsed.GetValue(headless)), stop)
            : PlayOnceAsync(new DemoOptions(parsed.GetValue(speed), parsed.GetValue(loop)), parsed.GetValue(headless), parsed.GetValue(broker), stop)));
        return command;
    }

    private static async Task<int> RunAsync(Func<CancellationToken, Task<int>> demo)
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await demo(stop.Token);
        }
        catch (DemoException wrong)
        {
            await Console.Error.WriteLineAsync($"edge demo: {wrong.Message}");
            return EdgeCli.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("edge demo: stopped before there was anything to sum up.");
            return EdgeCli.Failed;
        }
    }

    private static async Task<int> PlayOnceAsync(DemoOptions options, bool headless, string? broker, CancellationToken stop)
    {
        var end = await PlayAsync(options, headless, broker, stop);
        var complaint = DemoRun.Complaint(end);
        if (complaint is not null) await Console.Error.WriteLineAsync($"edge demo: {complaint}");
        Console.WriteLine(DemoRun.Summary(end));
        return complaint is null ? EdgeCli.Done : EdgeCli.Failed;
    }

    private static bool IsPlain(bool headless) => headless || Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive;

    private static async Task<MonitorReading> PlayAsync(DemoOptions options, bool headless, string? broker, CancellationToken stop)
    {
        var record = EcgRecord.Read(InstalledFiles.Record);
        var time = TimeProvider.System;
        IMonitorView view = IsPlain(headless) ? new PlainView(Console.Out, time) : new TerminalView(AnsiConsole.Console, time);
        if (broker is not null)
        {
            var there = broker.LastIndexOf(':');
            return await new DemoRun(broker[..there], int.Parse(broker[(there + 1)..], CultureInfo.InvariantCulture), record, view, time).PlayAsync(options, stop);
        }
        await using var node = await DemoNode.StartAsync(InstalledFiles.Manifests, time);
        Console.WriteLine($"A node listens on {node.Mqtt}; it gets {record.Samples.Count / EcgRecord.RateHz} s of ECG on '{DemoTopics.Signal}' at {options.Speed:0.##} times its speed.");
        return await new DemoRun(node.Mqtt.Address.ToString(), node.Mqtt.Port, record, view, time).PlayAsync(options, stop);
    }

    private static bool IsEndPoint(string text) =>
        text.LastIndexOf(':') is > 0 and var at && ushort.TryParse(text[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;
}

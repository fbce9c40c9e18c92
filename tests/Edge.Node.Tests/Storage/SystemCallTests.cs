using System.Diagnostics;
using System.Security.Cryptography;
using Edge.Node.Tests.Hosting;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Edge.Node.Tests.Storage;

/// <summary>kill -9 keeps the page cache and so cannot prove that a sync came first; the system calls of a real node can.</summary>
public sealed class SystemCallTests
{
    // Each sync is held back for half a second: a PUBACK that does not wait for it goes out first, however fast the disk is.
    private const string SlowSync = "inject=fdatasync:delay_enter=500000";

    [Fact]
    public async Task The_record_is_written_and_synced_before_the_PUBACK_is_sent()
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "strace"))), "strace is not installed: apt-get install strace.");
        using var folder = new NodeFolder().WithCounter();
        using var traces = new TestFolder();
        await using var node = await NodeProcess.StartAsync(folder);
        var device = await node.ConnectAsync("device", MqttProtocolVersion.V311);
        var payload = RandomNumberGenerator.GetBytes(24);
        var trace = traces["trace"];

        using (var strace = await AttachAsync(node.Process.Id, trace))
        {
            await device.PublishAsync(
                new MqttApplicationMessageBuilder().WithTopic("in/a").WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
                TestContext.Current.CancellationToken);
            // The node must go first: strace's last line is then written, and its file complete.
            await node.Process.KillAsync();
            await Patience.For(strace.WaitForExitAsync(TestContext.Current.CancellationToken), "strace to end with the node");
        }

        var calls = await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken);
        var written = Array.FindIndex(calls, call => call.Contains("pwrite64(", StringComparison.Ordinal) && call.Contains(Hex(payload), StringComparison.Ordinal));
        Assert.True(written >= 0, $"No pwrite64 of the payload among {calls.Length} calls.");
        var thread = calls[written].Split(' ')[0] + " ";
        var synced = Array.FindIndex(calls, written, call => call.StartsWith(thread, StringComparison.Ordinal) && call.Contains("fdatasync", StringComparison.Ordinal) && (call.EndsWith("= 0", StringComparison.Ordinal) || call.EndsWith("= 0 (DELAYED)", StringComparison.Ordinal)));
        Assert.True(synced > written, "The thread that wrote the record did not return from fdatasync.");
        var acknowledged = Array.FindIndex(calls, call => call.Contains("send", StringComparison.Ordinal) && call.Contains("\"" + Hex([0x40, 0x02, 0x00]), StringComparison.Ordinal));
        Assert.True(acknowledged > synced, $"pwrite64 is call {written}, the sync's return {synced}, the PUBACK {acknowledged}.");
    }

    private static async Task<Process> AttachAsync(int process, string trace)
    {
        var strace = Process.Start(new ProcessStartInfo(
            "strace", ["-f", "-p", $"{process}", "-o", trace, "-xx", "-s", "4096", "-e", "trace=pwrite64,fdatasync,sendmsg,sendto", "-e", SlowSync]) { RedirectStandardError = true })!;
        var said = await Patience.For(strace.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask(), "strace to attach");
        Assert.SkipWhen(said?.Contains("not permitted", StringComparison.Ordinal) ?? false, $"Tracing is not allowed here: {said}");
        Assert.Contains("attached", said, StringComparison.Ordinal);
        _ = strace.StandardError.ReadToEndAsync(CancellationToken.None);
        return strace;
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => string.Concat(Convert.ToHexStringLower(bytes).Chunk(2).Select(two => $"\\x{two[0]}{two[1]}"));
}

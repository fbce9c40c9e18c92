using System.Globalization;
using System.Security.Cryptography;
using Edge.Actors.Intake;
using Edge.Node.Storage;
using Edge.Node.Tests.Hosting;

namespace Edge.Node.Tests.Storage;

/// <summary>The log in a process of its own, which is killed, whose disk is full, or whose syncs fail.</summary>
public sealed class IntakeCrashTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_9_under_load_loses_no_acknowledged_reading_and_no_sequence_is_given_out_twice()
    {
        var acknowledged = new HashSet<long>();
        for (var round = 0; round < 3; round++)
        {
            using var victim = new Victim(_folder.Path);
            Assert.Equal("open", await victim.HearAsync());
            victim.Tell("flood 64");
            var heard = new List<string>();
            while (heard.Count < 3000)
                heard.Add((await victim.HearAsync())!);
            heard.AddRange(await victim.KillAsync());
            // The last line may have been cut short by the kill.
            foreach (var line in heard[..^1])
                Assert.True(acknowledged.Add(Sequence(line)), $"Given out twice: {line}.");
        }

        using var log = Logs.Open(new IntakeLogOptions(_folder.Path) { SegmentBytes = 256 << 10, CapBytes = 256 << 20 });
        var kept = Logs.ReadAll(log, step: 1000);
        Assert.All(kept, AssertOwnContent);
        Assert.Empty(acknowledged.Except(kept.Select(reading => reading.Sequence)));
        Assert.Empty(log.Health.Damage);
    }

    [Fact]
    public async Task A_failed_sync_ends_the_log_and_is_never_tried_again_and_a_restart_has_all_that_was_acknowledged()
    {
        Assert.SkipUnless(OnPath("strace"), "strace is not installed: apt-get install strace.");
        var trace = _folder["trace"];
        var acknowledged = new List<long>();
        using (var victim = new Victim(_folder["log"], "strace", "-f", "-qq", "-o", trace, "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=20"))
        {
            Assert.Equal("open", await victim.HearAsync());
            victim.Tell("append 60");
            var refused = 0;
            for (var i = 0; i < 60; i++)
            {
                var line = (await victim.HearAsync())!;
                if (line.StartsWith("ok", StringComparison.Ordinal))
                    acknowledged.Add(Sequence(line));
                else
                    refused++;
                // Refused on the way in, or taken in and not kept: either way the cause is told.
                Assert.True(refused == 0 || (line.StartsWith("no ", StringComparison.Ordinal) && line.Contains("Intake log failed", StringComparison.Ordinal)), line);
            }
            Assert.True(refused > 0);
            Assert.Equal("health Failed", await victim.AskAsync("health"));
            await victim.CloseAsync();
        }
        // The one that failed is the writer's last: nothing was synced behind it, though a second call would have "succeeded".
        var failed = Assert.Single(await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken), line => line.Contains("INJECTED", StringComparison.Ordinal));
        var thread = failed.Split(' ')[0];
        Assert.EndsWith("(INJECTED)", File.ReadLines(trace).Last(line => line.StartsWith(thread + " ", StringComparison.Ordinal)), StringComparison.Ordinal);

        using var log = Logs.Open(new IntakeLogOptions(_folder["log"]) { SegmentBytes = 256 << 10, CapBytes = 256 << 20 });
        Assert.Empty(acknowledged.Except(Logs.ReadAll(log).Select(reading => reading.Sequence)));
    }

    [Fact]
    public async Task A_full_disk_refuses_readings_with_words_and_goes_on_once_there_is_room()
    {
        var mount = _folder["small"];
        Directory.CreateDirectory(mount);
        await MountNamespace.NeedAsync();
        using var victim = new Victim(mount + "/log", "unshare", "-rm", "sh", "-c", $"mount -t tmpfs -o size=2m tmpfs '{mount}' && head -c 800k /dev/zero > '{mount}/filler' && exec \"$0\" \"$1\"");
        Assert.Equal("open", await victim.HearAsync());
        string answer;
        int acknowledged = 0, refused = 0;
        // Each refusal makes the log look for room, and near the limit it may still find some: full is what stays refused.
        do
        {
            answer = await victim.AskAsync("append 1");
            if (answer.StartsWith("ok", StringComparison.Ordinal)) (acknowledged, refused) = (acknowledged + 1, 0);
            else refused++;
        }
        while (refused < 20);
        Assert.Contains($"Intake log refuses readings: the disk of {mount}/log has no room", answer, StringComparison.Ordinal);
        Assert.True(acknowledged > 1000, $"{acknowledged} readings fit into 1.2 MB.");
        Assert.Equal("health OutOfRoom", await victim.AskAsync("health"));

        File.Delete($"/proc/{victim.ProcessId}/root{mount}/filler");
        // An append that is refused asks for room; the one after it may still come too early.
        for (var i = 0; i < 1000 && !(answer = await victim.AskAsync("append 1")).StartsWith("ok", StringComparison.Ordinal); i++)
            Assert.StartsWith("no Intake log", answer, StringComparison.Ordinal);
        Assert.StartsWith("ok", answer, StringComparison.Ordinal);
        Assert.Equal("health Open", await victim.AskAsync("health"));
    }

    private static long Sequence(string line) => long.Parse(line.AsSpan(3), CultureInfo.InvariantCulture);

    private static void AssertOwnContent(LoggedReading logged) =>
        Assert.Equal(logged.Reading.Topic, Convert.ToHexString(SHA256.HashData(logged.Reading.Payload.Span)));

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}

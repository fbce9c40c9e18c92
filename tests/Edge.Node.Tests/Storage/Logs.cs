using System.Diagnostics.Metrics;
using Edge.Actors.Intake;
using Edge.Messages.Intake;
using Edge.Node.Storage;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Node.Tests.Storage;

/// <summary>Intake logs of small segments, and readings whose content says which they are.</summary>
internal static class Logs
{
    public static IntakeLogOptions Small(string folder) => new(folder) { SegmentBytes = 64 << 10, CapBytes = 1 << 20, RecentBytes = 0 };

    public static IntakeLog Open(IntakeLogOptions options) => IntakeLog.Open(options, NoMetrics(), TimeProvider.System, NullLogger<IntakeLog>.Instance);

    public static StorageMetrics NoMetrics() => new(new OwnMeters());

    /// <summary>A reading that only sequence <paramref name="number"/> has.</summary>
    public static Reading Numbered(long number, int payloadBytes = 60)
    {
        var payload = new byte[payloadBytes];
        new Random((int)number).NextBytes(payload);
        return new Reading { Tenant = "default", Topic = $"ecg/{number}", Payload = ByteString.CopyFrom(payload), Qos = 1, ArrivalUs = number };
    }

    public static async Task AppendAsync(IntakeLog log, int count)
    {
        var last = 0L;
        for (var i = 0; i < count; i++)
            last = log.Append(Numbered(log.Last + 1));
        await log.FlushedAsync(last);
    }

    public static List<LoggedReading> ReadAll(IIntakeLog log, long after = 0, int step = 100)
    {
        var all = new List<LoggedReading>();
        for (var some = log.Read(after, step); some.Count > 0; some = log.Read(all[^1].Sequence, step))
            all.AddRange(some);
        return all;
    }

    private sealed class OwnMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}

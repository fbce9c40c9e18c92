using System.Diagnostics.Metrics;
using System.Globalization;
using Edge.Actors.Intake;
using Edge.Messages.Intake;
using Edge.Node.Storage;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

// Opens the intake log in the folder named by the first argument and does what standard input says, a line at a time:
//   append N   appends N readings, each after the one before was flushed; answers "ok SEQUENCE" or "no WHY" for each
//   flood N    appends for ever with N outstanding; answers "ok SEQUENCE" for each that was flushed
//   health     answers "health STATE"
// The end of the input closes the log in order.
using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
using var log = IntakeLog.Open(
    new IntakeLogOptions(args[0]) { SegmentBytes = 256 << 10, CapBytes = 256 << 20 },
    new StorageMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System, NullLogger<IntakeLog>.Instance);
Console.WriteLine("open");
while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ');
    switch (words[0])
    {
        case "append":
            for (var i = 0; i < int.Parse(words[1], CultureInfo.InvariantCulture); i++)
                Console.WriteLine(await AppendAsync());
            break;
        case "flood":
            await Task.WhenAll(Enumerable.Range(0, int.Parse(words[1], CultureInfo.InvariantCulture)).Select(_ => FloodAsync()));
            break;
        default:
            Console.WriteLine($"health {log.Health.State}");
            break;
    }
}

async Task FloodAsync()
{
    while (true)
        Console.WriteLine(await AppendAsync());
}

async Task<string> AppendAsync()
{
    try
    {
        var payload = new byte[100];
        Random.Shared.NextBytes(payload);
        // The content says its own checksum, so that a reader can tell a wrong record from a right one.
        var sequence = log.Append(new Reading { Tenant = "default", Topic = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(payload)), Payload = ByteString.CopyFrom(payload), Qos = 1 });
        await log.FlushedAsync(sequence);
        return $"ok {sequence}";
    }
    catch (IntakeUnavailableException why)
    {
        return $"no {why.Message}";
    }
}

using System.Buffers;
using System.Text;
using Edge.Wasm.Instances;
using Edge.Wasm.Modules;

namespace Edge.Node.LocalRun;

/// <summary>What a module of each kind is called with in a local run, and what of its input. Each returns the exit code.</summary>
internal static class KindRuns
{
    private const int ChunkMax = 64 << 10;

    public static int Run(ModuleKind kind, LocalSession session, RunRequest request, Stream input, Stream output, TextWriter errors, TimeProvider time) => kind switch
    {
        ModuleKind.Handler => Handler(session, request, input, time),
        ModuleKind.Stream => Stream(session, request, input, errors, time),
        ModuleKind.Codec => Codec(session, request, input, errors),
        ModuleKind.Http => Http(session, request, input, output),
        _ => Command(session),
    };

    /// <summary>A message for each line.</summary>
    private static int Handler(LocalSession session, RunRequest request, Stream input, TimeProvider time)
    {
        using var lines = new StreamReader(input, Encoding.UTF8, leaveOpen: true);
        var topic = Encoding.UTF8.GetBytes(request.Topic);
        for (var number = 1; lines.ReadLine() is { } line; number++)
            if (!session.Take(session.Instance.Handle(topic, Encoding.UTF8.GetBytes(line), Now(time)), $"Message {number}")) break;
        return session.Failed ? 1 : 0;
    }

    private static int Stream(LocalSession session, RunRequest request, Stream input, TextWriter errors, TimeProvider time)
    {
        using var text = new StreamReader(input, Encoding.UTF8, leaveOpen: true);
        if (SampleText.Read(text, request.Column, out var mistake) is not { } numbers)
        {
            errors.WriteLine(mistake);
            return 2;
        }
        var began = Now(time);
        for (var start = 0; start < numbers.Count; start += request.Block)
        {
            var count = Math.Min(request.Block, numbers.Count - start);
            var timeUs = began + (request.RateHz > 0 ? (long)(start * 1e6 / request.RateHz) : 0);
            var header = new BlockHeader(timeUs, request.RateHz, request.Type, start == 0 ? BlockFlags.Reset : BlockFlags.None, start);
            if (!session.Take(session.Instance.Stream(header, SampleText.ToBytes(numbers, start, count, request.Type)), $"Samples {start} to {start + count - 1}")) break;
        }
        return session.Failed ? 1 : 0;
    }

    /// <summary>Chunks of what is left until nothing more is consumed; the rest is told.</summary>
    private static int Codec(LocalSession session, RunRequest request, Stream input, TextWriter errors)
    {
        var rest = ReadAll(input).AsSpan();
        for (var length = Math.Min(rest.Length, ChunkMax); !rest.IsEmpty;)
        {
            var chunk = rest[..length];
            var outcome = request.Encode ? session.Instance.Encode(chunk) : session.Instance.Decode(chunk);
            if (!session.Take(outcome, request.Encode ? "Encoding" : "Decoding") || !outcome.Succeeded) return 1;
            if (outcome.Value == 0 && length == rest.Length) break;
            length = (int)(outcome.Value == 0 ? Math.Min(rest.Length, length * 2L) : Math.Min(rest.Length - outcome.Value, ChunkMax));
            rest = rest[(int)outcome.Value..];
        }
        if (!rest.IsEmpty) errors.WriteLine($"The last {rest.Length} bytes were not consumed: the module waits for more.");
        return 0;
    }

    private static int Http(LocalSession session, RunRequest request, Stream input, Stream output)
    {
        var bytes = request.HttpTarget is { } target
            ? Encoding.UTF8.GetBytes($"{(target.StartsWith('/') ? "GET " + target : target)} HTTP/1.1\r\nHost: localhost\r\n\r\n")
            : ReadAll(input);
        var response = new ArrayBufferWriter<byte>();
        session.Take(session.Instance.Http(bytes, response), "Request");
        output.Write(response.WrittenSpan);
        output.Flush();
        return session.Failed ? 1 : 0;
    }

    private static int Command(LocalSession session)
    {
        var outcome = session.Instance.RunCommand();
        session.Take(outcome, "Command");
        return outcome.Succeeded ? (int)outcome.Value : 1;
    }

    private static byte[] ReadAll(Stream input)
    {
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static long Now(TimeProvider time) => (time.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}

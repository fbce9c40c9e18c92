using System.Diagnostics;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Bench.Book;

/// <summary>Closed-loop load on a book: so many callers, each waiting for its answer before it asks again.</summary>
internal static class BookLoad
{
    /// <summary>Commands a second that were answered: durable on a majority, and applied.</summary>
    public static Task<double> CommitsAsync(IBook book, int callers, TimeSpan duration) =>
        RunAsync(callers, duration, caller => book.AppendAsync(Put($"k{caller}", 100), CancellationToken.None));

    /// <summary>Linearizable reads a second.</summary>
    public static Task<double> ReadsAsync(IBook book, int callers, TimeSpan duration) => RunAsync(callers, duration, _ => book.ReadAsync(CancellationToken.None));

    /// <summary>Fills a book with so many commands.</summary>
    public static async Task FillAsync(IBook book, int commands, int callers)
    {
        var left = commands;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await book.AppendAsync(Put($"k{caller}", 100), CancellationToken.None);
        })));
    }

    private static BookCommand Put(string key, int bytes) => new()
    {
        Who = "bench",
        ApplyResources = new ApplyResources { Edits = { new ResourceEdit { Resource = new Resource { Kind = "Register", Tenant = "default", Name = key, Document = ByteString.CopyFrom(Bytes(bytes)) } } } },
    };

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }

    private static async Task<double> RunAsync(int callers, TimeSpan duration, Func<int, Task> ask)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var count = 0;
            for (; clock.Elapsed < duration; count++)
                await ask(caller);
            return count;
        })));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }
}

using System.Diagnostics;

namespace Edge.Bench.Book;

/// <summary>The book: commits and linearizable reads a second on three voters with the flush on, and how long a voter with a long log takes to open. No peer is as thin as this seam; the figures are told.</summary>
internal static class BookBench
{
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync()
    {
        var root = Directory.CreateTempSubdirectory("edge-bench-book-").FullName;
        var rows = new List<BenchRow>();
        try
        {
            await using (var site = new BookSite(Path.Combine(root, "three"), 4096, "n1", "n2", "n3"))
            {
                await site.FormAsync("n1");
                var (leader, follower) = (site.Book("n1"), site.Book("n2"));
                await BookLoad.CommitsAsync(leader, 64, TimeSpan.FromSeconds(2));
                foreach (var callers in new[] { 1, 64 })
                {
                    rows.Add(Row($"commits_{callers}", "1/s", await BookLoad.CommitsAsync(leader, callers, Each)));
                    rows.Add(Row($"reads_leader_{callers}", "1/s", await BookLoad.ReadsAsync(leader, callers, Each)));
                    rows.Add(Row($"reads_follower_{callers}", "1/s", await BookLoad.ReadsAsync(follower, callers, Each)));
                }
                rows.Add(Row("commits_follower_1", "1/s", await BookLoad.CommitsAsync(follower, 1, Each)));
            }
            rows.Add(Row("recovery_100k", "s", await RecoveryAsync(Path.Combine(root, "one"), 100_000)));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
        return rows;
    }

    /// <summary>Time to open a log of so many entries without a snapshot.</summary>
    private static async Task<double> RecoveryAsync(string root, int entries)
    {
        await using (var site = new BookSite(root, int.MaxValue, "n1"))
        {
            await site.FormAsync("n1");
            await BookLoad.FillAsync(site.Book("n1"), entries, 64);
        }
        await using var again = new BookSite(root, int.MaxValue, "n1");
        var clock = Stopwatch.StartNew();
        await again.OpenAsync("n1");
        return clock.Elapsed.TotalSeconds;
    }

    private static BenchRow Row(string id, string unit, double ours) => new(id, unit, Math.Round(ours, 3), null, "none", null);
}

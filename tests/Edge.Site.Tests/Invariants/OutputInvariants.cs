using Edge.Site.Tests.Harness;

namespace Edge.Site.Tests.Invariants;

/// <summary>
/// Nothing acknowledged is lost, nothing is in the state twice, and outputs are in order: from what a subscriber saw, and from what the module's own state says in every output. Copies of an output (the same
/// id) may come, but say the same.
/// </summary>
internal static class OutputInvariants
{
    public static void Check(Producer producer, IReadOnlyList<Output> all)
    {
        var mine = all.Where(output => output.Key == producer.Key).ToList();
        foreach (var copies in mine.GroupBy(output => output.Id))
            Assert.True(copies.Select(copy => (copy.Number, copy.Count, copy.Sum)).Distinct().Count() == 1, $"{producer.Key}: copies of one output differ: {string.Join(" | ", copies)}");
        var first = mine.DistinctBy(output => output.Id).ToList();
        var number = first.GroupBy(output => output.Number).FirstOrDefault(same => same.Count() > 1);
        Assert.True(number is null, $"{producer.Key}: number {number?.Key} came under two ids: {string.Join(" | ", number?.AsEnumerable() ?? [])}");
        Order(producer, first);
        Covered(producer, first);
        State(producer, first[^1]);
    }

    // Within one connection of the subscriber nothing is missing between two outputs, so the module's count grows by one and its sum by the number.
    private static void Order(Producer producer, List<Output> outputs)
    {
        foreach (var (before, after) in outputs.Zip(outputs.Skip(1)))
        {
            Assert.True(after.Number > before.Number, $"{producer.Key}: {after} came after {before}.");
            if (before.Connection != after.Connection) continue;
            Assert.True(after.Count == before.Count + 1 && after.Sum == before.Sum + after.Number, $"{producer.Key}: the state lost or repeated something between {before} and {after}.");
        }
    }

    // A subscriber that was away did not see some; the state below has them.
    private static void Covered(Producer producer, List<Output> outputs)
    {
        if (outputs.Exists(output => output.Connection > 0)) return;
        var seen = outputs.Select(output => output.Number).ToHashSet();
        var lost = producer.Acknowledged.Where(acknowledged => !seen.Contains(acknowledged)).ToList();
        Assert.True(lost.Count == 0, $"{producer.Key}: {lost.Count} of {producer.Acknowledged.Count} acknowledged readings have no output: {string.Join(", ", lost.Take(20))}");
    }

    // What was acknowledged, and any of the few that may have been taken though nobody was told.
    private static void State(Producer producer, Output last)
    {
        var (count, sum) = (producer.Acknowledged.Count, producer.Acknowledged.Sum());
        var possible = producer.Unclear.Aggregate(new List<(long Count, long Sum)> { (count, sum) }, (sets, unclear) => [.. sets, .. sets.Select(set => (set.Count + 1, set.Sum + unclear))]);
        Assert.True(
            possible.Contains((last.Count, last.Sum)),
            $"{producer.Key}: the state counts {last.Count} readings with sum {last.Sum}; acknowledged were {count} with sum {sum}, unclear {string.Join(", ", producer.Unclear)}.");
    }
}

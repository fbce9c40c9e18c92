using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Tests.Book;

/// <summary>What must hold between a state and the next, whatever was commanded.</summary>
internal static class BookInvariants
{
    public static void Check(BookState before, BookCommand command, BookState after, BookOutcome outcome)
    {
        Assert.True(after.Index > before.Index);
        foreach (var placement in after.Placements.Values)
            Owned(placement, before, after, command);
        foreach (var token in before.Tokens.Values.Where(token => !token.SpentByKey.IsEmpty))
            if (after.Tokens.TryGetValue(token.Id, out var now))
                Assert.True(now.SpentByKey == token.SpentByKey && now.SpentByNode == token.SpentByNode, $"Spent token {token.Id} changed by {command}");
        Assert.True(after.Voters.Length <= BookLimits.Voters);
        Assert.Equal(after.Nodes.Count, after.Nodes.Values.Select(node => node.KeyFingerprint).Distinct().Count());
        var members = after.Nodes.Values.Where(node => node.Member is not null).Select(node => node.Member.Id).ToList();
        Assert.Equal(members.Count, members.Distinct().Count());
        foreach (var resource in after.Resources.Keys)
            Assert.True(resource.Tenant is "" or "default" || after.Resources.ContainsKey(new ResourceId("Tenant", "", resource.Tenant)), $"{resource} has no tenant after {command}");
        if (outcome.Refusals.Count > 0)
            Assert.Equal(before with { Index = 0, Remembered = after.Remembered, RememberedOrder = after.RememberedOrder }, after with { Index = 0 });
    }

    private static void Owned(Placement placement, BookState before, BookState after, BookCommand command)
    {
        Assert.Equal(placement.Node.Length == 0, placement.Member.Length == 0);
        // One that is gone may stay named, because its lease may still run; nobody becomes an owner who is no member.
        if (placement.Member.Length > 0 && placement.Member != before.Placements.GetValueOrDefault(ActorName.Of(placement))?.Member)
            Assert.True(after.Nodes.TryGetValue(placement.Node, out var node) && node.Member?.Id == placement.Member, $"{placement} is owned by no member after {command}");
        Assert.True(placement.Standby.Length == 0 || (after.Nodes.ContainsKey(placement.Standby) && placement.Standby != placement.Node), $"{placement} has a bad standby after {command}");
        if (!before.Placements.TryGetValue(ActorName.Of(placement), out var last))
            return;
        var grown = Epochs.Compare(placement.Epoch, last.Epoch);
        Assert.True(grown >= 0, $"Epoch fell from {last} to {placement} by {command}");
        if (placement.Member != last.Member && placement.Member.Length > 0)
        {
            Assert.True(grown > 0, $"Owner changed within an epoch: {last} to {placement} by {command}");
            Assert.False(last.Member.Length > 0 && after.Nodes.TryGetValue(last.Node, out var old) && old.Member?.Id == last.Member, $"Taken from a present member: {last} to {placement} by {command}");
        }
    }
}

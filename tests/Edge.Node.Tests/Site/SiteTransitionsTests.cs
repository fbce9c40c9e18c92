using System.Text.RegularExpressions;
using Edge.Actors.Diagnostics;
using Edge.Cluster.Book;
using Edge.Node.Site;
using Edge.Node.Tests.Hosting;

namespace Edge.Node.Tests.Site;

[Collection("sites of processes")]
public sealed class SiteTransitionsTests
{
    [Fact]
    public void A_change_of_the_lead_is_told_once_and_the_same_leader_taking_it_again_is_not()
    {
        var (none, first, again, other) = (BookState.Empty, Led("n1", 2), Led("n1", 9), Led("n2", 12));

        Assert.Equal([new EdgeEvent.LeadTaken("n1", 2)], SiteTransitions.LeadOf(new(none, first, null)));
        Assert.Empty(SiteTransitions.LeadOf(new(first, again, null)));
        Assert.Equal([new EdgeEvent.LeadLost("n1"), new EdgeEvent.LeadTaken("n2", 12)], SiteTransitions.LeadOf(new(again, other, null)));
    }

    [Fact]
    public async Task A_node_measures_its_part_in_the_site()
    {
        using var folder = new NodeFolder().WithCounter();
        await using var site = new TestSite();
        await site.StartAsync("n1", manifests: folder.Manifests);
        await site.UntilOwnedAsync("n1", "default/counts", "n1");

        // The book names the member first; its lease comes with the next renewal, a moment later.
        using var limit = new CancellationTokenSource(Patience.Time);
        string text;
        do text = await site["n1"].Http.GetStringAsync("metrics", TestContext.Current.CancellationToken);
        while (!Regex.IsMatch(text, @"(?m)^edge_site_member\{[^}]*\} 1\b") && !limit.IsCancellationRequested);

        foreach (var figure in new[] { @"edge_site_members\{[^}]*\} 1", @"edge_site_member\{[^}]*\} 1", @"edge_site_leads\{[^}]*\} 1", @"edge_placement_moves_total\{[^}]*\} 1", @"edge_mirror_waiting\{[^}]*\} 0", @"edge_book_append_duration_seconds_count\{[^}]*\} [1-9]", @"edge_book_index\{[^}]*\} [1-9]" })
            Assert.Matches($@"(?m)^{figure}\b", text);
    }

    private static BookState Led(string node, ulong index) => BookState.Empty with { Index = index, Lead = new() { Node = node, Index = index } };
}

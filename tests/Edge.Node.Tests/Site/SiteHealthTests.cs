using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Node.Site;

namespace Edge.Node.Tests.Site;

public sealed class SiteHealthTests
{
    private static readonly BookState Two = Site("n1", "n1", "n2");

    [Fact]
    public void A_member_of_a_led_site_has_nothing_to_tell() => Assert.Empty(Well.Parts(Two));

    [Fact]
    public void A_node_that_joins_or_sees_the_lead_change_is_well_for_three_seconds() => Assert.Empty((Well with { WithoutLease = TimeSpan.FromSeconds(2.9), Leader = "" }).Parts(Two));

    [Fact]
    public void A_node_without_a_lease_says_since_when_and_why_and_who_must_run()
    {
        var parts = (Well with { WithoutLease = TimeSpan.FromSeconds(12), Reason = "No leader renews the lease.", Leader = "" }).Parts(Two).ToList();
        Assert.Equal(["membership", "book"], parts.Select(part => part.Part));
        Assert.Contains("for 12 s: No leader renews the lease.", parts[0].Reason, StringComparison.Ordinal);
        Assert.Contains("(n1)", parts[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Readings_that_wait_for_a_second_node_are_told() =>
        Assert.Contains("no second node is a member", Assert.Single((Well with { Mirror = "no second node is a member of the site" }).Parts(Two)).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("n1", "n1", null)]
    [InlineData("n1", "n1 n2", "One voter: if n1 dies, nothing fails over.")]
    [InlineData("n1 n2", "n1 n2", "2 voters: if n1 or n2 dies, nothing fails over.")]
    [InlineData("n1", "n1 n2 n3", null)]
    public void A_site_of_two_nodes_is_told_that_it_has_no_failover(string voters, string nodes, string? begins)
    {
        var advice = VoteAdvice.Of(Site(voters, nodes.Split(' ')));
        if (begins is null) Assert.Null(advice);
        else Assert.StartsWith(begins, advice, StringComparison.Ordinal);
    }

    private static SiteHealth Well => new("n2", null, "", "n1", null, []);

    private static BookState Site(string voters, params string[] nodes) => BookState.Empty with
    {
        Voters = [.. voters.Split(' ')],
        Nodes = BookState.Empty.Nodes.AddRange(nodes.Select(name => KeyValuePair.Create(name, new NodeRecord { Name = name, MayVote = true }))),
    };
}

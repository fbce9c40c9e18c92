using CsCheck;
using Edge.Cluster.Raft;
using Edge.Messages.Site;

namespace Edge.Cluster.Tests.Raft;

public sealed class VoterPlanTests
{
    private static readonly VoterPlanOptions Options = new();
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public void A_lone_node_stays_the_only_voter() => Assert.IsType<VoterStep.None>(Plan(["n1"], Voter("n1", "n1")));

    [Fact]
    public void Two_nodes_stay_at_one_voter() => Assert.IsType<VoterStep.None>(Plan(["n1"], Voter("n1", "n1"), Follower("n2")));

    [Fact]
    public void A_witness_makes_two_nodes_three_voters_and_is_taken_last() =>
        Assert.Equal(new VoterStep.Add("n2"), Plan(["n1"], Voter("n1", "n1"), Follower("a-witness") with { Witness = true }, Follower("n2")));

    [Fact]
    public void With_two_more_nodes_one_voter_becomes_two() => Assert.Equal(new VoterStep.Add("n2"), Plan(["n1"], Voter("n1", "n1"), Follower("n2"), Follower("n3")));

    [Fact]
    public void A_node_that_just_came_is_no_candidate_yet() =>
        Assert.IsType<VoterStep.None>(Plan(["n1"], Voter("n1", "n1"), Follower("n2"), Follower("n3") with { Since = TimeSpan.FromMilliseconds(900) }));

    [Fact]
    public void Two_voters_become_three() => Assert.Equal(new VoterStep.Add("n3"), Plan(["n1", "n2"], Voter("n1", "n1", "n2"), Voter("n2", "n1", "n2"), Follower("n3")));

    [Fact]
    public void Nothing_changes_while_a_voter_has_another_list()
    {
        var wait = Assert.IsType<VoterStep.Wait>(Plan(["n1", "n2"], Voter("n1", "n1", "n2"), Voter("n2", "n1"), Follower("n3")));
        Assert.Contains("n2 has the list {n1}", wait.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_changes_while_a_live_voter_has_not_reported() =>
        Assert.IsType<VoterStep.Wait>(Plan(["n1", "n2"], Voter("n1", "n1", "n2"), Voter("n2", "n1", "n2") with { Report = null }, Follower("n3")));

    [Fact]
    public void A_dead_voter_stays_as_long_as_nobody_can_take_its_place() =>
        Assert.IsType<VoterStep.None>(Plan(["n1", "n2", "n3"], Voter("n1", "n1", "n2", "n3"), Voter("n2", "n1", "n2", "n3"), Dead("n3", Long)));

    [Fact]
    public void A_dead_voter_is_removed_before_the_next_is_added() =>
        Assert.Equal("n3", Assert.IsType<VoterStep.Remove>(Plan(["n1", "n2", "n3"], Voter("n1", "n1", "n2", "n3"), Voter("n2", "n1", "n2", "n3"), Dead("n3", Long), Follower("n4"))).Node);

    [Fact]
    public void A_reboot_replaces_nobody() =>
        Assert.IsType<VoterStep.None>(Plan(["n1", "n2", "n3"], Voter("n1", "n1", "n2", "n3"), Voter("n2", "n1", "n2", "n3"), Dead("n3", TimeSpan.FromSeconds(29)), Follower("n4")));

    [Fact]
    public void A_voter_without_a_log_is_removed_so_that_it_can_be_added_as_a_new_one() =>
        Assert.Equal("n3", Assert.IsType<VoterStep.Remove>(Plan(["n1", "n2", "n3"], Voter("n1", "n1", "n2", "n3"), Voter("n2", "n1", "n2", "n3"), Follower("n3"))).Node);

    [Fact]
    public void Of_two_voters_one_without_a_log_leaves_no_majority_to_remove_it() =>
        Assert.IsType<VoterStep.Wait>(Plan(["n1", "n2"], Voter("n1", "n1", "n2"), Follower("n2"), Follower("n3")));

    [Fact]
    public void A_leader_that_left_the_book_resigns_first() =>
        Assert.IsType<VoterStep.Resign>(Plan(["n1", "n2", "n3"], Voter("n1", "n1", "n2", "n3") with { MayVote = false }, Voter("n2", "n1", "n2", "n3"), Voter("n3", "n1", "n2", "n3")));

    [Fact]
    public void A_node_that_left_the_book_is_no_voter() =>
        Assert.Equal("n2", Assert.IsType<VoterStep.Remove>(Plan(["n1", "n2", "n3"], Voter("n1", "n1", "n2", "n3"), Voter("n2", "n1", "n2", "n3") with { MayVote = false }, Voter("n3", "n1", "n2", "n3"))).Node);

    [Fact]
    public void A_node_with_a_vote_of_the_past_is_dismissed_before_anything_else() =>
        Assert.Equal(new VoterStep.Dismiss("n4"), Plan(["n1", "n2"], Voter("n1", "n1", "n2"), Voter("n2", "n1", "n2"), Voter("n4", "n1", "n2", "n4"), Follower("n3")));

    [Fact]
    public void Two_voters_do_not_rest_when_no_third_is_coming() =>
        Assert.Equal("n2", Assert.IsType<VoterStep.Remove>(Plan(["n1", "n2"], Voter("n1", "n1", "n2"), Voter("n2", "n1", "n2"), Dead("n3", Long))).Node);

    // Any sites, with honest reports: every step that is taken keeps to the rules, and steps end.
    [Fact]
    public void From_any_state_the_plan_comes_to_rest_and_never_breaks_a_rule() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[0, 4], Gen.Bool.Array[8], Gen.Bool.Array[8], Gen.Bool.Array[8]).Sample((voters, followers, alive, mayVote, witness) =>
        {
            var list = VoterList.Of(7, Enumerable.Range(1, voters).Select(i => $"n{i}"));
            var logs = list.Names.ToHashSet();
            for (var steps = 0; steps < 20; steps++)
            {
                var nodes = Enumerable.Range(1, voters + followers).Select(i => Node($"n{i}", i == 1 || alive[i], i == 1 || mayVote[i], witness[i])).ToList();
                switch (new VoterPlan("n1", list, nodes, Options).Next())
                {
                    case VoterStep.Add add:
                        Assert.DoesNotContain(add.Node, list.Names);
                        list = new(list.Names.Add(add.Node), list.Version + 1);
                        logs.Add(add.Node);
                        Assert.InRange(list.Names.Count, 1, VoterPlan.MostVoters);
                        break;
                    case VoterStep.Remove remove:
                        Assert.NotEqual("n1", remove.Node);
                        Assert.True(list.Names.Count(Works) > list.Names.Count / 2);
                        list = new(list.Names.Remove(remove.Node), list.Version + 1);
                        break;
                    case VoterStep.Dismiss dismiss:
                        Assert.DoesNotContain(dismiss.Node, list.Names);
                        logs.Remove(dismiss.Node);
                        break;
                    case VoterStep.None:
                        Assert.NotEqual(2, list.Names.Count);
                        return;
                    case VoterStep.Wait:
                        return;
                    case VoterStep.Resign:
                        Assert.Fail("n1 may vote");
                        return;
                }
            }
            Assert.Fail($"no rest after 20 steps, at {list}");

            bool Works(string name) => name == "n1" || alive[int.Parse(name[1..], System.Globalization.CultureInfo.InvariantCulture)];

            VoterCandidate Node(string name, bool lives, bool votes, bool witnesses) => new(name, votes, lives, Long)
            {
                Witness = witnesses,
                Report = lives ? new VoterReport
                {
                    Node = name,
                    Standing = list.Names.Contains(name) ? VoterStanding.Voter : logs.Contains(name) ? VoterStanding.Standby : VoterStanding.Follower,
                    Voters = { logs.Contains(name) ? list.Names : [] },
                    ListVersion = logs.Contains(name) ? list.Version : 0,
                } : null,
            };
        });

    private static VoterStep Plan(string[] voters, params VoterCandidate[] nodes) => new VoterPlan("n1", VoterList.Of(7, voters), nodes, Options).Next();

    private static VoterCandidate Voter(string name, params string[] list) =>
        new(name, MayVote: true, Alive: true, Long) { Report = new VoterReport { Node = name, Standing = VoterStanding.Voter, Voters = { list }, ListVersion = 7 } };

    private static VoterCandidate Follower(string name) =>
        new(name, MayVote: true, Alive: true, Long) { Report = new VoterReport { Node = name, Standing = VoterStanding.Follower } };

    private static VoterCandidate Dead(string name, TimeSpan since) => new(name, MayVote: true, Alive: false, since);
}

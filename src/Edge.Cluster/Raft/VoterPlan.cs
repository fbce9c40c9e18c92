using Edge.Messages.Site;

namespace Edge.Cluster.Raft;

/// <summary>
/// Which change of voters comes next. Pure; run by the leader. Rules (each stands for a defect of the library or of two-voter sites that was measured): one or three voters, never four, not even for a
/// moment; two only on the way; one change at a time, and only while every live voter reports the same applied list; remove before add; a node whose log is gone, damaged or from before its removal
/// is removed or dismissed before it is added.
/// </summary>
/// <param name="Self">The leader's own name.</param>
/// <param name="Voters">The list in effect at the leader.</param>
/// <param name="Nodes">Every node that may vote, and every voter.</param>
/// <param name="Options">Waits.</param>
public sealed record VoterPlan(string Self, VoterList Voters, IReadOnlyList<VoterCandidate> Nodes, VoterPlanOptions Options)
{
    /// <summary>At four, the library commits what a majority does not have (6.12.0).</summary>
    public const int MostVoters = 3;

    /// <summary>The next step.</summary>
    public VoterStep Next()
    {
        var voters = Voters.Names.Select(Node).ToList();
        var alive = voters.Where(voter => voter.Alive).ToList();
        if (!Voters.Names.Contains(Self))
        {
            return new VoterStep.Wait($"{Self} is not in the list {Voters}");
        }
        if (alive.Find(voter => Standing(voter) is VoterStanding.Voter or VoterStanding.Standby && !Agrees(voter)) is { } other)
        {
            return new VoterStep.Wait($"{other.Name} has the list {ListOf(other.Report!)}, {Self} has {Voters}");
        }
        if (alive.Find(voter => voter.Report is null) is { } silent)
        {
            return new VoterStep.Wait($"{silent.Name} has not said which list it has");
        }
        if (Nodes.FirstOrDefault(node => !Voters.Names.Contains(node.Name) && node.Alive && HoldsAnOldVote(node)) is { } former)
        {
            return new VoterStep.Dismiss(former.Name);
        }
        var working = alive.Count(voter => Standing(voter) is VoterStanding.Voter);
        return Removal(voters, working) ?? Growth(working);
    }

    private VoterStep? Removal(List<VoterCandidate> voters, int working)
    {
        if (voters.Count == 1)
        {
            return null;
        }
        // Removing is an entry of its own: it needs the majority of the list as it is.
        if (working < (voters.Count / 2) + 1)
        {
            return new VoterStep.Wait($"{working} of the voters {Voters} work: no majority to change them");
        }
        if (voters.Find(voter => !voter.MayVote && voter.Name != Self) is { } gone)
        {
            return new VoterStep.Remove(gone.Name, "it may not vote any more");
        }
        if (voters.Find(voter => voter.Alive && Standing(voter) is VoterStanding.Follower or VoterStanding.Damaged) is { } lost)
        {
            return new VoterStep.Remove(lost.Name, "its log is gone or damaged");
        }
        if (!Node(Self).MayVote)
        {
            return new VoterStep.Resign($"{Self} may not vote any more");
        }
        var candidates = Candidates();
        if (voters.Find(voter => !voter.Alive && voter.Since >= Options.DeadAfter) is { } dead && candidates.Count > 0)
        {
            return new VoterStep.Remove(dead.Name, $"it has not answered for {dead.Since.TotalSeconds:0} s and {candidates[0].Name} can take its place");
        }
        if (voters.Count == 2 && candidates.Count == 0 && !AnotherMayCome())
        {
            return new VoterStep.Remove(voters.First(voter => voter.Name != Self).Name, "two voters stop with the loss of either, and there is no third");
        }
        return null;
    }

    private VoterStep Growth(int working)
    {
        if (Voters.Names.Count >= MostVoters)
        {
            return new VoterStep.None();
        }
        if (working < Voters.Names.Count)
        {
            return new VoterStep.Wait($"{working} of the voters {Voters} work");
        }
        var candidates = Candidates();
        var missing = MostVoters - Voters.Names.Count;
        if (candidates.Count < missing)
        {
            return Voters.Names.Count == 1
                ? new VoterStep.None()
                : new VoterStep.Wait($"a third voter is missing: {candidates.Count} candidates");
        }
        return new VoterStep.Add(candidates[0].Name);
    }

    /// <summary>Who can be added now, best first: full nodes before witnesses, then who is alive longest.</summary>
    private List<VoterCandidate> Candidates() =>
        [.. Nodes
            .Where(node => node.MayVote && node.Alive && node.Since >= Options.AliveAfter && !Voters.Names.Contains(node.Name) && node.Report is not null && !HoldsAnOldVote(node))
            .OrderBy(node => node.Witness).ThenByDescending(node => node.Since).ThenBy(node => node.Name, StringComparer.Ordinal)];

    /// <summary>A node that may vote is on its way to be a candidate: it is young, or was seen a moment ago.</summary>
    private bool AnotherMayCome() =>
        Nodes.Any(node => node.MayVote && !Voters.Names.Contains(node.Name) && (node.Alive || node.Since < Options.DeadAfter));

    private bool Agrees(VoterCandidate voter) => voter.Report is not { } report || (report.ListVersion == Voters.Version && ListOf(report).SameNames(Voters));

    // A seeded list (version 0, without the node) waits to be added and is no old vote.
    private static bool HoldsAnOldVote(VoterCandidate node) =>
        node.Report is { } report && (report.Standing is VoterStanding.Voter || (report.Standing is VoterStanding.Standby && report.ListVersion > 0));

    private VoterCandidate Node(string name) => Nodes.FirstOrDefault(node => node.Name == name) ?? new VoterCandidate(name, MayVote: false, Alive: false, TimeSpan.Zero);

    private static VoterStanding Standing(VoterCandidate node) => node.Report?.Standing ?? VoterStanding.Unspecified;

    private static VoterList ListOf(VoterReport report) => VoterList.Of(report.ListVersion, report.Voters);
}

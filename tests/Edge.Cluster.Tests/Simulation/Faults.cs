using Edge.Cluster.Members;
using Edge.Cluster.Placements;
using Edge.Messages.Book;

namespace Edge.Cluster.Tests.Simulation;

/// <summary>What happens to a site: pauses, kills, cuts of every shape, slow and lossy links, lost leaders, flapping, other lease times, and what operators do meanwhile.</summary>
internal sealed class Faults(SimulatedSite site, long until)
{
    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);
    private bool _over;
    private int _next = 10_000;

    private Random Random => site.Random;

    public void Begin()
    {
        // A mood for each seed, so that some see one kind of fault often.
        var mood = Random.Next(12);
        var pace = Random.Next(150_000, 1_500_000);
        void Strike()
        {
            if (_over)
                return;
            One(Random.Next(3) == 0 ? mood : Random.Next(12));
            site.Time.After(Random.Next(pace / 4, pace), Strike);
        }

        Strike();
    }

    /// <summary>Heals everything.</summary>
    public void End()
    {
        _over = true;
        site.Network.Heal();
        site.Times = LeaseTimes.Default;
        foreach (var node in site.Nodes)
        {
            node.Leaving = false;
            node.Resume();
            node.Start();
        }
    }

    private void One(int kind)
    {
        var node = site.Nodes[Random.Next(site.Nodes.Count)];
        site.Trace?.Invoke($"{site.Time.Now / 1000} ms fault {kind} {node}");
        switch (kind)
        {
            case 0: Stop(node, Random.Next(100_000, 4_000_000)); break;
            case 1: Stop(site.Log.Leader?.Node ?? node, Random.Next(100_000, 3_000_000)); break;
            case 2: Crash(node, Random.Next(50_000, 4_000_000)); break;
            case 3: Crash(site.Log.Leader?.Node ?? node, Random.Next(50_000, 3_000_000)); break;
            case 4: Split(); break;
            case 5: OneWay(node); break;
            case 6: Flap(node); break;
            case 7: Weather(); break;
            case 8: site.Log.Unseat(); Stop(site.Log.Leader?.Node ?? node, Random.Next(300_000, 900_000)); break;
            case 9: site.Times = LeaseTimes.For(TimeSpan.FromMilliseconds(Random.Next(4) * 25)); break;
            case 10: Operate(node); break;
            default: Redeclare(); break;
        }
    }

    private void Later(long microseconds, Action action) => site.Time.After(microseconds, () =>
    {
        if (!_over)
            action();
    });

    private void Stop(SimulatedNode node, long microseconds)
    {
        node.Pause();
        Later(microseconds, node.Resume);
    }

    private void Crash(SimulatedNode node, long microseconds)
    {
        node.Kill();
        Later(microseconds, node.Start);
    }

    private void Split()
    {
        var salt = Random.Next();
        var alone = Random.Next(site.Nodes.Count);
        if (Random.Next(2) == 0)
            site.Network.Split(index => index == alone ? 1 : 0);
        else
            site.Network.Split(index => (index * 7919 + salt) % 5 < 2 ? 1 : 0);
        Later(Random.Next(200_000, 4_000_000), () => site.Network.Split(_ => 0));
    }

    private void OneWay(SimulatedNode node)
    {
        var mute = Random.Next(2) == 0;
        void Set(bool on)
        {
            if (mute)
                site.Network.Mute(node.Index, on);
            else
                site.Network.Deafen(node.Index, on);
        }

        Set(true);
        Later(Random.Next(200_000, 4_000_000), () => Set(false));
    }

    private void Flap(SimulatedNode node)
    {
        for (var i = 0; i < 6; i++)
            Later(i * 400_000, () => Stop(node, Random.Next(50_000, 350_000)));
    }

    private void Weather()
    {
        (site.Network.Loss, site.Network.Slow) = (Random.NextDouble() * 0.4, Random.NextDouble() * 0.4);
        Later(Random.Next(500_000, 3_000_000), () => (site.Network.Loss, site.Network.Slow) = (0, 0));
    }

    private void Operate(SimulatedNode node)
    {
        var command = site.Command();
        switch (Random.Next(7))
        {
            case 0 when site.Nodes.Count > 4 && !site.Voters.Contains(node) && _removed.Count < 2:
                _removed.Add(node.Name);
                command.RemoveNode = new() { Name = node.Name };
                // Often it is not reachable when it is removed.
                if (Random.Next(2) == 0)
                    site.Network.Split(index => index == node.Index ? 1 : 0);
                break;
            case 1:
                node.Leaving = true;
                return;
            case 2 when !site.IsLarge && !site.Voters.Contains(node):
                if (site.Nodes.Count(other => other.Name == node.Name) == 1 && site.Nodes.Count < site.Log.At(0).Nodes.Count + 1)
                    site.Copy(node).Start();
                return;
            case 3:
                command.CordonNode = new() { Name = node.Name };
                break;
            case 4 when site.Log.At(site.Log.Committed).Nodes.TryGetValue(node.Name, out var record):
                var other = record.Clone();
                if (!other.Labels.Remove("gpio"))
                    other.Labels["gpio"] = "";
                command.UpdateNode = new() { Node = other };
                break;
            default:
                command.CordonNode = new() { Name = node.Name, Reason = "maintenance", Drain = Random.Next(2) == 0 };
                break;
        }

        Send(command);
    }

    private void Redeclare()
    {
        if (Random.Next(2) == 0 && site.Demands.Count > 1)
        {
            var gone = site.Demands.Keys.ElementAt(Random.Next(site.Demands.Count));
            var demand = site.Demands[gone];
            site.Demands.Remove(gone);
            Tell(leader => leader.Withdrawn(gone));
            if (Random.Next(2) == 0)
                Later(Random.Next(10_000, 500_000), () => Declare(demand));
        }
        else
        {
            Declare(Shape.Demand(_next++, site.Log.At(0).Nodes.Count, Random));
        }
    }

    private void Declare(ActorDemand demand)
    {
        site.Demands[demand.Name] = demand;
        Tell(leader => leader.Demanded(demand));
    }

    // The demands are in the book too, so every leader knows those of its state; here all know the last.
    private void Tell(Action<SimulatedNode> tell)
    {
        foreach (var voter in site.Voters)
            tell(voter);
    }

    private void Send(BookCommand command)
    {
        if (site.Time.Now < until && site.Log.Leader is { } leadership)
            site.Log.Append(leadership, command);
    }
}

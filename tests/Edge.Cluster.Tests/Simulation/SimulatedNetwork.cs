namespace Edge.Cluster.Tests.Simulation;

/// <summary>A LAN that loses, delays and cuts, also one way only.</summary>
internal sealed class SimulatedNetwork(SimulatedTime time, Random random, int nodes)
{
    private readonly int[] _group = new int[nodes];
    private readonly bool[] _mute = new bool[nodes];
    private readonly bool[] _deaf = new bool[nodes];

    public double Loss { get; set; }

    public double Slow { get; set; }

    public bool Passes(int from, int to) => from == to || _group[from] == _group[to] && !_mute[from] && !_deaf[to];

    public bool Joined(int a, int b) => Passes(a, b) && Passes(b, a);

    public void Split(Func<int, int> group)
    {
        for (var i = 0; i < nodes; i++)
            _group[i] = group(i);
    }

    public void Mute(int node, bool on) => _mute[node] = on;

    public void Deafen(int node, bool on) => _deaf[node] = on;

    public void Heal()
    {
        Split(_ => 0);
        Array.Clear(_mute);
        Array.Clear(_deaf);
        Loss = 0;
        Slow = 0;
    }

    /// <summary>Carries a message; it may be lost, and may pass a cut that comes while it is under way.</summary>
    public void Send(SimulatedNode from, SimulatedNode to, Action arrive)
    {
        if (!Passes(from.Index, to.Index) || from != to && random.NextDouble() < Loss)
            return;
        var delay = from == to ? 20 : random.Next(200, 3_000) + (random.NextDouble() < Slow ? random.Next(20_000, 900_000) : 0);
        time.After(delay, () => to.Do(arrive));
    }
}

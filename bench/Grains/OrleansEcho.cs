using Orleans.Placement;

namespace Edge.Bench.Grains;

/// <summary>The same question for Orleans, with its own serializer.</summary>
[GenerateSerializer]
public sealed record OrleansAsk([property: Id(0)] long Number, [property: Id(1)] double Value, [property: Id(2)] string Text);

/// <summary>The same answer.</summary>
[GenerateSerializer]
public sealed record OrleansAnswer([property: Id(0)] long Number);

/// <summary>Answers a number with the next, and says which process it is in.</summary>
public interface IOrleansEcho : IGrainWithIntegerKey
{
    Task<OrleansAnswer> AskAsync(OrleansAsk ask);

    Task<int> WhereAsync();
}

/// <summary>Begins where it is asked first.</summary>
[PreferLocalPlacement]
public sealed class OrleansEcho : Grain, IOrleansEcho
{
    public Task<OrleansAnswer> AskAsync(OrleansAsk ask) => Task.FromResult(new OrleansAnswer(ask.Number + 1));

    public Task<int> WhereAsync() => Task.FromResult(Environment.ProcessId);
}

using Proto;

namespace Edge.Bench.Grains;

/// <summary>Answers a number with the next; the same actor for both Proto systems.</summary>
internal sealed class EchoActor : IActor
{
    public const string Kind = "echo";

    public static Props Props { get; } = Props.FromProducer(() => new EchoActor());

    public Task ReceiveAsync(IContext context)
    {
        if (context.Message is GrainAsk ask) context.Respond(new GrainAnswer { Number = ask.Number + 1 });
        return Task.CompletedTask;
    }

    public static GrainAsk Ask(long number) => new() { Number = number, Value = 21.5, Text = "boiler" };
}

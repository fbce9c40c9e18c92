using Edge.Node.Storage;

namespace Edge.Node.Tests.Storage;

/// <summary>Waits for the intake log to say something; a wait that takes too long says what it waited for.</summary>
internal static class Events
{
    public static async Task When(IntakeLog log, IntakeState state)
    {
        var seen = new TaskCompletionSource();
        log.HealthChanged += health =>
        {
            if (health.State == state)
                seen.TrySetResult();
        };
        if (log.Health.State == state)
            return;
        try
        {
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The intake log did not become {state} within 30 s; it is {log.Health}.");
        }
    }
}

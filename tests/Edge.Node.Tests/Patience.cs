namespace Edge.Node.Tests;

/// <summary>How long a test waits for an event that must come: long enough for a loaded machine, since a test that passes never waits for it.</summary>
internal static class Patience
{
    public static TimeSpan Time { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Awaits, and says what was awaited when it did not come.</summary>
    public static async Task<T> For<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Time, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Time.TotalSeconds} s for {what}.");
        }
    }

    /// <summary>Awaits, and says what was awaited when it did not come.</summary>
    public static async Task For(Task task, string what)
    {
        try
        {
            await task.WaitAsync(Time, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Time.TotalSeconds} s for {what}.");
        }
    }
}

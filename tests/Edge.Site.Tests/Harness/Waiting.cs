using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Edge.Node.Cli.Remote;

namespace Edge.Site.Tests.Harness;

/// <summary>Waits on the events of a node's watches; a wait that runs out says what it was for and the last state seen.</summary>
internal static class Waiting
{
    /// <summary>Longest wait for anything here: many times what it takes on a busy machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The first state of a watch that is wanted.</summary>
    public static async Task<T> FirstAsync<T>(NodeProcess node, string path, JsonTypeInfo<T> type, Func<T, bool> wanted, Func<T, string> words, string phase)
        where T : class
    {
        using var limit = new CancellationTokenSource(Limit);
        var last = "nothing yet";
        try
        {
            using var api = node.Api();
            await foreach (var one in api.WatchAsync($"{path}?watch=true", limit.Token))
            {
                if (one.Name != "state" || JsonSerializer.Deserialize(one.Data, type) is not { } state) continue;
                if (wanted(state)) return state;
                last = words(state);
            }
        }
        catch (Exception failure) when (failure is RemoteException or IOException)
        {
            throw Failed(node, $"The watch of {path} broke: {failure.Message}", phase, last);
        }
        catch (OperationCanceledException)
        {
            throw Failed(node, $"Not in {Limit.TotalSeconds:0} s", phase, last);
        }

        throw Failed(node, $"The node ended the watch of {path}", phase, last);
    }

    /// <summary>Waits for what a task brings.</summary>
    public static async Task<T> ForAsync<T>(Task<T> task, string phase, Func<string> last)
    {
        try
        {
            return await task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{phase}: not in {Limit.TotalSeconds:0} s. Last: {last()}");
        }
    }

    private static TimeoutException Failed(NodeProcess node, string what, string phase, string last) =>
        new($"{phase}: {what}. {node.Name} said last: {last}.{Environment.NewLine}Log of {node.Name}:{Environment.NewLine}{node.LastLines()}");
}

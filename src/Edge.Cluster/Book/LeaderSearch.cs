using Edge.Messages.Site;

namespace Edge.Cluster.Book;

/// <summary>
/// Finds the node that leads and puts a question to it: whom the last answer named, else one candidate after the other, again and again with waits that double up to 1 s, until the question is
/// answered or the limit is reached. Thread-safe.
/// </summary>
/// <param name="candidates">Nodes that may hold the book, now.</param>
/// <param name="options">Times.</param>
/// <param name="time">Clock.</param>
internal sealed class LeaderSearch(Func<IReadOnlyList<string>> candidates, FollowerBookOptions options, TimeProvider time)
{
    private const int HopsMax = 3;
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);

    private volatile string _leader = "";

    /// <summary>Who leads, as far as is known; empty if it is not.</summary>
    public string Leader => _leader;

    /// <summary>Asks until the leader has answered.</summary>
    /// <param name="question">What is asked, for people: <c>an append</c>.</param>
    /// <param name="ask">Asks one node.</param>
    /// <param name="redirect">Where an answer points to; null when it is the leader's own.</param>
    /// <param name="limit">Ends it with words.</param>
    /// <param name="cancellation">The caller's own end.</param>
    /// <exception cref="BookUnavailableException">The limit was reached.</exception>
    public async Task<T> AskAsync<T>(string question, Func<string, CancellationToken, Task<T>> ask, Func<T, NotLeading?> redirect, CancellationToken limit, CancellationToken cancellation)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit, cancellation);
        var heard = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var (wait, hops, turn) = (WaitMin, 0, 0);
        while (!both.IsCancellationRequested)
        {
            var nodes = candidates();
            var node = _leader.Length > 0 ? _leader : nodes.Count > 0 ? nodes[turn++ % nodes.Count] : "";
            if (node.Length > 0)
            {
                var (answered, answer, words) = await TryAsync(node, ask, both.Token).ConfigureAwait(false);
                if (answered && redirect(answer!) is not { } elsewhere)
                {
                    _leader = node;
                    return answer!;
                }
                else if (answered)
                {
                    _leader = redirect(answer!)!.Leader;
                    words = _leader.Length == 0 ? "does not lead and knows no leader" : $"does not lead; names '{_leader}'";
                }
                else
                    _leader = "";
                heard[node] = words;
                if (_leader.Length > 0 && _leader != node && ++hops <= HopsMax)
                    continue;
            }
            hops = 0;
            await Task.Delay(wait, time, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < WaitMax ? wait * 2 : WaitMax;
        }
        cancellation.ThrowIfCancellationRequested();
        var all = heard.Count == 0 ? "no node that holds the book is known here" : string.Join("; ", heard.Select(pair => $"{pair.Key}: {pair.Value}"));
        throw new BookUnavailableException($"No leader of the site answered {question} in {options.AnswerMax.TotalSeconds:0.#} s: {all}. Check that a majority of the nodes that hold the book run and are reachable, then ask again.");
    }

    private async Task<(bool Answered, T? Answer, string Words)> TryAsync<T>(string node, Func<string, CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        using var attempt = new CancellationTokenSource(options.AttemptMax, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(attempt.Token, cancellation);
        try
        {
            return (true, await ask(node, both.Token).ConfigureAwait(false), "");
        }
        catch (BookUnavailableException error)
        {
            return (false, default, error.Message);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            return (false, default, $"no answer in {options.AttemptMax.TotalSeconds:0.#} s");
        }
    }
}

using System.Net;

namespace Edge.Node.Admin.Access;

/// <summary>
/// Counts failed attempts to sign in, by address and minute. Secrets are random and long, so this guards the log and the processor, not the secret: a right token is never held back.
/// Bounded: 1024 addresses; past them the counts begin anew. Thread-safe.
/// </summary>
internal sealed class FailedAttempts(int perMinute, TimeProvider time)
{
    private const int AddressesMax = 1_024;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<IPAddress, (long Since, int Count)> _counts = [];

    /// <summary>Counts one more. Null, or how long the address should be quiet.</summary>
    public TimeSpan? Add(IPAddress address)
    {
        lock (_counts)
        {
            if (_counts.Count >= AddressesMax && !_counts.ContainsKey(address)) _counts.Clear();
            var (since, count) = _counts.TryGetValue(address, out var known) && time.GetElapsedTime(known.Since) < Minute ? known : (time.GetTimestamp(), 0);
            _counts[address] = (since, count + 1);
            return count < perMinute ? null : Minute - time.GetElapsedTime(since);
        }
    }
}

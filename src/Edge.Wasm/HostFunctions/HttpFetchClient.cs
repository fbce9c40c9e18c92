using System.Buffers;
using System.Globalization;
using System.Text;

namespace Edge.Wasm.HostFunctions;

/// <summary>
/// The connections of one instance to its granted hosts: no redirects, cookies or proxies, nothing decompressed, one connection a host. The instance owns it, so that
/// nothing of a tenant's traffic is on a connection that another uses.
/// </summary>
internal sealed class HttpFetchClient(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(15);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        MaxConnectionsPerServer = 1,
        PooledConnectionIdleTimeout = IdleTimeout,
        ActivityHeadersPropagator = null,
    });

    /// <summary>Sends and waits on the calling thread, at most for <paramref name="timeout"/>. The error is a code of <see cref="EdgeError"/>, 0 for none.</summary>
    /// <param name="request">A request whose target was checked against the grants.</param>
    /// <param name="timeout">Until the last byte of the response.</param>
    /// <param name="most">Bytes that the response may have, head and body.</param>
    public (int Error, ReadOnlyMemory<byte> Response) Send(HttpRequestMessage request, TimeSpan timeout, int most)
    {
        if (timeout <= TimeSpan.Zero) return (EdgeError.Timeout, default);
        using var cancel = new CancellationTokenSource(timeout, time);
        // On the pool and waited for from here: resolving a name cannot be cancelled, and the guest's thread must not wait for it past the deadline.
        var exchange = Task.Run(() => ExchangeAsync(request, most, cancel.Token), CancellationToken.None);
        try
        {
            return exchange.WaitAsync(cancel.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return (EdgeError.Timeout, default);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return (EdgeError.InputOutput, default);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<(int Error, ReadOnlyMemory<byte> Response)> ExchangeAsync(HttpRequestMessage request, int most, CancellationToken cancel)
    {
        using var response = await _http.SendAsync(request, cancel).ConfigureAwait(false);
        var bytes = new ArrayBufferWriter<byte>();
        WriteHead(response, bytes);
        using var body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        while (bytes.WrittenCount <= most)
        {
            var read = await body.ReadAsync(bytes.GetMemory(4_096), cancel).ConfigureAwait(false);
            if (read == 0) return (0, bytes.WrittenMemory);
            bytes.Advance(read);
        }
        return (EdgeError.Limit, default);
    }

    private static void WriteHead(HttpResponseMessage response, ArrayBufferWriter<byte> bytes)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {(int)response.StatusCode} {response.ReasonPhrase}\r\n");
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            // The body is handed over whole: how it was cut on the wire says nothing any more.
            if (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase) || name.Equals("Connection", StringComparison.OrdinalIgnoreCase)) continue;
            foreach (var value in values) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }
        head.Append("\r\n");
        Encoding.Latin1.GetBytes(head.ToString(), bytes);
    }
}

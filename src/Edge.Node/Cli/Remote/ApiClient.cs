using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Edge.Node.Admin.Routes;

namespace Edge.Node.Cli.Remote;

/// <summary>The admin API of one node, as the commands use it: what it refuses becomes a <see cref="RemoteException"/> in its own words. Ends with <see cref="Dispose"/>.</summary>
internal sealed class ApiClient : IDisposable
{
    private const long AskFirstBytes = 64 << 10;

    private readonly HttpClient _http;
    private readonly ServerTrust _trust;

    public ApiClient(Uri url, string? token, ServerTrust trust)
    {
        _trust = trust;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = trust.Judge } }) { BaseAddress = url };
        if (token is { Length: > 0 }) _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
    }

    /// <summary>GET, the body as it came.</summary>
    public async Task<string> TextAsync(string path)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>GET, the body as bytes.</summary>
    public async Task<byte[]> BytesAsync(string path)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path));
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>GET.</summary>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type) => Read(await TextAsync(path), type);

    /// <summary>Whether a GET finds something.</summary>
    public async Task<bool> HasAsync(string path)
    {
        using var answer = await SendRawAsync(new HttpRequestMessage(HttpMethod.Get, path), HttpCompletionOption.ResponseContentRead);
        if (answer.StatusCode == HttpStatusCode.NotFound) return false;
        await CheckAsync(answer);
        return true;
    }

    /// <summary>POST of JSON.</summary>
    public async Task<TOut> PostAsync<TIn, TOut>(string path, TIn body, JsonTypeInfo<TIn> type, JsonTypeInfo<TOut> answerType) => Read(await PostTextAsync(path, body, type), answerType);

    /// <summary>POST of JSON, the answer's body as it came.</summary>
    public async Task<string> PostTextAsync<T>(string path, T body, JsonTypeInfo<T> type)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body, type), Encoding.UTF8, "application/json");
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>PUT of a file.</summary>
    public async Task PutAsync(string path, Stream bytes)
    {
        using var content = new StreamContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/wasm");
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = content });
    }

    /// <summary>DELETE.</summary>
    public async Task DeleteAsync(string path, ulong? version = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, path);
        if (version is { } expected) request.Headers.TryAddWithoutValidation("If-Match", $"\"{expected}\"");
        using var answer = await SendAsync(request);
    }

    /// <summary>A watch: server-sent events until the server or the caller ends it.</summary>
    public async IAsyncEnumerable<ServerEvent> WatchAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var answer = await SendRawAsync(new HttpRequestMessage(HttpMethod.Get, path), HttpCompletionOption.ResponseHeadersRead);
        await CheckAsync(answer);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        await foreach (var one in ServerEvent.ReadAsync(body, cancellation)) yield return one;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        var answer = await SendRawAsync(request, HttpCompletionOption.ResponseContentRead);
        await CheckAsync(answer);
        return answer;
    }

    private async Task<HttpResponseMessage> SendRawAsync(HttpRequestMessage request, HttpCompletionOption until)
    {
        try
        {
            if (_http.BaseAddress!.Scheme == "https") await _trust.MeetAsync();
            // A server that refuses a large body says why before it is sent; otherwise the connection breaks and the reason is lost.
            request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > AskFirstBytes;
            using (request) return await _http.SendAsync(request, until);
        }
        catch (HttpRequestException failure)
        {
            if (failure.GetBaseException() is RemoteException own) throw new RemoteException(own.Message, own.ExitCode, failure);
            throw new RemoteException(_trust.Refusal ?? $"No node answers at {_http.BaseAddress}: {failure.InnerException?.Message ?? failure.Message} Is it running ('edge up'), and is the address right (--server, EDGE_SERVER)?", EdgeCli.Failed, failure);
        }
        catch (TaskCanceledException late)
        {
            throw new RemoteException($"{_http.BaseAddress} did not answer {request.Method} {request.RequestUri} in {_http.Timeout.TotalSeconds} s. What was asked may still be carried out: look before you repeat it.", EdgeCli.Failed, late);
        }
    }

    private static async Task CheckAsync(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode) return;
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.Content.Headers.ContentType?.MediaType != "application/json")
            throw new RemoteException($"The server answered {(int)answer.StatusCode} {answer.ReasonPhrase}, not as an admin server of Edge does. Check the address.");
        var error = Read(text, ApiJson.Default.ErrorView);
        var findings = (error.Findings ?? []).Select(finding => $"{finding.File}:{finding.Line}:{finding.Column} {finding.Message}\n");
        throw new RemoteException(string.Concat(findings) + error.Message, error.Findings is { Count: > 0 } ? EdgeCli.BadUsage : EdgeCli.Failed);
    }

    private static T Read<T>(string text, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException mistake)
        {
            throw new RemoteException($"The server's answer is not what this version of edge understands: {mistake.Message} Use the same version as the node.", EdgeCli.Failed, mistake);
        }
    }
}

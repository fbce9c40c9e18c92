using System.Text;
using Edge.Wasm.HostFunctions;
using Edge.Wasm.Limits;
using Edge.Wasm.Tests.Scripts;

namespace Edge.Wasm.Tests.HostFunctions;

public sealed class HttpFetchTests
{
    [Fact]
    public void A_granted_host_and_port_is_asked_and_its_response_comes_back_as_bytes()
    {
        using var server = new LoopbackHttp((_, _) => LoopbackHttp.Text("HTTP/1.1 201 Created\r\nX-Kind: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
        using var host = new ScriptHost($"net:127.0.0.1:{server.Port}");
        var (code, response) = Fetch(host, $"POST http://127.0.0.1:{server.Port}/a?b=1 HTTP/1.1\r\nHost: forged.example\r\nX-From: guest\r\nContent-Length: 4\r\n\r\nbody");
        Assert.Equal("HTTP/1.1 201 Created\r\nX-Kind: test\r\n\r\nabcde", response);
        Assert.Equal(response.Length, code);
        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /a?b=1 HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"Host: 127.0.0.1:{server.Port}\r\n", request, StringComparison.Ordinal);
        Assert.Contains("X-From: guest\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("forged.example", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nbody", request, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_or_port_outside_the_grants_is_not_contacted()
    {
        using var server = new LoopbackHttp((_, _) => LoopbackHttp.Text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        using var host = new ScriptHost($"net:localhost:{server.Port}", "net:127.0.0.1:1");
        Assert.Equal(EdgeError.Denied, Fetch(host, $"GET http://127.0.0.1:{server.Port}/ HTTP/1.1\r\n\r\n").Code);
        Assert.Equal(["net"], host.Denials);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_redirect_is_handed_to_the_guest_and_not_followed()
    {
        using var elsewhere = new LoopbackHttp((_, _) => LoopbackHttp.Text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        using var server = new LoopbackHttp((_, _) => LoopbackHttp.Text($"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{elsewhere.Port}/\r\nContent-Length: 0\r\n\r\n"));
        using var host = new ScriptHost($"net:127.0.0.1:{server.Port}");
        Assert.StartsWith("HTTP/1.1 302 Found\r\n", Fetch(host, $"GET http://127.0.0.1:{server.Port}/ HTTP/1.1\r\n\r\n").Response, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public void A_server_that_does_not_answer_gives_a_timeout_before_the_deadline()
    {
        using var server = new LoopbackHttp(async (_, cancel) =>
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return [];
        });
        using var host = new ScriptHost($"net:127.0.0.1:{server.Port}");
        host.With(new ModuleLimits { Deadline = TimeSpan.FromMilliseconds(400) });
        Assert.Equal(EdgeError.Timeout, Fetch(host, $"GET http://127.0.0.1:{server.Port}/ HTTP/1.1\r\n\r\n").Code);
        Assert.True(host.Instance.Alive);
    }

    [Fact]
    public void An_endless_response_is_cut_at_the_room_that_the_guest_has()
    {
        using var server = new LoopbackHttp((_, _) => LoopbackHttp.Text("HTTP/1.1 200 OK\r\n\r\n" + new string('x', 4 << 20)));
        using var host = new ScriptHost($"net:127.0.0.1:{server.Port}");
        Assert.Equal(EdgeError.Limit, Fetch(host, $"GET http://127.0.0.1:{server.Port}/ HTTP/1.1\r\n\r\n").Code);
    }

    [Fact]
    public void A_refused_connection_and_a_server_that_speaks_no_HTTP_are_input_output_errors()
    {
        using var server = new LoopbackHttp((_, _) => LoopbackHttp.Text("220 mail.example ESMTP\r\n"));
        using var host = new ScriptHost($"net:127.0.0.1:{server.Port}");
        Assert.Equal(EdgeError.InputOutput, Fetch(host, $"GET http://127.0.0.1:{server.Port}/ HTTP/1.1\r\n\r\n").Code);
        server.Dispose();
        Assert.Equal(EdgeError.InputOutput, Fetch(host, $"GET http://127.0.0.1:{server.Port}/ HTTP/1.1\r\n\r\n").Code);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://a/ HTTP/1.0\r\n\r\n")]
    [InlineData("GET http://a/ HTTP/1.1\r\n")]
    [InlineData("GET ftp://a/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://user:pass@a/ HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT http://a/ HTTP/1.1\r\n\r\n")]
    [InlineData("G ET http://a/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://a/ HTTP/1.1\r\nno colon\r\n\r\n")]
    [InlineData("GET http://a/ HTTP/1.1\r\nX: a\nInjected: b\r\n\r\n")]
    [InlineData("GET http://a/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST http://a/ HTTP/1.1\r\nContent-Length: 3\r\n\r\nbody")]
    [InlineData("")]
    public void What_is_no_request_that_may_be_sent_is_invalid(string request)
    {
        using var host = new ScriptHost("net:a:80");
        Assert.Equal(EdgeError.Invalid, Fetch(host, request).Code);
        Assert.Empty(host.Denials);
    }

    private static (int Code, string Response) Fetch(ScriptHost host, string request)
    {
        var script = new Script();
        var buffer = script.Buffer(8_192);
        var result = host.Run(script.CallWithText("http_fetch", request, buffer, 8_192).Show(buffer, 8_192));
        Assert.Null(result.Fault);
        return (result.Results[0], Encoding.UTF8.GetString(result.Emitted[0]).TrimEnd('\0'));
    }
}

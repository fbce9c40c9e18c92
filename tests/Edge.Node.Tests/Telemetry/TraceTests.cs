using System.Text;
using System.Threading.Channels;
using Edge.Node.Tests.Hosting;
using Edge.Node.Tests.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Edge.Node.Tests.Telemetry;

/// <summary>A trace that a producer began goes through the node, and on to whoever subscribes.</summary>
public sealed class TraceTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task A_producers_trace_goes_on_through_the_module_to_the_output()
    {
        await using var collector = await Collector.StartAsync();
        using var folder = new NodeFolder().WithCounter();
        await using var node = await NodeProcess.StartAsync(folder, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        });
        var client = await node.ConnectAsync("client");
        var results = new MessageQueue(client);
        await client.SubscribeAsync("out/#", cancellationToken: TestContext.Current.CancellationToken);

        await client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic("in/a").WithPayload("x").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .WithUserProperty("seq", "1"u8.ToArray().AsMemory())
                .WithUserProperty("traceparent", Encoding.UTF8.GetBytes($"00-{TraceId}-b7ad6b7169203331-01").AsMemory())
                .WithUserProperty("tracestate", "rojo=00f067aa0ba902b7"u8.ToArray().AsMemory()).Build(),
            TestContext.Current.CancellationToken);

        var output = await results.NextAsync();
        Assert.Contains(TraceId, output.UserProperties.Single(property => property.Name == "traceparent").ReadValueAsString(), StringComparison.Ordinal);
        Assert.Equal("rojo=00f067aa0ba902b7", output.UserProperties.Single(property => property.Name == "tracestate").ReadValueAsString());
        await collector.SeesAsync(TraceId, "mqtt receive", "channel process", "module call", "mqtt publish");
    }

    /// <summary>Takes OTLP over HTTP and keeps the bytes: names and trace ids stand in them as they are.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _web;
        private readonly Channel<byte[]> _bodies = Channel.CreateUnbounded<byte[]>();

        private Collector()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.Services.AddRoutingCore();
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
            _web = builder.Build();
            _web.UseRouting();
            _web.MapPost("/v1/traces", async http =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                await _bodies.Writer.WriteAsync(body.ToArray());
            });
            _web.MapPost("/v1/metrics", _ => Task.CompletedTask);
        }

        public string Address => _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        public static async Task<Collector> StartAsync()
        {
            var collector = new Collector();
            await collector._web.StartAsync(TestContext.Current.CancellationToken);
            return collector;
        }

        /// <summary>Completes when spans of these names have come, in exports that hold the trace id.</summary>
        public async Task SeesAsync(string traceId, params string[] names)
        {
            var missing = names.ToHashSet(StringComparer.Ordinal);
            while (missing.Count > 0)
            {
                var body = await Patience.For(_bodies.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), $"spans {string.Join(", ", missing)}");
                if (body.AsSpan().IndexOf(Convert.FromHexString(traceId)) >= 0)
                {
                    missing.RemoveWhere(name => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0);
                }
            }
        }

        public async ValueTask DisposeAsync() => await _web.DisposeAsync();
    }
}

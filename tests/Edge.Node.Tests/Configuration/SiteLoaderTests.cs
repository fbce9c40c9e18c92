using System.Text;
using Edge.Actors.Channels;
using Edge.Messages.Tenants;
using Edge.Node.Configuration;
using Edge.Wasm.Instances;

namespace Edge.Node.Tests.Configuration;

public sealed class SiteLoaderTests
{
    [Theory]
    [InlineData("demo")]
    [InlineData("pipeline")]
    [InlineData("units")]
    public void Samples_have_no_mistakes(string sample)
    {
        var load = SiteLoader.Load([Path.Combine(Repository.Root, "samples", sample)]);
        Assert.Empty(load.Mistakes);
        Assert.NotNull(load.Site);
    }

    [Theory]
    [InlineData("samples")]
    [InlineData("sdk/c/example")]
    [InlineData("sdk/go/example")]
    [InlineData("sdk/assemblyscript/example")]
    public void Manifests_of_the_guests_have_no_mistakes_beside_files_that_are_not_built(string folder)
    {
        var load = SiteLoader.Load([Path.Combine(Repository.Root, "guests", folder)]);
        Assert.All(load.Mistakes, mistake => Assert.Contains("does not exist", mistake.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_demo_becomes_the_records_that_a_node_runs_on()
    {
        var site = SiteLoader.Load([Path.Combine(Repository.Root, "samples", "demo")]).Site!;
        var channel = Assert.Single(site.Channels);
        Assert.Equal("default/ecg", channel.Id.ToString());
        Assert.Equal(("demo/ecg", 360.0, 12), (channel.Topic, channel.RateHz, channel.Block.Count));
        Assert.Equal(("raw", 0.005, -5.12), (channel.Payload.Path, channel.Payload.Scale, channel.Payload.Offset));
        Assert.Equal(("t", "us", "seq"), (channel.Time.Field!.Path, channel.Time.Unit, channel.Sequence!.Path));
        var module = Assert.Single(site.Modules);
        Assert.Equal(["filtered", "beats", "rhythm"], module.Ports);
        Assert.True(File.Exists(module.File));
        Assert.Equal(TenantName.Default, Assert.Single(site.Tenants).Name);
    }

    [Fact]
    public void Fields_that_are_not_written_are_the_defaults_of_the_records()
    {
        var channel = Manifest.Load(Manifest.Module, Manifest.Channel).Site!.Channels[0];
        var defaults = new ChannelSpec { Id = channel.Id, Topic = channel.Topic, Module = channel.Module };
        Assert.Equal(defaults with { Key = channel.Key, Ports = channel.Ports }, channel with { Ports = channel.Ports });
        Assert.Equal(new PortSpec { Topic = "ecg/{key}/beats" }, channel.Ports["beats"]);
    }

    [Fact]
    public void Every_field_reaches_the_record()
    {
        var site = Manifest.Load(
            """
            apiVersion: edge/v1
            kind: Tenant
            metadata: {name: acme}
            spec: {limits: {memory: 32MiB, instances: 20}, capabilities: [log, "kv:1MiB"]}
            """,
            """
            apiVersion: edge/v1
            kind: Module
            metadata: {name: m, tenant: acme}
            spec:
              file: ecg.wasm
              config: {a: 1, b: [x, "2", 2.5, true, null], c: {d: no}}
              capabilities: [log, "kv:64KiB"]
              limits: {memory: 16 MiB, deadline: 0.1s, startDeadline: 1s, tableElements: 10, output: 2KiB, logLinesPerSecond: 5, instances: 7}
              ports: [a, b]
            """,
            """
            apiVersion: edge/v1
            kind: Channel
            metadata: {name: c, tenant: acme}
            spec:
              source:
                topic: in/#
                payload: {format: csv, column: 2, scale: 2, offset: -1, max: 1KiB}
                key: {column: 0}
                time: {property: t, unit: ns}
                sequence: {column: 1}
                lateTolerance: 2s
              rate: 1.5 kHz
              block: {every: 100ms}
              sampleType: f64
              module: m
              maxLiveKeys: 9
              ports: {a: {topic: "out/{topic.1}", format: csv, type: i32, qos: 2, retain: true}}
              queue: {max: 5, onFull: dropNewest}
              commit: {every: 20ms, readings: 3}
              deadLetters: {topic: dead, perSecond: 0}
            """).Site!;
        var (module, channel) = (site.Modules[0], site.Channels[0]);
        Assert.Equal("""{"a":1,"b":["x","2",2.5,true,null],"c":{"d":"no"}}""", Encoding.UTF8.GetString(module.Config.Span));
        Assert.Equal((16L << 20, 100.0, 1_000.0, 10, 2048, 5, 7), (module.Limits.MemoryMaxBytes, module.Limits.Deadline.TotalMilliseconds,
            module.Limits.StartDeadline.TotalMilliseconds, module.Limits.TableElementsMax, module.Limits.OutputMaxBytes, module.Limits.LogLinesPerSecond, module.Limits.InstancesMax));
        Assert.Equal(new PayloadSpec { Format = PayloadFormat.Csv, Column = 2, Scale = 2, Offset = -1, MaxBytes = 1024 }, channel.Payload);
        Assert.Equal(new KeySpec { Field = new FieldSpec { Column = 0 } }, channel.Key);
        Assert.Equal(new TimeSpec { Field = new FieldSpec { Property = "t" }, Unit = "ns" }, channel.Time);
        Assert.Equal(new FieldSpec { Column = 1 }, channel.Sequence);
        Assert.Equal((1500.0, TimeSpan.FromSeconds(2), SampleType.F64, 9), (channel.RateHz, channel.LateTolerance, channel.SampleType, channel.MaxLiveKeys));
        Assert.Equal(TimeSpan.FromMilliseconds(100), channel.Block.Every);
        Assert.Equal(new PortSpec { Topic = "out/{topic.1}", Format = PortFormat.Csv, Type = SampleType.I32, Qos = 2, Retain = true }, channel.Ports["a"]);
        Assert.Equal(new QueueSpec { Max = 5, OnFull = QueueFullPolicy.DropNewest }, channel.Queue);
        Assert.Equal(new CommitSpec { Every = TimeSpan.FromMilliseconds(20), Readings = 3 }, channel.Commit);
        Assert.Equal(new DeadLetterSpec { Topic = "dead", PerSecond = 0 }, channel.DeadLetters);
        Assert.Equal(["acme", "default"], site.Tenants.Select(tenant => tenant.Name.Value).Order());
    }

    [Fact]
    public void A_topic_may_feed_two_channels() =>
        Assert.Empty(Manifest.Mistakes(Manifest.Module, Manifest.Channel, Manifest.Channel.Replace("heart", "second", StringComparison.Ordinal)));

    [Fact]
    public void Json_with_tabs_is_read_like_yaml() =>
        Assert.Empty(Manifest.Mistakes("{\n\t\"apiVersion\": \"edge/v1\",\n\t\"kind\": \"Tenant\",\n\t\"metadata\": {\"name\": \"acme\"}\n}"));
}

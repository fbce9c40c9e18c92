namespace Edge.Node.Tests.Configuration;

/// <summary>What a person reads for each kind of mistake: the place and the words.</summary>
public sealed class MistakeTests
{
    [Theory]
    [InlineData("kind: Channel", "kind: Chanel", "2:7 kind is 'Chanel'; allowed: Tenant, Module, Channel. Did you mean 'Channel'?")]
    [InlineData("edge/v1", "edge/v2", "1:13 apiVersion is 'edge/v2'; allowed: edge/v1.")]
    [InlineData("name: heart", "name: Heart Rate", "3:18 metadata.name is 'Heart Rate'; allowed: 1–63 of a–z, 0–9 and '-', which neither begins nor ends it. Write 'heart-rate'.")]
    [InlineData("name: heart", "name: 208", "3:18 metadata.name is the number 208; text is wanted. Put it in quotes: \"208\".")]
    [InlineData("source:", "sorce:", "5:3 spec has no field 'sorce'; its fields are source, rate, block, sampleType, module, maxLiveKeys, ports, queue, commit, deadLetters, durability, placement, onPartition. Did you mean 'source'?")]
    [InlineData("module: ecg", "module: ecg\n  payload: {format: csv}", "7:3 spec has no field 'payload'; its fields are source, rate, block, sampleType, module, maxLiveKeys, ports, queue, commit, deadLetters, durability, placement, onPartition. It belongs to spec.source.")]
    [InlineData("module: ecg", "module: ecg\n  durability: replicate", "7:15 spec.durability is 'replicate'; allowed: local, replicated. Did you mean 'replicated'?")]
    [InlineData("module: ecg", "module: ecg\n  placement: {labels: [arm64]}", "7:24 spec.placement.labels[0] is 'arm64'; allowed: name=value such as arch=arm64")]
    [InlineData("module: ecg", "module: ecg\n  placement: {antiAffinity: [lung]}", "7:29 Channel 'heart' should run away from channel 'lung', which tenant 'default' does not have besides it.")]
    [InlineData("module: ecg", "module: egc", "6:11 Channel 'heart' names module 'egc', which tenant 'default' does not have. Its modules: ecg. Did you mean 'ecg'? Add a Module 'egc' or change spec.module.")]
    [InlineData("module: ecg", "module:", "6:3 spec.module has no value; allowed: 1–63 of")]
    [InlineData("module: ecg", "module: ecg\n  module: ecg", "7:3 'module' is written twice; the first is at ")]
    [InlineData("module: ecg", "module: [ecg]", "6:11 spec.module is a list; allowed: 1–63 of")]
    [InlineData("module: ecg", "module: ecg\n  rate: 36O", "7:9 spec.rate is '36O'; allowed: a rate 0 Hz–1000 kHz (Hz, kHz). The unit 'O' is not known; known are Hz, kHz.")]
    [InlineData("module: ecg", "module: ecg\n  commit: {every: 100}", "7:19 spec.commit.every is the number 100; allowed: a duration 10ms–1m (us, ms, s, m, h). Add the unit: us, ms, s, m, h.")]
    [InlineData("module: ecg", "module: ecg\n  commit: {every: 1h}", "7:19 spec.commit.every is '1h'; allowed: a duration 10ms–1m (us, ms, s, m, h).")]
    [InlineData("module: ecg", "module: ecg\n  block: {count: 0}", "7:18 spec.block.count is the number 0; allowed: a whole number 1–65536.")]
    [InlineData("module: ecg", "module: ecg\n  block: {count: 5, every: 1s}", "7:21 spec.block has count and every; exactly one of count, every is allowed. Remove the others.")]
    [InlineData("module: ecg", "module: ecg\n  sampleType: f23", "7:15 spec.sampleType is 'f23'; allowed: f32, f64, i32. Did you mean 'f32'?")]
    [InlineData("beats: {topic: ", "beats: {retain: yes, topic: ", "7:27 spec.ports.beats.retain is 'yes'; allowed: true or false. Write true.")]
    [InlineData("beats: {topic: ", "beats: {qos: 3, topic: ", "7:24 spec.ports.beats.qos is the number 3; allowed: a whole number 0–2.")]
    [InlineData("ports: {beats", "ports: {beatz", "7:11 Channel 'heart' sends port 'beatz', which module 'ecg' does not have. Its ports: filtered, beats. Did you mean 'beats'? Add it to spec.ports of Module 'ecg' or remove it here.")]
    [InlineData("ecg/+/raw", "ecg/#/raw", "5:19 spec.source.topic is 'ecg/#/raw', whose '#' is not the last level. Write 'ecg/#', or '+' for one level.")]
    [InlineData("ecg/+/raw", "ecg/a+/raw", "5:19 spec.source.topic is 'ecg/a+/raw', whose level 'a+' mixes a wildcard with text")]
    [InlineData("ecg/+/raw", "$SYS/+/raw", "5:19 spec.source.topic is '$SYS/+/raw', which begins with '$'; such topics belong to the broker.")]
    [InlineData("topicLevel: 1", "topicLevel: 0", "5:48 spec.source.key.topicLevel is 0, which is always 'ecg' in 'ecg/+/raw', so all readings would share one key. Choose a level with a wildcard: 1.")]
    [InlineData("topicLevel: 1", "topicLevel: 3", "5:48 spec.source.key.topicLevel is 3, but topics of 'ecg/+/raw' have the levels 0–2.")]
    [InlineData("ecg/{key}/beats", "ecg/{kay}/beats", "7:26 spec.ports.beats.topic is the text 'ecg/{kay}/beats', whose placeholder {kay} is not known; known are {key}, {topic} and {topic.N}. Did you mean 'key'?")]
    [InlineData("ecg/{key}/beats", "ecg/+/beats", "7:26 spec.ports.beats.topic is the text 'ecg/+/beats', which holds a wildcard")]
    [InlineData("ecg/{key}/beats", "ecg/{key}/raw", "7:26 spec.ports.beats.topic is 'ecg/{key}/raw', which feeds channel 'heart' itself: its source is 'ecg/+/raw'. Choose a topic outside of it.")]
    [InlineData("ecg/{key}/beats", "{topic}", "7:26 spec.ports.beats.topic is '{topic}', which feeds channel 'heart' itself")]
    [InlineData(", key: {topicLevel: 1}", "", "7:26 spec.ports.beats.topic is 'ecg/{key}/beats', but the channel has no key. Add spec.source.key or remove {key}.")]
    [InlineData("ecg/+/raw", "ecg/+/raw, payload: {format: bytes}", "5:48 Channel 'heart': module 'ecg' is of the kind stream, which takes numbers, but the payload's format is bytes.")]
    [InlineData("ecg/+/raw", "ecg/+/raw, payload: {format: i16, path: v}", "5:59 spec.source.payload.path is for the payload format json, but the format is i16.")]
    public void A_channel_mistake_is_named_with_place_value_and_remedy(string old, string replacement, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Manifest.ChannelMistakes(old, replacement)), StringComparison.Ordinal);

    [Theory]
    [InlineData("file: ecg.wasm", "file: egc.wasm", "13:9 Module 'ecg': the file 'egc.wasm' (", "does not exist.")]
    [InlineData("file: ecg.wasm", "file: ../ABI.md", "13:9 Module 'ecg': the file '../ABI.md' (", "is no WebAssembly file")]
    [InlineData("ports:", "capabilities: [kv:2MiB]\n  ports:", "14:18 Module 'ecg' asks for 'kv:2MiB'; tenant 'default' allows log, metric, clock, random, kv:1MiB, fs.", "Tenant 'default'")]
    [InlineData("ports:", "capabilities: [lgo]\n  ports:", "14:18 spec.capabilities[0] is no capability. ", "Did you mean 'log'?")]
    [InlineData("ports:", "limits: {memory: 128MiB}\n  ports:", "14:20 Module 'ecg' asks for memory 128MiB; tenant 'default' allows 64MiB.", "raise spec.limits.memory of Tenant 'default'.")]
    [InlineData("ports:", "limits: {memory: 64KB}\n  ports:", "14:20 spec.limits.memory is '64KB'; allowed: a size 64KiB–2GiB", "Did you mean 'KiB'?")]
    [InlineData("{name: ecg}", "{name: ecg, tenant: acme}", "11:31 Module 'ecg' belongs to tenant 'acme', which is not declared. Declared tenants: default.", "")]
    [InlineData("ports: [filtered, beats]", "ports: [filtered, beats, beats]", "14:28 spec.ports[2] is 'beats', which is listed already.", "")]
    [InlineData("ports: [filtered, beats]", "ports: beats", "14:10 spec.ports is 'beats'; allowed: a list", "Write [beats].")]
    public void A_module_mistake_is_named_with_place_value_and_remedy(string old, string replacement, string begin, string within)
    {
        var mistakes = Manifest.Mistakes(Manifest.Channel, Manifest.Module.Replace(old, replacement, StringComparison.Ordinal));
        Assert.Contains(mistakes, mistake => mistake.StartsWith(begin, StringComparison.Ordinal) && mistake.Contains(within, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_of_all_documents_come_at_once() =>
        Assert.Equal(["6:11", "7:50", "11:18", "12:8", "15:1"], Manifest.Mistakes(
            Manifest.Channel.Replace("module: ecg", "module: egc", StringComparison.Ordinal).Replace("beats\"", "beats\", qos: 9", StringComparison.Ordinal),
            "apiVersion: edge/v1\nkind: Tenant\nmetadata: {name: 'A'}\nspec: {limit: {}}",
            "a:\n\tthis: is no YAML").Select(mistake => mistake.Split(' ')[0]));

    [Fact]
    public void A_name_declared_twice_names_both_places() =>
        Assert.Matches("^10:18 Module 'ecg' is declared already at .*site.yaml:3:18 for tenant 'default'. Rename or remove one of them.$",
            Assert.Single(Manifest.Mistakes(Manifest.Module, Manifest.Module)));

    [Fact]
    public void A_circle_of_channels_is_a_mistake_of_each() =>
        Assert.All(
            Manifest.Mistakes(Manifest.Module, Link("one", "a", "b"), Link("two", "b", "c"), Link("three", "c", "a")),
            mistake => Assert.Contains("Choose a topic that ends the circle.", mistake, StringComparison.Ordinal));

    [Fact]
    public void A_module_that_may_publish_to_its_channels_source_is_a_mistake()
    {
        var mistakes = Manifest.Mistakes(
            "apiVersion: edge/v1\nkind: Tenant\nmetadata: {name: default}\nspec: {capabilities: ['mqtt:pub:#']}",
            Manifest.Module.Replace("ports:", "capabilities: ['mqtt:pub:a/#']\n  ports:", StringComparison.Ordinal), Link("one", "a/b", "c"), Link("two", "d", "e"));

        Assert.EndsWith(
            "The publish filter of module 'ecg' is 'a/#', which feeds channel 'one' itself: its source is 'a/b'. Choose a topic outside of it.", Assert.Single(mistakes), StringComparison.Ordinal);
    }

    private static string Link(string name, string from, string to) =>
        $"apiVersion: edge/v1\nkind: Channel\nmetadata: {{name: {name}}}\nspec: {{source: {{topic: {from}}}, module: ecg, ports: {{beats: {{topic: {to}}}}}}}";
}

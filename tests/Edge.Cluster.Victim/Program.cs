using System.Globalization;
using System.Net;
using Edge.Cluster.Book;
using Edge.Cluster.Raft;
using Edge.Cluster.Victim;
using Edge.Messages.Book;
using Edge.Messages.Site;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

// One voter of a test site: `victim NAME FOLDER ADDRESSES [snapshot-every=N] [patience=S] [slow-snapshot=MS] [log=LEVEL]`. Opens the log in FOLDER if there is one, then does what standard input says, a line at a time, many at once; the answer to
// `ID VERB …` is a line `ID ok …` or `ID no WHY`:
//   found              makes the log of a new site
//   put KEY VALUE      appends; ok INDEX
//   get KEY            linearizable read; ok VALUE, or ok - if there is none
//   report             ok, then the voter report as JSON
//   add|remove NODE    a change by the rules
//   rawadd NODE        the library's own change, without seeding: what defect 1 needs
//   rawseed A,B        seeds this node with a list, as the leader's call does
//   keep A+,B-         runs the voter plan over these nodes, alive or not, from now on, whenever this node leads
//   rawempty           opens an empty log with an empty list: a joiner that was not seeded
//   resign             stops leading
//   state              ok KEY=VALUE … of what is applied here
// Lines `leads TERM`, `follows` and `voters VERSION A,B` come when that changes; `step STEP | OUTCOME` when the voter plan did something. The end of the input closes the log in order.
var (name, folder) = (args[0], args[1]);
string Option(string option, string otherwise) => args.Select(arg => arg.Split('=')).FirstOrDefault(pair => pair[0] == option)?[1] ?? otherwise;
var addresses = new AddressFolder(args[2]);
using var transport = new LoopbackTransport(addresses);
var calls = new Calls(addresses);
using var loggers = LoggerFactory.Create(logging => logging
    .SetMinimumLevel(Enum.Parse<LogLevel>(Option("log", "None")))
    .AddSimpleConsole(console => { console.SingleLine = true; console.TimestampFormat = "HH:mm:ss.fff "; })
    .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
var options = new RaftBookOptions(folder, name)
{
    SnapshotEveryEntries = int.Parse(Option("snapshot-every", "4096"), CultureInfo.InvariantCulture),
    Patience = TimeSpan.FromSeconds(double.Parse(Option("patience", "10"), CultureInfo.InvariantCulture)),
};
var planOptions = new VoterPlanOptions { ChangeWithin = TimeSpan.FromSeconds(5) };
var authority = Path.Combine(Path.GetDirectoryName(folder)!, $"{name}.authority");
Directory.CreateDirectory(Path.GetDirectoryName(authority)!);
var peers = new VotingPeers(calls.To);
await using var seat = new VoterSeat(
    options, new RaftTransport(transport, transport), VotingPeers.Forwarding(calls.To),
    async (wrapped, cancellation) => await File.WriteAllBytesAsync(authority, wrapped, cancellation), TimeProvider.System, loggers);
var saying = new Lock();
VoterChange? change = null;
var callPort = 0;
string[] kept = [];
var saidStep = "";
seat.Changed = book =>
{
    if (book is not null)
        Took(book);
    return Task.CompletedTask;
};

void Took(RaftBook book)
{
    addresses.Announce(name, transport.Port, callPort);
    change = new VoterChange(book, peers, async cancellation => File.Exists(authority) ? await File.ReadAllBytesAsync(authority, cancellation) : ReadOnlyMemory<byte>.Empty, planOptions, TimeProvider.System);
    book.LeadershipChanged += leadership => Say(leadership.Leads ? $"leads {leadership.Term}" : "follows");
    if (int.Parse(Option("slow-snapshot", "0"), CultureInfo.InvariantCulture) is > 0 and var slow)
        book.Watch(new SlowSnapshot(TimeSpan.FromMilliseconds(slow)).Take);
    book.VotersChanged += SayVoters;
    SayVoters(book.Voters);
    if (book.Leadership.Leads)
        Say($"leads {book.Leadership.Term}");
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
builder.Services.AddGrpc();
builder.Services.AddSingleton(seat);
await using var app = builder.Build();
app.MapGrpcService<VotingService>();
app.MapGrpcService<BookCalls>();
await app.StartAsync();
callPort = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
await seat.OpenAsync(CancellationToken.None);
addresses.Announce(name, transport.Port, callPort);
Say("ready");
while (await Console.In.ReadLineAsync() is { } line)
{
    var words = line.Split(' ');
    _ = Task.Run(() => AnswerAsync(words[0], words[1], words[2..]));
}

void SayVoters(VoterList voters) => Say($"voters {voters.Version} {string.Join(',', voters.Names)}");

async Task KeepAsync(CancellationToken cancellation)
{
    using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
    while (await timer.WaitForNextTickAsync(cancellation))
    {
        if (seat.Book is not { Leadership.Leads: true } book)
            continue;
        try
        {
            var nodes = kept.Select(node => new VoterCandidate(node[..^1], true, node[^1] == '+', TimeSpan.FromHours(1))).ToList();
            if (await new VoterRound(book, peers, change!, planOptions, TimeProvider.System).RunAsync(nodes, cancellation) is { Step: not VoterStep.None } done && saidStep != $"{done.Step}")
                Say($"step {saidStep = $"{done.Step}"} | {done.Outcome}");
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Say($"step lost {lost.Message}");
        }
    }
}

void Say(string line)
{
    lock (saying)
        Console.WriteLine(line);
}

async Task AnswerAsync(string id, string verb, string[] words)
{
    try
    {
        Say($"{id} ok {await DoAsync(verb, words)}");
    }
    catch (Exception why) when (why is IOException or InvalidOperationException or OperationCanceledException or DotNext.Net.Cluster.Consensus.Raft.NotLeaderException)
    {
        Say($"{id} no {why.GetType().Name} {why.Message.ReplaceLineEndings(" ")}");
    }
}

async Task<string> DoAsync(string verb, string[] words)
{
    if (verb == "found")
    {
        new LogFolder(folder).Found(name);
        await File.WriteAllBytesAsync(authority, "wrapped"u8.ToArray());
        await seat.OpenAsync(CancellationToken.None);
        var node = new NodeRecord { Name = name, KeyFingerprint = ByteString.CopyFrom(new byte[32]), MayVote = true };
        var site = new SiteRecord { Id = ByteString.CopyFrom(new byte[16]), Name = "test", Incarnation = 1 };
        return Index(await Held().AppendAsync(new BookCommand { Who = name, FoundSite = new FoundSite { Site = site, Node = node } }, CancellationToken.None));
    }
    if (verb == "keep")
    {
        var first = kept.Length == 0;
        kept = words[0].Split(',');
        if (first)
            _ = Task.Run(() => KeepAsync(CancellationToken.None));
        return "";
    }
    if (verb == "rawempty")
    {
        Directory.CreateDirectory(folder);
        VoterListStore.Place(Path.Combine(folder, "voters"), VoterList.Empty);
        await seat.OpenAsync(CancellationToken.None);
        return "";
    }
    if (verb == "report")
        return JsonFormatter.Default.Format(seat.Report());
    if (verb == "rawseed")
        return JsonFormatter.Default.Format(await seat.SeedAsync(new VoterListNotice { Leader = "test", Voters = { words[0].Split(',') } }, CancellationToken.None));
    switch (verb)
    {
        case "put":
            return Index(await Held().AppendAsync(Put(words[0], words[1]), CancellationToken.None));
        case "get":
            return Value(await Held().ReadAsync(CancellationToken.None), words[0]);
        case "state":
            return string.Join(' ', Held().Current.Resources.Select(pair => $"{pair.Key.Name}={pair.Value.Document.ToStringUtf8()}"));
        case "add":
            return (await change!.RunAsync(new VoterStep.Add(words[0]), CancellationToken.None)).ToString();
        case "remove":
            return (await change!.RunAsync(new VoterStep.Remove(words[0], "test"), CancellationToken.None)).ToString();
        case "rawadd":
            return (await Held().AddVoterAsync(words[0], CancellationToken.None)).ToString();
        case "resign":
            return (await change!.RunAsync(new VoterStep.Resign("test"), CancellationToken.None)).ToString();
        default:
            throw new InvalidOperationException($"'{verb}' is not a verb of this program");
    }
}

RaftBook Held() => seat.Book ?? throw new IOException($"{name} holds no log");

static BookCommand Put(string key, string value) => new()
{
    Who = "test",
    ApplyResources = new ApplyResources { Edits = { new ResourceEdit { Resource = new Resource { Kind = "Register", Tenant = "default", Name = key, Document = ByteString.CopyFromUtf8(value) } } } },
};

static string Value(BookState state, string key) => state.Resources.GetValueOrDefault(new ResourceId("Register", "default", key))?.Document.ToStringUtf8() ?? "-";

static string Index(BookOutcome outcome) =>
    outcome.Refusals.Count == 0 ? outcome.Index.ToString(CultureInfo.InvariantCulture) : throw new InvalidOperationException(outcome.Refusals[0].Message);

/// <summary>Holds the answer to the first snapshot back, as a slow disk does.</summary>
internal sealed class SlowSnapshot(TimeSpan hold)
{
    private bool _held;

    public void Take(BookChange change)
    {
        if (change.Command is not null || _held)
            return;
        _held = true;
        Thread.Sleep(hold);
    }
}

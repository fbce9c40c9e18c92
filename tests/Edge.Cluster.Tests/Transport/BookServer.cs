using System.Net;
using Edge.Cluster.Book;
using Edge.Cluster.Tests.Book;
using Edge.Cluster.Transport;
using Edge.Messages.Site;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Edge.Cluster.Tests.Transport;

/// <summary>A node's Membership service on loopback. The caller's name comes in a header, where the real transport takes it from the certificate.</summary>
internal sealed class BookServer : IAsyncDisposable, ILeaseDesk
{
    private readonly WebApplication _app;
    private readonly BookFeed _feed;

    private BookServer(LedBook book, WebApplication app, BookFeed feed) => (Book, _app, _feed) = (book, app, feed);

    public LedBook Book { get; }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public int Followers => _feed.Followers;

    public static async Task<BookServer> StartAsync(LedBook book, int entriesMax = 4096, int port = 0)
    {
        var feed = new BookFeed(book, TimeProvider.System, new BookFeedOptions { EntriesMax = entriesMax });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        BookServer? server = null;
        builder.Services.AddSingleton(_ => new MembershipService(book, feed, server!, call => call.RequestHeaders.GetValue("peer")));
        var app = builder.Build();
        server = new BookServer(book, app, feed);
        app.MapGrpcService<MembershipService>();
        await app.StartAsync();
        return server;
    }

    public RenewReply Renew(RenewRequest request, string peer) => new() { Granted = true, LeaseMs = 1000, Reason = peer };

    public IReadOnlyList<MemberSight> Look() => [];

    public async ValueTask DisposeAsync()
    {
        _feed.Dispose();
        await _app.DisposeAsync();
    }
}

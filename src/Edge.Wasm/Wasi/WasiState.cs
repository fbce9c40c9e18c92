using Edge.Wasm.Capabilities;
using Edge.Wasm.Instances;
using Microsoft.Extensions.Logging;

namespace Edge.Wasm.Wasi;

/// <summary>What WASI keeps for one instance: descriptors, opened folders, pending output. Made on first use, disposed with the instance.</summary>
internal sealed partial class WasiState : IDisposable
{
    /// <summary>For the instance behind <paramref name="guest"/>: stdio as 0, 1 and 2, then a preopen for each granted folder, in order.</summary>
    public WasiState(GuestContext guest)
    {
        var options = guest.Options;
        Clock = new GuestClock(guest.Time, guest.Grants.Clock);
        Arguments = [options.Module, .. options.Arguments];
        Open(new InputDescriptor(guest));
        Open(options.Output is { } output ? new OutputDescriptor(guest, output) : new LogDescriptor(guest, LogLevel.Information));
        Open(new LogDescriptor(guest, LogLevel.Warning));
        foreach (var grant in guest.Grants.Folders) Preopen(options, grant);
    }

    public DescriptorTable Descriptors { get; } = new();

    public GuestClock Clock { get; }

    /// <summary>argv: the module's name, then a command's arguments.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <inheritdoc/>
    public void Dispose() => Descriptors.Dispose();

    private void Preopen(InstanceOptions options, FileCapability grant)
    {
        var error = "the tenant has no folder for files";
        if (options.FilesRoot is { } root && GrantedFolder.Open(root, grant.Folder!, out error) is { } folder)
            Open(new OpenFolder(folder, grant.Writable, grant.Folder));
        else
            FolderClosed(options.Log, options.Module, grant.ToString(), error);
    }

    private void Open(Descriptor descriptor) => Descriptors.TryAdd(descriptor, out _);

    [LoggerMessage(1052, LogLevel.Warning, "{Module}: the granted folder {Grant} cannot be opened and is not there for the guest: {Reason}")]
    private static partial void FolderClosed(ILogger log, string module, string grant, string reason);
}

using Edge.Messages.Modules;
using Edge.Messages.Site;
using Google.Protobuf;
using Grpc.Core;

namespace Edge.Cluster.Transport;

/// <summary>Gives the bytes of modules to nodes of the site. Who gets them checks the digest; nothing here has to be believed.</summary>
/// <param name="open">Opens a module's bytes for reading; null if they are not here.</param>
public sealed class ModuleBytesService(Func<ModuleDigest, Stream?> open) : ModuleBytes.ModuleBytesBase
{
    private const int PartBytes = 256 << 10;

    /// <inheritdoc/>
    public override async Task Fetch(FetchModule request, IServerStreamWriter<ModulePart> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Digest.Length != 64 || !request.Digest.All(char.IsAsciiHexDigitLower) || request.Offset < 0)
            throw new RpcException(new(StatusCode.InvalidArgument, "A module is asked for by 64 lower-case hexadecimal digits and an offset of 0 or more."));
        await using var bytes = open(new ModuleDigest(request.Digest)) ?? throw new RpcException(new(StatusCode.NotFound, $"Module sha256:{request.Digest[..8]}… is not on this node."));
        bytes.Seek(Math.Min(request.Offset, bytes.Length), SeekOrigin.Begin);
        var buffer = new byte[PartBytes];
        while (await bytes.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.CancellationToken) is > 0 and var read)
            await responseStream.WriteAsync(new() { Total = bytes.Length, Bytes = ByteString.CopyFrom(buffer, 0, read) }, context.CancellationToken);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Edge.Messages.Tenants;
using Edge.Node.Mqtt.Framing;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Edge.Node.Mqtt;

/// <summary>
/// One client's connection, as the library's transport: frames packets under the broker's limits, passes what comes in through <see cref="InboundPackets"/> and what
/// goes out through <see cref="OutboundPackets"/>, and writes in batches. Ends when the peer closes, breaks the protocol or a limit, or the broker says so;
/// a client of MQTT 5 is then told the reason.
/// </summary>
internal sealed class MqttConnection : IMqttChannelAdapter
{
    private const int CleanSession = 0x02;
    private const int LingerBytes = 4 << 20;
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly BrokerParts _broker;
    private readonly PacketReader _reader;
    private readonly PacketWriter _writer;
    private readonly InboundPackets _inbound;
    private readonly OutboundPackets _outbound;
    private readonly SemaphoreSlim _encoding = new(1);
    private Task _acknowledging = Task.CompletedTask;
    private int _disposed;

    public MqttConnection(Socket socket, BrokerParts broker)
    {
        _socket = socket;
        _broker = broker;
        RemoteEndPoint = socket.RemoteEndPoint!;
        LocalEndPoint = socket.LocalEndPoint!;
        _reader = new(ReceiveAsync) { MaxBytes = broker.Options.MaxConnectBytes };
        _writer = new(SendAsync, Close, broker.Options.SendStall, broker.Time);
        _inbound = new(broker, this);
        _outbound = new(broker, this);
    }

    /// <summary>Set by <see cref="SignedIn"/>.</summary>
    public TenantName Tenant { get; private set; }

    /// <summary>The client's id as it wrote it, or as the broker assigned it.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>Null until sign-in.</summary>
    public ClientSession? Session { get; private set; }

    /// <summary>The CONNECT, once it came.</summary>
    public MqttConnectPacket? Connect { get; set; }

    /// <summary>Intake sequences that PUBACKs wait for.</summary>
    public PendingAcknowledgements Pending { get; } = new();

    /// <summary>Called when the client has signed in.</summary>
    public Action? OnSignedIn { get; init; }

    /// <inheritdoc/>
    public EndPoint RemoteEndPoint { get; }

    /// <inheritdoc/>
    public EndPoint LocalEndPoint { get; }

    /// <inheritdoc/>
    public MqttPacketFormatterAdapter PacketFormatterAdapter { get; } = new(new MqttBufferWriter(512, 16 << 10));

    /// <inheritdoc/>
    public bool IsSecureConnection => false;

    /// <inheritdoc/>
    public X509Certificate2? ClientCertificate => null;

    /// <inheritdoc/>
    public long BytesReceived { get; private set; }

    /// <inheritdoc/>
    public long BytesSent { get; private set; }

    private bool SpeaksMqtt5 => PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500;

    /// <summary>The client is who it says: larger packets are read from now on.</summary>
    public void SignedIn(TenantName tenant, string clientId, ClientSession session)
    {
        (Tenant, ClientId, Session) = (tenant, clientId, session);
        _reader.MaxBytes = _broker.Options.MaxPacketBytes;
        OnSignedIn?.Invoke();
    }

    /// <inheritdoc/>
    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var inbound = await ReadAsync(cancellationToken);
                if (inbound is Inbound.Accepted read)
                {
                    inbound = await _inbound.AcceptAsync(read.Packet, cancellationToken);
                }

                switch (inbound)
                {
                    case Inbound.Accepted accepted:
                        return accepted.Packet;
                    case Inbound.Refused refused:
                        await RefuseAsync(refused.Why);
                        return null;
                    case Inbound.Closed:
                        return null;
                }
            }
        }
        catch (IOException)
        {
            // The peer is gone in the middle of an answer: for the library that is the end of the stream.
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        _outbound.Prepare(packet);
        if (_outbound.CommitPointOf(packet) is { } sequence)
        {
            // Waited for here and not on the inbound side, where each message would wait for a flush of its own; and beside the
            // library's send loop, so that a slow disk holds back acknowledgements only.
            _acknowledging = AcknowledgeAsync(_acknowledging, sequence, packet);
            return;
        }

        await WriteAsync(packet, cancellationToken);
    }

    /// <summary>Encodes and queues a packet as it is.</summary>
    public async ValueTask WriteAsync(MqttPacket packet, CancellationToken cancellation)
    {
        await _encoding.WaitAsync(cancellation);
        ValueTask added;
        try
        {
            var encoded = PacketFormatterAdapter.Encode(packet);
            BytesSent += encoded.Length;
            added = _writer.AddAsync(encoded.Packet, encoded.Payload);
        }
        finally
        {
            PacketFormatterAdapter.Cleanup();
            _encoding.Release();
        }

        await (added.IsCompletedSuccessfully ? Task.CompletedTask : added.AsTask().WaitAsync(cancellation));
    }

    /// <inheritdoc/>
    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        // What the broker still had to say (a CONNACK that refuses, a DISCONNECT with its reason) goes out before the socket closes.
        await _writer.DrainedAsync();
        Close();
    }

    /// <inheritdoc/>
    public void ResetStatistics() => (BytesReceived, BytesSent) = (0, 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Close();
            _encoding.Dispose();
        }
    }

    private async Task AcknowledgeAsync(Task earlier, long sequence, MqttPacket acknowledgement)
    {
        var flushed = _broker.TryFlushAsync(sequence);
        try
        {
            await earlier;
            if (await flushed)
            {
                await WriteAsync(acknowledgement, CancellationToken.None);
                return;
            }

            await TellAsync(PeerRefusal.IntakeUnavailable);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The client went away before its acknowledgement; it will send the message again.
        }

        Close();
    }

    private async ValueTask<Inbound> ReadAsync(CancellationToken cancellation)
    {
        var read = await _reader.ReadAsync(cancellation);
        switch (read.Outcome)
        {
            case PacketReadOutcome.Closed:
                return Inbound.Closed.Instance;
            case PacketReadOutcome.TooLarge:
                return new Inbound.Refused(PeerRefusal.TooLarge($"packet of {read.AnnouncedBytes} bytes", _reader.MaxBytes));
            case PacketReadOutcome.Malformed:
                return new Inbound.Refused(PeerRefusal.Malformed("The remaining length takes more than four bytes."));
        }

        BytesReceived += read.Packet.TotalLength;
        return Decode(read.Packet);
    }

    private Inbound Decode(ReceivedMqttPacket received)
    {
        try
        {
            if (PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.Unknown)
            {
                if (received.FixedHeader != (byte)MqttControlPacketType.Connect << 4)
                {
                    return new Inbound.Refused(PeerRefusal.Protocol("The first packet is no CONNECT."));
                }

                PacketFormatterAdapter.DetectProtocolVersion(received);
                if (PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V311 && LacksIdentifier(received.Body))
                {
                    return new Inbound.Refused(PeerRefusal.IdentifierRejected);
                }
            }

            var packet = PacketFormatterAdapter.Decode(received);
            return packet is null ? new Inbound.Refused(PeerRefusal.Malformed("The packet has an unknown type.")) : new Inbound.Accepted(packet);
        }
        catch (Exception failure) when (failure is MqttProtocolViolationException or ArgumentException or IndexOutOfRangeException or NotSupportedException
            or InvalidOperationException or FormatException or OverflowException)
        {
            // The library's decoder meets malformed input with whatever its reading of the buffer ran into.
            return new Inbound.Refused(PeerRefusal.Malformed(failure.Message));
        }
    }

    // Ten bytes of protocol name, level, flags and keep-alive (MQTT 3.1.1 §3.1.2), then the id. The library's decoder would call it malformed, and the client would get no answer.
    private static bool LacksIdentifier(ReadOnlySpan<byte> connect) => connect is [_, _, _, _, _, _, _, var flags, _, _, 0, 0, ..] && (flags & CleanSession) == 0;

    private async Task RefuseAsync(PeerRefusal refusal)
    {
        await TellAsync(refusal);
        if (Session is not null)
        {
            await LingerAsync();
        }
    }

    private async Task TellAsync(PeerRefusal refusal)
    {
        _broker.Refused(this, refusal);
        if (Session is not null && SpeaksMqtt5)
        {
            await WriteAsync(new MqttDisconnectPacket { ReasonCode = refusal.Reason, ReasonString = refusal.Message }, CancellationToken.None);
        }

        if (refusal.ConnectAnswer is { } code)
        {
            await WriteAsync(new MqttConnAckPacket { ReturnCode = code }, CancellationToken.None);
        }

        await _writer.DrainedAsync();
    }

    // Closing with unread bytes resets the connection, and the peer may lose the reason that was sent to it: read what it still sends, for a short while.
    private async Task LingerAsync()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            using var patience = new CancellationTokenSource(LingerTime, _broker.Time);
            var discarded = new byte[16 << 10];
            for (var left = LingerBytes; left > 0;)
            {
                var read = await ReceiveAsync(discarded, patience.Token);
                left = read == 0 ? 0 : left - read;
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It hung up first, or goes on sending: either way it is closed now.
        }
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, cancellation);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await _socket.SendAsync(bytes)..];
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            throw new IOException("The client is gone.", gone);
        }
    }

    private void Close() => _socket.Dispose();
}

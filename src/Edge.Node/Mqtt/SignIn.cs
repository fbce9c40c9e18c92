using System.Net;
using System.Security.Cryptography;
using Edge.Messages.Tenants;
using Edge.Node.Mqtt.Devices;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Edge.Node.Mqtt;

/// <summary>Decides about a CONNECT: who the client is, whose topics it sees, and which session it gets.</summary>
internal sealed class SignIn(BrokerParts broker, DeviceAuthenticator devices)
{
    private const int MaxClientIdLength = 256;

    /// <summary>Answers the library's question whether the client may connect.</summary>
    public async Task ValidateAsync(ValidatingConnectionEventArgs asked)
    {
        var connection = (MqttConnection)asked.ChannelAdapter;
        var connect = connection.Connect!;
        var (tenant, refusal) = await AuthenticateAsync(connect, ((IPEndPoint)connection.RemoteEndPoint).Address);
        asked.ReasonCode = refusal ?? (NameClient(connect, asked) ? OpenSession(connection, tenant, connect) : MqttConnectReasonCode.ClientIdentifierNotValid);
        if (asked.ReasonCode != MqttConnectReasonCode.Success)
        {
            asked.AssignedClientIdentifier = null;
            broker.Metrics.ConnectionRejected(Kind(asked.ReasonCode));
        }
    }

    private async Task<(TenantName Tenant, MqttConnectReasonCode? Refusal)> AuthenticateAsync(MqttConnectPacket connect, IPAddress address)
    {
        if (string.IsNullOrEmpty(connect.Username))
        {
            return broker.Options.RequireCredentials
                ? (default, MqttConnectReasonCode.NotAuthorized)
                : (TenantName.Default, null);
        }

        return await devices.AuthenticateAsync(connect.Username, connect.Password ?? [], address) switch
        {
            Authentication.Accepted accepted => (accepted.Tenant, null),
            // Throttled has no code in MQTT 3.1.1, and for the one of MQTT 5 the library would send "unacceptable protocol version" there.
            Authentication.Busy or Authentication.Throttled => (default, MqttConnectReasonCode.ServerBusy),
            _ => (default, MqttConnectReasonCode.BadUserNameOrPassword),
        };
    }

    // The id of a client that names none is ours (MQTT 5 §3.1.3.1); in MQTT 3.1.1 only with a clean session (§3.1.3.1).
    private static bool NameClient(MqttConnectPacket connect, ValidatingConnectionEventArgs asked)
    {
        if (string.IsNullOrEmpty(connect.ClientId))
        {
            if (asked.ProtocolVersion != MqttProtocolVersion.V500 && !connect.CleanSession)
            {
                return false;
            }

            connect.ClientId = $"edge-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
            asked.AssignedClientIdentifier = asked.ProtocolVersion == MqttProtocolVersion.V500 ? connect.ClientId : null;
        }

        return connect.ClientId.Length <= MaxClientIdLength && !connect.ClientId.Any(char.IsControl);
    }

    private MqttConnectReasonCode OpenSession(MqttConnection connection, TenantName tenant, MqttConnectPacket connect)
    {
        var clientId = connect.ClientId;
        connect.ClientId = TenantMount.Mount(tenant, clientId);
        if (broker.Sessions.Open(connect.ClientId, connect.CleanSession) is not { } session)
        {
            return MqttConnectReasonCode.ServerBusy;
        }

        if (connect.WillFlag)
        {
            connect.WillTopic = TenantMount.Mount(tenant, connect.WillTopic);
        }

        connection.SignedIn(tenant, clientId, session);
        return MqttConnectReasonCode.Success;
    }

    private static string Kind(MqttConnectReasonCode reason) => reason switch
    {
        MqttConnectReasonCode.NotAuthorized => "no_credentials",
        MqttConnectReasonCode.BadUserNameOrPassword => "bad_credentials",
        MqttConnectReasonCode.ServerBusy => "busy",
        _ => "bad_client_id",
    };
}

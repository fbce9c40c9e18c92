using MQTTnet.Protocol;

namespace Edge.Node.Mqtt;

/// <summary>Why the broker ends a client's connection.</summary>
/// <param name="Reason">Sent to clients of MQTT 5.</param>
/// <param name="Kind">Bounded name for the metric.</param>
/// <param name="Message">For people: sent to clients of MQTT 5, and logged.</param>
/// <param name="ConnectAnswer">Return code of the CONNACK that a client of MQTT 3.1.1 gets, where the protocol has one.</param>
internal sealed record PeerRefusal(MqttDisconnectReasonCode Reason, string Kind, string Message, MqttConnectReturnCode? ConnectAnswer = null)
{
    public static PeerRefusal TooLarge(string what, int limit) =>
        new(MqttDisconnectReasonCode.PacketTooLarge, "too_large", $"A {what} is above the limit of {limit} bytes.");

    public static PeerRefusal Malformed(string message) => new(MqttDisconnectReasonCode.MalformedPacket, "malformed", message);

    public static PeerRefusal Protocol(string message) => new(MqttDisconnectReasonCode.ProtocolError, "protocol", message);

    public static PeerRefusal TopicInvalid(string message) => new(MqttDisconnectReasonCode.TopicNameInvalid, "topic_invalid", message);

    public static PeerRefusal AliasInvalid(int alias) =>
        new(MqttDisconnectReasonCode.TopicAliasInvalid, "topic_alias", $"Topic alias {alias} is unknown or out of range. Allowed: 1 to {TopicAliases.Max}.");

    public static PeerRefusal IdentifierRejected { get; } = new(
        MqttDisconnectReasonCode.ProtocolError, "no_client_id", "A CONNECT of MQTT 3.1.1 without a client id must ask for a clean session (§3.1.3.1).",
        MqttConnectReturnCode.ConnectionRefusedIdentifierRejected);

    public static PeerRefusal IntakeUnavailable { get; } =
        new(MqttDisconnectReasonCode.ServerBusy, "intake_unavailable", "The node cannot store readings now; nothing unacknowledged was kept. Try again later.");
}

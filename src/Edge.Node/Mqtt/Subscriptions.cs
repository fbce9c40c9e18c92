using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Edge.Node.Mqtt;

/// <summary>Decides about a topic filter that a client subscribes to; it comes here mounted already.</summary>
internal static class Subscriptions
{
    /// <summary>Refuses what is not for clients, or no filter at all (MQTT 5 §4.7.1).</summary>
    public static Task JudgeAsync(InterceptingSubscriptionEventArgs asked)
    {
        if (Judge(TenantMount.Strip(asked.TopicFilter.Topic)) is { } refusal)
        {
            asked.Response.ReasonCode = refusal;
            asked.ProcessSubscription = false;
        }

        return Task.CompletedTask;
    }

    /// <summary>The reason to refuse a filter, as the client wrote it; null if it is good.</summary>
    public static MqttSubscribeReasonCode? Judge(string filter) =>
        filter.StartsWith("$share/", StringComparison.Ordinal) ? MqttSubscribeReasonCode.SharedSubscriptionsNotSupported
        : TenantMount.IsReserved(filter) ? MqttSubscribeReasonCode.NotAuthorized
        : IsFilter(filter) ? null
        : MqttSubscribeReasonCode.TopicFilterInvalid;

    private static bool IsFilter(string filter)
    {
        var levels = filter.Split('/');
        return filter.Length > 0
            && levels.Length <= TopicName.MaxLevels
            && !filter.Any(char.IsControl)
            && levels.Index().All(level => level.Item switch
            {
                "+" => true,
                "#" => level.Index == levels.Length - 1,
                var name => name.AsSpan().IndexOfAny('+', '#') < 0,
            });
    }
}

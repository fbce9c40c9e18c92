using System.Text.Json.Serialization;

namespace Edge.Node.Admin.Routes;

/// <summary>JSON of the API without reflection, in wire names.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n", DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ErrorView))]
[JsonSerializable(typeof(ResourceView))]
[JsonSerializable(typeof(ResourceListView))]
[JsonSerializable(typeof(ApplyView))]
[JsonSerializable(typeof(AppliedView))]
[JsonSerializable(typeof(ValidatedView))]
[JsonSerializable(typeof(DiffView))]
[JsonSerializable(typeof(DeletedView))]
[JsonSerializable(typeof(UploadedView))]
[JsonSerializable(typeof(DoneView))]
[JsonSerializable(typeof(NodeView))]
[JsonSerializable(typeof(NodeListView))]
[JsonSerializable(typeof(ReasonView))]
[JsonSerializable(typeof(PlacementListView))]
[JsonSerializable(typeof(NewTokenView))]
[JsonSerializable(typeof(IssuedTokenView))]
[JsonSerializable(typeof(TokenListView))]
[JsonSerializable(typeof(AuditView))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>The same on one line, for server-sent events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResourceEventView))]
[JsonSerializable(typeof(NodeListView))]
[JsonSerializable(typeof(NodeView))]
[JsonSerializable(typeof(PlacementListView))]
internal sealed partial class EventJson : JsonSerializerContext;

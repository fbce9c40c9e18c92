using System.Text.Json;

namespace Edge.Node.Admin.Routes;

/// <summary>A declared object.</summary>
/// <param name="Kind">As in its manifest.</param>
/// <param name="Tenant">Empty for a Tenant.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its resource version.</param>
/// <param name="CreatedIndex">Book index at which it was created.</param>
/// <param name="Digest">Of a Module: <c>sha256:…</c> of its bytes.</param>
/// <param name="Document">Its manifest.</param>
internal sealed record ResourceView(string Kind, string Tenant, string Name, ulong Version, ulong CreatedIndex, string? Digest, JsonElement Document);

/// <summary>Resources at one index of the book.</summary>
internal sealed record ResourceListView(ulong Index, IReadOnlyList<ResourceView> Items);

/// <summary>A change of a resource, as a watch tells it.</summary>
internal sealed record ResourceEventView(string Kind, string Tenant, string Name, ulong Version, ResourceView? Resource);

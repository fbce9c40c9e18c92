using Edge.Messages.Channels;
using Edge.Messages.Modules;
using Edge.Wasm.Faults;

namespace Edge.Actors.Modules;

/// <summary>A channel asks for the module that its instances are made of. Answered by <see cref="ModuleOpened"/> or <see cref="ModuleRefused"/> when that is decided.</summary>
internal sealed record OpenModule(ModuleId Module);

/// <summary>The module can make instances.</summary>
internal sealed record ModuleOpened(ModuleSlot Slot);

/// <summary>The module may not or cannot run here.</summary>
/// <param name="Module">The module.</param>
/// <param name="Reasons">All reasons, each a sentence with the remedy.</param>
internal sealed record ModuleRefused(ModuleId Module, IReadOnlyList<string> Reasons);

/// <summary>Makes the modules those of a site: new and changed ones are deployed, others that are gone are unloaded; none of their channels runs. Answered by <see cref="ModulesChanged"/>.</summary>
internal sealed record ChangeModules(SiteManifest Site, IReadOnlySet<ModuleId> Changed);

/// <summary>Modules are being deployed; channels may ask for them.</summary>
internal sealed record ModulesChanged;

/// <summary>Instances of a channel faulted.</summary>
/// <param name="Module">The module.</param>
/// <param name="Channel">Whose instances.</param>
/// <param name="Faults">The faults.</param>
/// <param name="Rest">How long the channel waits before the next instance; zero when it goes on at once.</param>
internal sealed record InstancesFaulted(ModuleId Module, ChannelId Channel, IReadOnlyList<GuestFault> Faults, TimeSpan Rest);

/// <summary>Looks whether modules behave again.</summary>
internal sealed record ReviewModules;

using System.Collections.Immutable;
using Edge.Messages.Book;

namespace Edge.Cluster.Book.Commands;

/// <summary>
/// Commands about who runs what. The book holds three things whatever a planner asks for: an owner is a present member of its node; an epoch only grows; and an actor is never taken from a member that is
/// present, it must have released it or have left. That last one is what keeps two nodes from driving one actuator.
/// </summary>
internal static class PlacementCommands
{
    /// <summary>Carries out a plan, if what it was planned on is still so.</summary>
    public static void Place(BookDraft draft, PlaceActors place)
    {
        Put(draft, place.Edits.Select(edit => new PlannedPlacement(edit.Placement, edit.Expected, ChecksExpected: true, edit.KeepsOwner)), place.Retired, RefusalReason.InUse);
    }

    /// <summary>The owner has stopped the actor: it is nowhere until it is placed again. Standby and next node stay.</summary>
    public static void Released(BookDraft draft, ReportReleased released)
    {
        var name = new ActorName(released.Actor?.Kind ?? "", released.Actor?.Identity ?? "");
        if (!draft.State.Placements.TryGetValue(name, out var present))
            draft.Refuse(RefusalReason.NotFound, name.ToString(), $"Actor '{name}' has no placement.");
        else if (present.Member.Length == 0 || present.Member != released.Member || Epochs.Compare(present.Epoch, released.Epoch) != 0)
            draft.Refuse(RefusalReason.Stale, name.ToString(), $"Actor '{name}' is in epoch {Epochs.Text(present.Epoch)} of member '{present.Member}'; member '{released.Member}' with epoch {Epochs.Text(released.Epoch)} does not own it and has nothing to release.");
        else
        {
            var next = present.Clone();
            (next.Node, next.Member, next.Reason) = ("", "", "released by its owner");
            draft.State = draft.State with { Placements = draft.State.Placements.SetItem(name, next) };
        }
    }

    /// <summary>Puts placements and retires actors. Refuses all of it when one cannot be.</summary>
    /// <param name="draft">The command.</param>
    /// <param name="plan">What is wanted.</param>
    /// <param name="retired">Actors that are no more; one without a placement is no mistake.</param>
    /// <param name="owned">Reason of the refusal to take an actor from a present member.</param>
    public static void Put(BookDraft draft, IEnumerable<PlannedPlacement> plan, IReadOnlyCollection<ActorId> retired, RefusalReason owned)
    {
        var placements = draft.State.Placements.ToBuilder();
        var seen = new HashSet<ActorName>();
        var epoch = draft.Epoch;
        foreach (var planned in plan)
        {
            if (planned.Wanted is null || planned.Wanted.Kind.Length == 0 || planned.Wanted.Identity.Length == 0)
            {
                draft.Refuse(RefusalReason.Invalid, "Placement", "A placement needs a kind and an identity.");
                continue;
            }
            var name = ActorName.Of(planned.Wanted);
            var present = placements.GetValueOrDefault(name);
            var next = Next(planned, present, epoch);
            if (!seen.Add(name))
                draft.Refuse(RefusalReason.Invalid, name.ToString(), $"Actor '{name}' is twice in one command. Place it once.");
            else if (PlacementRules.Against(draft.State, name, planned, present, next, owned) is { } refusal)
                draft.Refuse(refusal.Reason, name.ToString(), refusal.Message);
            else
                placements[name] = next;
        }
        foreach (var actor in retired)
        {
            if (!seen.Add(new ActorName(actor.Kind, actor.Identity)))
                draft.Refuse(RefusalReason.Invalid, $"{actor.Kind}/{actor.Identity}", $"Actor '{actor.Kind}/{actor.Identity}' is twice in one command. Place it or retire it, once.");
            placements.Remove(new ActorName(actor.Kind, actor.Identity));
        }
        draft.State = draft.State with { Placements = placements.ToImmutable() };
        if (seen.Count > 0)
            draft.Audit("place", seen.Count == 1 ? seen.First().ToString() : $"{seen.Count} actors", Detail(placements, seen, retired.Count));
    }

    private static Placement Next(PlannedPlacement planned, Placement? present, Epoch epoch)
    {
        var next = planned.Wanted!.Clone();
        if (planned.KeepsOwner && present is not null)
            (next.Node, next.Member, next.Epoch) = (present.Node, present.Member, present.Epoch);
        else
            next.Epoch = epoch;
        return next;
    }

    private static string Detail(ImmutableDictionary<ActorName, Placement>.Builder placements, HashSet<ActorName> seen, int retired)
    {
        var placed = seen.Count - retired;
        if (seen.Count > 1)
            return $"{placed} placed, {retired} retired";
        return placements.TryGetValue(seen.First(), out var only) ? $"on '{only.Node}', standby '{only.Standby}', epoch {Epochs.Text(only.Epoch)}" : "retired";
    }
}

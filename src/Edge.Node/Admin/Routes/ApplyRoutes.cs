using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Modules;
using Edge.Node.Admin.Access;
using Edge.Node.Configuration;
using Edge.Node.Configuration.Book;
using Edge.Node.Configuration.Files;
using Edge.Node.Configuration.Manifests;

namespace Edge.Node.Admin.Routes;

/// <summary>Server-side apply: manifests are judged together against the book and committed as one command, or compared with it.</summary>
internal static class ApplyRoutes
{
    /// <summary>Most bytes of the manifests of one request: one entry of the book.</summary>
    public const long BodyMax = 4L << 20;

    // A plan is made of the book as it was read; if somebody changes the same resources in between, it is made again.
    private const int PlansMax = 4;

    /// <summary>POST /api/v1/apply.</summary>
    public static async Task ApplyAsync(ApiCall call)
    {
        if (await SubmittedAsync(call) is not var (request, submitted)) return;
        for (var plans = 1; ; plans++)
        {
            var state = await call.Site.Book.ReadAsync(call.Aborted);
            var plan = ApplyPlan.Of(state, submitted, Look(call));
            if (await IsRefusedAsync(call, plan, state, request)) return;
            List<PlannedEdit> edits = [.. plan.Edits.Where(edit => edit.Outcome != ApplyOutcome.Unchanged)];
            if (request.DryRun || edits.Count == 0)
            {
                await call.OkAsync(Applied(plan, state.Index, request.DryRun), ApiJson.Default.AppliedView);
                return;
            }
            var outcome = await call.AppendAsync(command => command.ApplyResources = new ApplyResources { Edits = { edits.Select(Edit) } });
            if (outcome.Refusals.Count == 0)
            {
                await call.OkAsync(Applied(plan, outcome.Index, dryRun: false), ApiJson.Default.AppliedView);
                return;
            }
            var overtaken = outcome.Refusals.All(refusal => refusal.Reason is RefusalReason.Conflict or RefusalReason.NameTaken);
            if (overtaken && plans < PlansMax && !call.HasRequestId) continue;
            await call.RefusalsAsync(outcome);
            return;
        }
    }

    /// <summary>POST /api/v1/validate.</summary>
    public static async Task ValidateAsync(ApiCall call)
    {
        if (await SubmittedAsync(call) is not var (request, submitted)) return;
        var plan = ApplyPlan.Of(await call.ReadAsync(), submitted, Look(call));
        if (await IsForbiddenAsync(call, plan, Role.Viewer)) return;
        await call.OkAsync(new ValidatedView(request.Files.Count, plan.Objects, ApiCall.FindingViews(plan.Findings)), ApiJson.Default.ValidatedView);
    }

    /// <summary>POST /api/v1/diff.</summary>
    public static async Task DiffAsync(ApiCall call)
    {
        if (await SubmittedAsync(call) is not var (_, submitted)) return;
        var state = await call.ReadAsync();
        var plan = ApplyPlan.Of(state, submitted, Look(call));
        if (await IsForbiddenAsync(call, plan, Role.Viewer)) return;
        if (plan.Findings.Count > 0)
        {
            await call.FindingsAsync(plan.Findings, Count(plan));
            return;
        }
        var items = plan.Edits.Select(edit => new DiffItemView(
            edit.Id.Kind, edit.Id.Tenant, edit.Id.Name, Word(edit.Outcome), edit.Now?.Version ?? 0,
            [.. DocumentDiff.Of(edit.Now, edit.Resource).Select(change => new FieldChangeView(change.Path, change.Old, change.New))]));
        await call.OkAsync(new DiffView(state.Index, [.. items]), ApiJson.Default.DiffView);
    }

    private static async Task<(ApplyView, SubmittedManifests)?> SubmittedAsync(ApiCall call)
    {
        if (await call.BodyAsync(ApiJson.Default.ApplyView) is not { } request) return null;
        var modules = new Dictionary<(string, string), ModuleDigest>();
        string? problem = request.Files.Count == 0 ? "The request has no files. Send {\"files\": [{\"name\": \"site.yaml\", \"text\": \"…\"}]}." : null;
        foreach (var file in request.Files)
        {
            foreach (var (module, text) in file.Modules)
            {
                if (SubmittedManifests.ParseDigest(text) is { } digest) modules[(file.Name, module)] = digest;
                else problem = $"files '{file.Name}' modules '{module}' is '{text}'; allowed: sha256: and 64 lower-case hexadecimal digits.";
            }
        }
        if (problem is null) return (request, new([.. request.Files.Select(file => new ManifestFile(file.Name, file.Text))], modules));
        await call.ErrorAsync(StatusCodes.Status400BadRequest, "bad_request", problem);
        return null;
    }

    private static Func<ModuleDigest, ModuleFile?> Look(ApiCall call) => digest => call.Site.Modules.Has(digest) ? ModuleFiles.Look(call.Site.Modules.PathOf(digest)) : null;

    private static async Task<bool> IsRefusedAsync(ApiCall call, ApplyPlan plan, BookState state, ApplyView request)
    {
        if (await IsForbiddenAsync(call, plan, Role.Operator)) return true;
        if (plan.Findings.Count > 0)
        {
            await call.FindingsAsync(plan.Findings, Count(plan));
            return true;
        }
        if (Conflicts(plan, state, request) is not { Count: > 0 } conflicts) return false;
        await call.ConflictsAsync(conflicts);
        return true;
    }

    // Before anything of the book is told: who may not touch a tenant learns nothing of it.
    private static async Task<bool> IsForbiddenAsync(ApiCall call, ApplyPlan plan, Role least)
    {
        foreach (var id in plan.Ids)
        {
            // A Tenant says what its modules may: writing it is for who may do anything.
            var (needed, tenant) = id.Kind == ManifestKind.Tenant.Name && least > Role.Viewer ? (Role.Admin, "") : (least, ResourceRoutes.TenantOf(id));
            if (call.Caller.May(needed, tenant)) continue;
            await call.ErrorAsync(StatusCodes.Status403Forbidden, "forbidden",
                $"{call.Caller} may not {(least > Role.Viewer ? "write" : "compare")} {id}. Needed: {Caller.RoleName(needed)} of {(tenant.Length == 0 ? "all tenants" : $"tenant '{tenant}'")}. Nothing was done.");
            return true;
        }
        return false;
    }

    private static List<ConflictView> Conflicts(ApplyPlan plan, BookState state, ApplyView request)
    {
        var conflicts = new List<ConflictView>();
        if (request.Create)
        {
            conflicts.AddRange(plan.Edits.Where(edit => edit.Now is not null).Select(edit =>
                new ConflictView(edit.Id.ToString(), 0, edit.Now!.Version, $"{edit.Id} is there already, at version {edit.Now.Version}, and the request wants to create it. Leave create out to change it.")));
        }
        foreach (var expected in request.Expected)
        {
            var id = new ResourceId(expected.Kind, expected.Tenant, expected.Name);
            var found = state.Resources.GetValueOrDefault(id)?.Version ?? 0;
            if (found == expected.Version || !plan.Ids.Contains(id)) continue;
            conflicts.Add(new(id.ToString(), expected.Version, found,
                found == 0 ? $"{id} was edited at version {expected.Version} but is not there any more. Apply it without an expected version to create it again."
                : $"{id} was edited at version {expected.Version} but is at version {found} now: somebody else changed it. Read it again (edge get {id.Kind} {id.Name} -o yaml), make the change there, and apply that."));
        }
        return conflicts;
    }

    private static ResourceEdit Edit(PlannedEdit edit) => new() { Resource = edit.Resource, ExpectedVersion = edit.Now?.Version ?? 0, CreateOnly = edit.Now is null };

    private static AppliedView Applied(ApplyPlan plan, ulong index, bool dryRun) => new(index, dryRun,
    [
        .. plan.Edits.Select(edit => new AppliedItemView(
            edit.Id.Kind, edit.Id.Tenant, edit.Id.Name, Word(edit.Outcome), edit.Outcome == ApplyOutcome.Unchanged || dryRun ? edit.Now?.Version ?? 0 : index)),
    ]);

    private static string Count(ApplyPlan plan) => $"{plan.Findings.Count} mistake{(plan.Findings.Count == 1 ? "" : "s")}; nothing was applied.";

    private static string Word(ApplyOutcome outcome) => outcome.ToString().ToLowerInvariant();
}

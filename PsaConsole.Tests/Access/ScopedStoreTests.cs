using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Groups;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Staffing;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Postings;
using PsaConsole.Tests.Audit;
using PsaConsole.Tests.Web;
using PsaConsole.Web.Security;

namespace PsaConsole.Tests.Access;

/// <summary>Two legal entities in one database, and somebody of one of them: what the engine's use cases refuse, and what its store does not read.</summary>
public sealed class ScopedStoreTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly Actor Controller = new("tests:german", "German controller", new HashSet<string> { Roles.FinanceController }) { Scope = new DataScope { LegalEntities = ["DE01"] } };
    private static readonly Actor Operations = Controller with { Id = "tests:operations", Roles = new HashSet<string> { Roles.DeliveryOperations } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_table_is_read_in_the_scope_whatever_is_asked_of_it()
    {
        await using var engine = await AuditStore.CreateAsync(postgres, Token);
        await SeedAsync(engine);
        await using var seen = await engine.Get<IDbContextFactory<EngineDbContext>>().CreateForAsync(Controller, Token);

        Assert.Equal(["DE01"], await seen.Runs.SelectMany(run => run.LegalEntities).Distinct().ToListAsync(Token));
        Assert.Equal(["Rhine stopped"], await seen.ExceptionCases.Where(item => item.RunId != null).Select(item => item.Subject).ToListAsync(Token));
        Assert.Equal(1, await seen.ExceptionCases.CountAsync(item => item.RunId == null, Token));
        Assert.Equal(["Rhine large"], await seen.Approvals.Select(item => item.Subject).ToListAsync(Token));
        Assert.Equal(["DE01"], await seen.Engagements.Select(item => item.LegalEntity).Distinct().ToListAsync(Token));
        Assert.Equal(["DE01"], await seen.Postings.Select(item => item.LegalEntity).Distinct().ToListAsync(Token));
        Assert.Equal(["Rhine Person"], await seen.StaffedPeople.Select(item => item.Name).ToListAsync(Token));
        Assert.Equal(1, await seen.CaseEntries.CountAsync(Token));
        Assert.Equal(5, await seen.RunSteps.CountAsync(Token));
        Assert.Equal(["opportunity:rhine"], await seen.Lanes.Select(item => item.Key).ToListAsync(Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => seen.SaveChangesAsync(Token));
        Assert.Contains("legal_entities && ", seen.Runs.ToQueryString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Practices_narrow_what_has_one_and_leave_what_has_none()
    {
        await using var engine = await AuditStore.CreateAsync(postgres, Token);
        await SeedAsync(engine);
        var actor = Controller with { Scope = new DataScope { Practices = ["Cloud"] } };
        await using var seen = await engine.Get<IDbContextFactory<EngineDbContext>>().CreateForAsync(actor, Token);

        Assert.Equal(["Thames stopped"], await seen.ExceptionCases.Where(item => item.RunId != null).Select(item => item.Subject).ToListAsync(Token));
        Assert.Equal(2, await seen.StaffedPeople.CountAsync(Token));
        await using var both = await engine.Get<IDbContextFactory<EngineDbContext>>().CreateForAsync(actor with { Scope = new DataScope { LegalEntities = ["DE01"], Practices = ["Cloud"] } }, Token);
        Assert.Empty(await both.ExceptionCases.Where(item => item.RunId != null).ToListAsync(Token));
    }

    [Theory]
    [InlineData(Roles.Executive, "")]
    [InlineData(Roles.DeliveryOperations, "GOV-951 HND-001 HND-008 INT-903 RES-202")]
    [InlineData(Roles.ProjectManager, "HND-001")]
    [InlineData(Roles.FinanceController, "GOV-951 HND-001 HND-008 INT-903 RES-202")]
    [InlineData(Roles.HrPartner, "HND-001 RES-202")]
    [InlineData(Roles.IntegrationAdministrator, "HND-001 INT-903")]
    [InlineData(Roles.SecurityAdministrator, "GOV-951 HND-001")]
    [InlineData(Roles.GovernanceBoard, "")]
    [InlineData(Roles.Auditor, "GOV-951 HND-001 HND-008 INT-903 RES-202")]
    public async Task Case_is_read_by_whose_area_it_is_and_by_whom_it_is_assigned_to_and_counted_for_all(string role, string seen)
    {
        var reader = new Actor("tests:reader", "Reader", new HashSet<string> { role });
        await using var engine = await AuditStore.CreateAsync(postgres, Token);
        await using (var store = await engine.OpenAsync(Token))
        {
            foreach (var code in new[] { "HND-001", "HND-008", "INT-903", "RES-202", "GOV-951" })
            {
                var about = new ExceptionCase { Code = code, BusinessKey = code, Subject = code, Message = code, Findings = "[]", Severity = "High", OwnerGroup = CaseKinds.Of(code).Owner.ToString(), RaisedAt = Now, Assignee = code == "HND-001" ? reader.Id : null };
                about.History.Add(new CaseEntry { At = Now, Actor = CaseBook.Engine, Action = "raised", Text = code });
                store.ExceptionCases.Add(about);
            }

            await store.SaveChangesAsync(Token);
        }

        var stores = engine.Get<IDbContextFactory<EngineDbContext>>();
        await using var read = await stores.CreateForAsync(reader, Token);
        await using var german = await stores.CreateForAsync(reader with { Scope = Controller.Scope }, Token);
        await using var counted = await stores.CreateForSumsAsync(reader, Token);

        Assert.Equal(seen, string.Join(' ', await read.ExceptionCases.OrderBy(item => item.Code).Select(item => item.Code).ToListAsync(Token)));
        Assert.Equal(seen, string.Join(' ', await german.ExceptionCases.OrderBy(item => item.Code).Select(item => item.Code).ToListAsync(Token)));
        Assert.Equal(seen, string.Join(' ', await read.CaseEntries.OrderBy(entry => entry.Text).Select(entry => entry.Text).ToListAsync(Token)));
        Assert.Equal(5, await counted.ExceptionCases.CountAsync(Token));
    }

    [Fact]
    public async Task Case_outside_of_the_scope_is_refused_for_every_action_and_the_refusal_is_recorded()
    {
        await using var engine = await AuditStore.CreateAsync(postgres, Token);
        var (_, thames) = await SeedAsync(engine);
        var actions = engine.Get<CaseActions>();

        foreach (var action in new[] { CaseAction.Retry, CaseAction.Assign, CaseAction.Comment, CaseAction.Snooze, CaseAction.Compensate })
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(() => actions.DoAsync(Controller, thames, 0, new CaseRequest(action, "please"), Token));
            Assert.Equal((RefusedBecause.Right, "It is outside of your scope, which is legal entity DE01."), (refused.Because, refused.Message));
        }

        await Assert.ThrowsAsync<RefusedException>(() => actions.EditAndRetryAsync(Controller, thames, 0, new Dictionary<string, string?>(), "please", Token));
        await using var store = await engine.OpenAsync(Token);
        var entries = await store.AuditEntries.Where(entry => entry.Entity == $"case:{thames}").ToListAsync(Token);
        Assert.Equal(6, entries.Count);
        Assert.All(entries, entry => Assert.Equal((false, "GB01"), (entry.Allowed, Assert.Single(entry.LegalEntities))));
        Assert.Equal(CaseStatus.Open, (await store.ExceptionCases.SingleAsync(item => item.Id == thames, Token)).Status);
    }

    [Fact]
    public async Task Frozen_set_of_a_group_holds_only_what_the_person_sees()
    {
        await using var engine = await AuditStore.CreateAsync(postgres, Token);
        var (rhine, thames) = await SeedAsync(engine);
        var groups = engine.Get<GroupActions>();

        var preview = await groups.PreviewAsync(Controller, CaseAction.Retry, new CaseSelection { Code = "HND-008" }, Token);
        var named = await groups.PreviewAsync(Controller, CaseAction.Retry, new CaseSelection { Ids = [rhine, thames] }, Token);
        var all = await groups.PreviewAsync(Controller with { Scope = DataScope.Everything }, CaseAction.Retry, new CaseSelection { Code = "HND-008" }, Token);

        Assert.Equal((1, 1, 2), (preview.Matching, named.Matching, all.Matching));
    }

    [Fact]
    public async Task Approval_lane_service_and_staffing_refuse_what_is_outside_and_say_so_in_the_trail()
    {
        await using var engine = await AuditStore.CreateAsync(postgres, Token);
        await SeedAsync(engine);
        await using var store = await engine.OpenAsync(Token);
        var approval = await store.Approvals.SingleAsync(item => item.LegalEntity == "GB01", Token);
        var project = await store.Engagements.FirstAsync(item => item.LegalEntity == "GB01", Token);

        var refusals = new[]
        {
            await Assert.ThrowsAsync<RefusedException>(() => engine.Get<ApprovalActions>().ApproveAsync(Controller, approval.Id, 0, "please", Token)),
            await Assert.ThrowsAsync<RefusedException>(() => engine.Get<LaneActions>().DoAsync(Operations, LaneAction.Release, "opportunity:thames", null, "please", Token)),
            await Assert.ThrowsAsync<RefusedException>(() => engine.Get<LaneActions>().DoAsync(Operations, LaneAction.Release, "opportunity:nobody", null, "please", Token)),
            await Assert.ThrowsAsync<RefusedException>(() => engine.Get<ServiceDesk>().AskAsync(Operations, Service.ProjectProvisioning, project.OpportunityId, "key", Token)),
            await Assert.ThrowsAsync<RefusedException>(() => engine.Get<ServiceDesk>().AskAsync(Operations, Service.ProjectProvisioning, "never met", "key", Token)),
            await Assert.ThrowsAsync<RefusedException>(() => engine.Get<StaffingActions>().OptionsAsync(
                Controller with { Roles = new HashSet<string> { Roles.ResourceManager } }, "E-thames", "1", Token)),
        };

        Assert.All(refusals, refused => Assert.Equal("It is outside of your scope, which is legal entity DE01.", refused.Message));
        var recorded = await store.AuditEntries.Where(entry => !entry.Allowed).Select(entry => entry.Action).Order().ToListAsync(Token);
        Assert.Equal(["approval.approve", "lane.release", "lane.release", "service.asked", "service.asked", "staffing.options"], recorded);
    }

    [Fact]
    public async Task Workbook_has_the_lines_of_the_scope_and_the_trail_its_words()
    {
        await using var engine = await AuditStore.CreateAsync(postgres, Token);
        await SeedAsync(engine);
        var (first, last) = (new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 30));

        var lines = await engine.Get<PostingExport>().TakeAsync(Controller, first, last, "the month's end", Token);

        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Equal("DE01", line.LegalEntity));
        Assert.Equal(4, (await engine.Get<PostingExport>().TakeAsync(Controller with { Scope = DataScope.Everything }, first, last, "all of it", Token)).Count);
        await using var store = await engine.OpenAsync(Token);
        Assert.Contains("legal entity DE01", (await store.AuditEntries.FirstAsync(entry => entry.Action == "posting.export", Token)).After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trail_is_read_in_the_scope_and_ones_own_actions_always()
    {
        await using var engine = await AuditStore.CreateAsync(postgres, Token);
        var (rhine, thames) = await SeedAsync(engine);
        var other = Controller with { Id = "tests:all", Scope = DataScope.Everything };
        foreach (var id in new[] { rhine, thames })
        {
            await engine.Get<CaseActions>().CommentAsync(other, id, "looked at", Token);
        }

        await Assert.ThrowsAsync<RefusedException>(() => engine.Get<CaseActions>().CommentAsync(Controller, thames, "mine", Token));

        var (lines, _) = await engine.Get<AuditSearch>().PageAsync(Controller, AuditFilter.Everything, Token);

        Assert.Equal([("tests:german", $"case:{thames}"), ("tests:all", $"case:{rhine}")], lines.Select(line => (line.Entry.Actor, line.Entry.Entity)));
    }

    [Fact]
    public async Task Key_opens_no_more_than_whoever_gives_it_out_sees()
    {
        await using var engine = await AuditStore.CreateAsync(postgres, Token);
        var keys = engine.Get<ApiKeys>();
        var guardian = new Actor("tests:guardian", "Guardian", new HashSet<string> { Roles.SecurityAdministrator }) { Scope = Controller.Scope };
        var roles = new HashSet<string> { Roles.Auditor };

        var refused = await Assert.ThrowsAsync<RefusedException>(() => keys.IssueAsync(guardian, "a program", roles, DataScope.Everything, 1, "for a test", Token));
        var key = await keys.IssueAsync(guardian, "a program", roles, Controller.Scope, 1, "for a test", Token);

        Assert.Equal("You can't open more than you see yourself: legal entity DE01.", refused.Message);
        Assert.Equal(["DE01"], (await keys.RecognizeAsync(key, Token))!.Scope.LegalEntities);
    }

    [Fact]
    public async Task Rows_from_before_scopes_get_theirs_from_their_runs()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using var store = new EngineDbContext(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(connection).Options);
        var names = store.Database.GetMigrations().ToList();
        await store.GetService<IMigrator>().MigrateAsync(names[names.FindIndex(name => name.EndsWith("_DataScopes", StringComparison.Ordinal)) - 1], Token);
        await AuditStore.RunAsync(
            connection,
            """
            insert into run (id, workflow, business_key, lane_key, title, state, status, undoing, attempts, occurred_at, started_at, updated_at, legal_entity)
            values ('00000000-0000-0000-0000-000000000001', 'opportunity-to-project', 'a', 'a', 'Planned', '{"read":{"serviceLine":"Data"}}', 'Parked', false, 0, now(), now(), now(), 'DE01, GB01'),
                ('00000000-0000-0000-0000-000000000002', 'opportunity-to-project', 'b', 'b', 'Named', '{"read":{"lines":[{"sellingEntity":"US01"}]}}', 'Parked', false, 0, now(), now(), now(), null);
            insert into exception_case (code, business_key, run_id, subject, message, findings, severity, owner_group, status, occurrences, raised_at, last_seen_at, version)
            values ('HND-008', 'a', '00000000-0000-0000-0000-000000000001', 's', 'm', '[]', 'High', 'Finance', 'Open', 1, now(), now(), 0),
                ('HND-002', 'b', '00000000-0000-0000-0000-000000000002', 's', 'm', '[]', 'High', 'Finance', 'Open', 1, now(), now(), 0);
            insert into audit_entry (at, actor, action, entity, allowed) values (now(), 'engine', 'step.done', 'run:00000000-0000-0000-0000-000000000001', true);
            """,
            Token);

        await store.Database.MigrateAsync(Token);

        var cases = await store.ExceptionCases.OrderBy(item => item.Id).ToListAsync(Token);
        Assert.Equal(["DE01", "GB01"], cases[0].LegalEntities);
        Assert.Equal(["Data"], cases[0].Practices);
        Assert.Equal(["US01"], cases[1].LegalEntities);
        Assert.Equal(["DE01", "GB01"], (await store.AuditEntries.SingleAsync(Token)).LegalEntities);
        await Assert.ThrowsAnyAsync<Exception>(() => AuditStore.RunAsync(connection, "update audit_entry set actor = 'x'", Token));
    }

    [Fact]
    public void Pages_read_through_the_readers_scope_and_nothing_else()
    {
        // What asks systems how they are reads the house's own counts beside the reader's; it shows no deal, person or amount.
        string[] exempt = ["SystemQueries", nameof(ReaderStores)];
        var readers = typeof(ReaderStores).Assembly.GetTypes()
            .Where(type => type.GetConstructors().SelectMany(made => made.GetParameters()).Any(parameter => parameter.ParameterType == typeof(IDbContextFactory<EngineDbContext>)))
            .Select(type => type.Name)
            .Except(exempt);

        Assert.Empty(readers);
    }

    private static async Task<(long Rhine, long Thames)> SeedAsync(AuditStore engine)
    {
        await using var store = await engine.OpenAsync(Token);
        var cases = new List<ExceptionCase>();
        foreach (var (river, entity, practice) in new[] { ("Rhine", "DE01", "Data"), ("Thames", "GB01", "Cloud") })
        {
            var about = SampleQueue.AddStopped(store, $"{river} stopped", entity, Now);
            about.Practices = [practice];
            cases.Add(about);
            SampleQueue.AddWaiting(store, $"{river} large", entity, Now);
            SampleQueue.AddTime(store, $"8 h of {river}", entity, posted: true, Now);
            store.StaffedPeople.Add(new StaffedPersonRow { EmployeeId = $"E-{river.ToLowerInvariant()}", Name = $"{river} Person", Address = $"{river}@example.com", Facts = "{}", LegalEntity = entity });
            var lane = $"opportunity:{river.ToLowerInvariant()}";
            store.Lanes.Add(new Lane { Key = lane });
            var held = new Run
            {
                Id = Guid.CreateVersion7(),
                Workflow = "opportunity-to-project",
                BusinessKey = lane,
                LaneKey = lane,
                Title = $"{river} held",
                LegalEntity = entity,
                State = "{}",
                Status = RunStatus.Waiting,
                OccurredAt = Now,
                StartedAt = Now,
            };
            store.Runs.Add(held);
        }

        store.Lanes.Add(new Lane { Key = "opportunity:nobody" });
        store.ExceptionCases.Add(new ExceptionCase
        {
            Code = "INT-907",
            BusinessKey = "system:netsuite",
            Subject = "netsuite",
            Message = "It does not answer.",
            Findings = "[]",
            Severity = nameof(CaseSeverity.High),
            OwnerGroup = nameof(CaseOwner.IntegrationAdministration),
            RaisedAt = Now,
        });
        await store.SaveChangesAsync(Token);
        return (cases[0].Id, cases[1].Id);
    }
}

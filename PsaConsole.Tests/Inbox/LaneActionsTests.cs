using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Inbox;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Inbox;

/// <summary>A lane that is held by the change at its head, and what a person with the right does about it.</summary>
public sealed class LaneActionsTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Held_change_is_tried_at_once_and_what_waits_behind_it_follows()
    {
        var lane = await HeldLaneAsync("release");

        await firm.Get<LaneActions>().DoAsync(RunningFirm.Operations, LaneAction.Release, lane.Key, lane.Head, "The vendor says that it works again.", Token);

        var (head, behind) = await LookedAtAsync(lane);
        Assert.True(head.EndedAt < behind.EndedAt);
        Assert.Equal(1, head.Attempts);
        await using var store = await firm.OpenStoreAsync();
        var told = await store.AuditEntries.SingleAsync(entry => entry.Entity == $"lane:{lane.Key}", Token);
        Assert.Equal(("lane.release", Roles.DeliveryOperations, "The vendor says that it works again.", true), (told.Action, told.Role, told.Reason, told.Allowed));
    }

    [Fact]
    public async Task Change_that_is_skipped_stays_with_its_reason_and_what_waited_behind_it_goes_on()
    {
        var lane = await HeldLaneAsync("skip");

        await firm.Get<LaneActions>().DoAsync(RunningFirm.Operations, LaneAction.Skip, lane.Key, lane.Head, "The client is a test entry.", Token);

        var (head, _) = await LookedAtAsync(lane);
        Assert.Equal("Left out by Delivery operations: The client is a test entry.", head.Outcome);
        Assert.Equal(3, head.Attempts);
    }

    [Fact]
    public async Task Change_that_is_put_behind_waits_while_the_others_are_looked_at()
    {
        var lane = await HeldLaneAsync("behind");

        await firm.Get<LaneActions>().DoAsync(RunningFirm.Operations, LaneAction.PutBehind, lane.Key, lane.Head, "The merge comes first.", Token);

        Assert.Equal(InboxStatus.Ended, (await ItemAsync(lane.Behind, item => item.Status != InboxStatus.Waiting)).Status);
        Assert.Equal(InboxStatus.Waiting, (await ItemAsync(lane.Head, _ => true)).Status);
    }

    [Fact]
    public async Task What_a_person_saw_at_the_head_must_still_be_there()
    {
        var lane = await HeldLaneAsync("stale");

        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => firm.Get<LaneActions>().DoAsync(RunningFirm.Operations, LaneAction.Skip, lane.Key, lane.Behind, "Not wanted.", Token));

        Assert.Equal(RefusedBecause.Stale, refused.Because);
        Assert.Equal(InboxStatus.Waiting, (await ItemAsync(lane.Head, _ => true)).Status);
        Assert.Equal(InboxStatus.Waiting, (await ItemAsync(lane.Behind, _ => true)).Status);
    }

    [Fact]
    public async Task Operations_can_not_leave_out_a_change_that_moves_money()
    {
        var lane = await HeldLaneAsync("money", "time-entry");

        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => firm.Get<LaneActions>().DoAsync(RunningFirm.Operations, LaneAction.Skip, lane.Key, lane.Head, "It blocks us.", Token));

        Assert.Equal(RefusedBecause.Right, refused.Because);
        Assert.Equal(InboxStatus.Waiting, (await ItemAsync(lane.Head, _ => true)).Status);
        await using var store = await firm.OpenStoreAsync();
        Assert.False((await store.AuditEntries.SingleAsync(entry => entry.Entity == $"lane:{lane.Key}", Token)).Allowed);
    }

    [Fact]
    public async Task Whoever_has_the_lane_in_hand_when_it_is_released_can_save_nothing_any_more()
    {
        var lane = await HeldLaneAsync("fence");
        var lease = new LaneLease(lane.Key, 0, 1, 0);
        await firm.Get<LaneActions>().DoAsync(RunningFirm.Operations, LaneAction.Release, lane.Key, lane.Head, "It hangs.", Token);

        await using var store = await firm.OpenStoreAsync();
        store.SystemPauses.Add(new SystemPause { SystemName = "fence", Actor = "nobody", Reason = "too late", PausedAt = TimeProvider.System.GetUtcNow() });
        await Assert.ThrowsAsync<LeaseLostException>(() => firm.Get<Committer>().SaveAsync(store, lease, [], Token));

        Assert.False(await store.SystemPauses.AnyAsync(pause => pause.SystemName == "fence", Token));
    }

    /// <summary>A lane whose first change has failed three times and waits for tomorrow, with another behind it.</summary>
    private async Task<(string Key, long Head, long Behind)> HeldLaneAsync(string name, string type = "client")
    {
        var now = TimeProvider.System.GetUtcNow();
        var key = $"{type}:tests:{name}";
        await using var store = await firm.OpenStoreAsync();
        // No workflow waits for changes of this kind: each is looked at once, and ends.
        var (head, behind) = (Item("1"), Item("2"));
        (head.Attempts, head.ResumeAt, head.Outcome) = (3, now.AddDays(1), "The system does not answer.");
        store.Lanes.Add(new Lane { Key = key, ReadyAt = now.AddDays(1), Arrivals = 1 });
        store.InboxItems.AddRange(head, behind);
        await store.SaveChangesAsync(Token);
        return (key, head.Id, behind.Id);

        InboxItem Item(string revision) => new()
        {
            SystemName = "tests",
            SourceType = "curiosity",
            SourceId = name,
            Revision = revision,
            LaneKey = key,
            OccurredAt = now,
            ReceivedAt = now,
        };
    }

    private async Task<(InboxItem Head, InboxItem Behind)> LookedAtAsync((string Key, long Head, long Behind) lane) =>
        (await ItemAsync(lane.Head, item => item.Status == InboxStatus.Ended), await ItemAsync(lane.Behind, item => item.Status == InboxStatus.Ended));

    private async Task<InboxItem> ItemAsync(long id, Func<InboxItem, bool> wanted)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            await using var store = await firm.OpenStoreAsync();
            var item = await store.InboxItems.AsNoTracking().SingleAsync(row => row.Id == id, Token);
            if (wanted(item))
            {
                return item;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < until, $"Change {id} is {item.Status}: {item.Outcome}");
            await again.WaitForNextTickAsync(Token);
        }
    }
}

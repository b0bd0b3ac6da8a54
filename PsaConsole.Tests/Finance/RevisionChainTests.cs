using CsCheck;
using PsaConsole.Engine.Finance;

namespace PsaConsole.Tests.Finance;

/// <summary>The chain of one time entry, from any order and number of notices (O18).</summary>
public sealed class RevisionChainTests
{
    private static readonly Entry First = new(8m, 150m);
    private static readonly Entry Second = new(6.5m, 150m);

    /// <summary>What the source says at each revision: approved, recalled, approved with other hours.</summary>
    private static readonly Entry?[] History = [First, null, Second];

    [Fact]
    public void Sent_recalled_and_approved_again_is_three_lines()
    {
        var book = new Book();
        foreach (var state in History)
        {
            book.Notice(state);
            book.Send();
        }

        Assert.Equal([(8m, 1_200m), (-8m, -1_200m), (6.5m, 975m)], book.Lines);
    }

    [Fact]
    public void What_was_never_sent_is_superseded_without_a_line()
    {
        var book = new Book();
        foreach (var state in History)
        {
            book.Notice(state);
        }

        book.Send();
        Assert.Equal([(6.5m, 975m)], book.Lines);
    }

    [Fact]
    public void Equal_values_need_no_line_unless_the_reversal_is_sent()
    {
        Assert.Equal(ChainStep.Nothing, RevisionChain.Next(new BookedState<Entry>(First, null, false), First));
        Assert.Equal(ChainStep.Post, RevisionChain.Next(new BookedState<Entry>(null, null, false), First));
    }

    [Fact]
    public void Invoiced_work_is_not_changed_before_its_credit_note()
    {
        Assert.Equal(ChainStep.Blocked, RevisionChain.Next(new BookedState<Entry>(First, null, true), null));
        Assert.Equal(ChainStep.Blocked, RevisionChain.Next(new BookedState<Entry>(First, null, true), Second));
        Assert.Equal(ChainStep.Nothing, RevisionChain.Next(new BookedState<Entry>(First, null, true), First));
    }

    /// <summary>Notices come in any order, any number of times and at any moment between the source's revisions; some are followed by a sending.</summary>
    [Fact]
    public void Net_is_always_the_sources_last_state() =>
        Gen.Select(Gen.Int[0, 2].Array[0, 12], Gen.Bool.Array[13]).Sample((moments, sends) =>
        {
            var book = new Book();
            var now = 0;
            for (var index = 0; index < moments.Length; index++)
            {
                // The source moves on by itself; a notice, however old, reads what it says now.
                now = Math.Max(now, moments[index]);
                book.Notice(History[now]);
                if (sends[index])
                {
                    book.Send();
                }
            }

            book.Notice(History[^1]);
            book.Send();
            Assert.Equal((6.5m, 975m), (book.Lines.Sum(line => line.Hours), book.Lines.Sum(line => line.Amount)));
        });

    private sealed record Entry(decimal Hours, decimal Rate);

    /// <summary>A ledger that does what the chain asks for.</summary>
    private sealed class Book
    {
        private Entry? posted;
        private Entry? waiting;
        private bool reversing;

        public List<(decimal Hours, decimal Amount)> Lines { get; } = [];

        public void Notice(Entry? source)
        {
            var step = RevisionChain.Next(new BookedState<Entry>(posted, waiting, false), source);
            reversing = step is ChainStep.Reverse or ChainStep.ReverseAndPost;
            waiting = step switch
            {
                ChainStep.Nothing => posted is null ? waiting : null,
                ChainStep.Post or ChainStep.ReverseAndPost => source,
                _ => null,
            };
        }

        public void Send()
        {
            if (reversing && posted is not null)
            {
                Lines.Add((-posted.Hours, -posted.Hours * posted.Rate));
                posted = null;
                reversing = false;
            }

            if (waiting is not null && posted is null)
            {
                Lines.Add((waiting.Hours, waiting.Hours * waiting.Rate));
                (posted, waiting) = (waiting, null);
            }
        }
    }
}

using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Tests.Policies;

/// <summary>Who owns what of a client, and what follows when CRM and ERP disagree (2-canonical-model 2.4).</summary>
public sealed class ClientOwnershipTests
{
    private static readonly Client Known = new()
    {
        LegalName = "Contoso",
        PaymentTerms = "Net 30",
        Currency = "EUR",
        BillTo = new Address { Street = "1 Main Street", City = "Berlin", Country = "DE" },
    };

    private static Client Moved { get; } = Known with { BillTo = new Address { Street = "2 Other Street", City = "Berlin", Country = "DE" } };

    [Fact]
    public void Terms_changed_in_the_crm_are_disputed_and_stay_so_until_they_are_equal()
    {
        var changed = Known with { PaymentTerms = "Net 60" };
        var first = ClientOwnership.Decide(new ClientSides(changed, Known, Known, Known, false), ClientStand.None);
        var later = ClientOwnership.Decide(new ClientSides(changed, Known, changed, Known, false), first);
        var settled = ClientOwnership.Decide(new ClientSides(changed, changed, changed, Known, false), later);

        Assert.Equal(["paymentTerms"], first.Disputed);
        Assert.Equal(["paymentTerms"], later.Disputed);
        Assert.Empty(settled.Disputed);
        Assert.Equal("Net 30", Assert.Single(ClientOwnership.Findings(new ClientSides(changed, Known, changed, Known, false), later, "salesforce", "netsuite")).Expected);
    }

    [Fact]
    public void Terms_changed_in_the_erp_go_to_the_crm_even_when_the_first_try_failed()
    {
        var changed = Known with { PaymentTerms = "Net 60" };
        var first = ClientOwnership.Decide(new ClientSides(Known, changed, Known, Known, false), ClientStand.None);
        var again = ClientOwnership.Decide(new ClientSides(Known, changed, Known, changed, false), first);

        Assert.Equal(["paymentTerms"], again.ToCrm);
        Assert.Equal("Net 60", ClientOwnership.ForCrm(Known, changed, again).PaymentTerms);
        Assert.Equal("EUR", ClientOwnership.ForCrm(Known, changed, again).Currency);
    }

    [Fact]
    public void What_both_changed_is_a_persons_to_settle()
    {
        var stand = ClientOwnership.Decide(new ClientSides(Known with { PaymentTerms = "Net 45" }, Known with { PaymentTerms = "Net 60" }, Known, Known, false), ClientStand.None);

        Assert.Equal(["paymentTerms"], stand.Disputed);
        Assert.Empty(stand.ToCrm);
    }

    [Fact]
    public void What_differed_before_anybody_looked_stays_as_it_is()
    {
        var other = Known with { PaymentTerms = "Net 45", BillTo = Moved.BillTo };

        var stand = ClientOwnership.Decide(new ClientSides(Known, other, Known, other, false), ClientStand.None);

        Assert.Equal((0, 0, AddressMove.None), (stand.Disputed.Count, stand.ToCrm.Count, stand.Address));
    }

    [Theory]
    [InlineData(true, false, false, AddressMove.ToErp)]
    [InlineData(true, false, true, AddressMove.ToErpOnceApproved)]
    [InlineData(false, true, false, AddressMove.ToErp)]
    [InlineData(false, true, true, AddressMove.ToCrm)]
    public void Address_is_the_crms_until_the_first_invoice_and_the_erps_from_then_on(bool inCrm, bool inErp, bool isInvoiced, AddressMove expected)
    {
        var sides = new ClientSides(inCrm ? Moved : Known, inErp ? Moved : Known, Known, Known, isInvoiced);

        Assert.Equal(expected, ClientOwnership.Decide(sides, ClientStand.None).Address);
    }

    [Fact]
    public void Address_that_waits_for_approval_goes_on_waiting_when_something_else_changes()
    {
        var first = ClientOwnership.Decide(new ClientSides(Moved, Known, Known, Known, true), ClientStand.None);

        Assert.Equal(AddressMove.ToErpOnceApproved, ClientOwnership.Decide(new ClientSides(Moved, Known, Moved, Known, true), first).Address);
    }
}

using CsCheck;

namespace SmartCity.Reports.Tests;

public class A_ticket
{
    private static readonly Gen<string> Tickets = Gen.Select(Gen.Int[2016, 2099], Gen.Long[1, 9_999_999], Ticket.Of);

    [Fact]
    public void is_a_year_and_a_serial_with_a_check_digit() => Ticket.Of(2026, 1).ShouldMatch(@"^2026-00001\d$");

    [Fact]
    public void is_read_back_as_it_was_given() => Tickets.Sample(ticket => Ticket.Read(ticket) == ticket);

    [Fact]
    public void is_read_as_people_write_it() => Tickets.Sample(ticket =>
        Ticket.Read($" #{ticket[..4]} {ticket[5..8]} {ticket[8..]} ") == ticket && Ticket.Read(ticket.Replace("-", "")) == ticket);

    [Fact]
    public void with_one_wrong_digit_is_no_ticket() =>
        Gen.Select(Tickets, Gen.Int[0, 10], Gen.Int[1, 9]).Sample((ticket, at, shift) =>
        {
            var index = at >= 4 ? at + 1 : at;
            if (index >= ticket.Length)
            {
                return true;
            }

            var wrong = ticket.ToCharArray();
            wrong[index] = (char)('0' + (wrong[index] - '0' + shift) % 10);
            return Ticket.Read(new string(wrong)) is null;
        });

    [Fact]
    public void with_two_neighbouring_digits_swapped_is_no_ticket() =>
        Gen.Select(Tickets, Gen.Int[5, 10]).Sample((ticket, at) =>
        {
            if (at + 1 >= ticket.Length || ticket[at] == ticket[at + 1])
            {
                return true;
            }

            var swapped = ticket.ToCharArray();
            (swapped[at], swapped[at + 1]) = (swapped[at + 1], swapped[at]);
            return Ticket.Read(new string(swapped)) is null;
        });

    [Fact]
    public void sorts_by_age() => Gen.Select(Gen.Int[2016, 2099], Gen.Long[1, 9_999_998]).Sample((year, serial) =>
        Ticket.Order(Ticket.Of(year, serial)) < Ticket.Order(Ticket.Of(year, serial + 1)) && Ticket.Order(Ticket.Of(year, serial)) < Ticket.Order(Ticket.Of(year + 1, 1)));

    [Theory, InlineData(null), InlineData(""), InlineData("2026"), InlineData("abc"), InlineData("2026-00001X"), InlineData("../../etc/passwd")]
    public void is_not_anything_else(string? text) => Ticket.Read(text).ShouldBeNull();
}

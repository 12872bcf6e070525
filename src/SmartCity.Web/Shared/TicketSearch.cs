namespace SmartCity.Web.Shared;

/// <summary>Asks for the number of a report.</summary>
public partial class TicketSearch;

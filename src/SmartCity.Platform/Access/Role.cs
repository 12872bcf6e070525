namespace SmartCity.Platform.Access;

/// <summary>What somebody is allowed to be on the platform. A person without an account is a <see cref="Citizen"/>.</summary>
public enum Role
{
    /// <summary>Anybody: files reports and reads what is public.</summary>
    Citizen,

    /// <summary>Handles the reports of one department.</summary>
    Officer,

    /// <summary>Sends reports to departments (<i>disposisi</i>).</summary>
    Dispatcher,

    /// <summary>The regent or mayor: sees all of the regency.</summary>
    Regent,

    /// <summary>Replays history; changes nothing.</summary>
    Auditor,

    /// <summary>A system that calls the API with a key.</summary>
    Integrator,

    /// <summary>Runs the platform for all regencies; sees no report.</summary>
    Operator,

    /// <summary>Answers for the protection of personal data (<i>pejabat pelindungan data pribadi</i>, UU 27/2022 art. 53): gives people copies of their data, and erases it.</summary>
    DataProtection,

    /// <summary>The regional treasury (BPKAD): enters what must be paid back, and confirms what was deposited.</summary>
    Treasurer,

    /// <summary>Public relations (<i>Humas</i>, Prokompim): hears of incidents at once, watches over the messages that wait and the official accounts, and tells people what goes on.</summary>
    PublicRelations,
}

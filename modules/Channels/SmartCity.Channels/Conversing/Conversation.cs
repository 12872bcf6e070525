using System.Text.RegularExpressions;

namespace SmartCity.Channels.Conversing;

/// <summary>What a message says, as far as the decision needs it.</summary>
/// <param name="Text">What was written, trimmed.</param>
/// <param name="HasPoint">A place on the map came with it.</param>
/// <param name="HasPhoto">A picture came with it.</param>
internal sealed record Said(string Text, bool HasPoint = false, bool HasPhoto = false)
{
    /// <summary>The category that its words were taken for; null: none.</summary>
    public string? Category { get; init; }

    /// <summary>Somebody is in danger: nothing is asked first.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>It looks like spam or abuse: nothing is asked first.</summary>
    public bool IsSuspicious { get; init; }

    public bool IsUrgentOrSuspicious => IsUrgent || IsSuspicious;

    /// <summary>Names of places in the regency that it names, such as districts.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>The report in whose thread it stands.</summary>
    public string? ThreadOf { get; init; }

    /// <summary>It is that report's reporter who writes.</summary>
    public bool IsReporter { get; init; } = true;

    /// <summary>Pictures that are sent together come as several messages of one album.</summary>
    public string? Album { get; init; }

    public bool NamesProblem => Category is not null || IsUrgentOrSuspicious || Words.Count(Text) >= 4;

    public bool NamesPlace => HasPoint || Places.Count > 0 || Words.SayPlace(Text);
}

/// <summary>What is known of a talk with somebody on a channel.</summary>
/// <param name="Draft">What was said of a report that is not made yet; null: there is none.</param>
/// <param name="Ticket">The last report that was made in this talk.</param>
/// <param name="TicketAt">When it was made or added to.</param>
internal sealed record TalkSoFar(Draft? Draft = null, string? Ticket = null, DateTimeOffset? TicketAt = null)
{
    /// <summary>The last report's category.</summary>
    public string? Category { get; init; }

    /// <summary>The places that it names.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>The album whose pictures came last.</summary>
    public string? Album { get; init; }
}

/// <summary>A report that wants something yet.</summary>
/// <param name="Text">All that was written so far.</param>
/// <param name="Asked">What was asked for, in order.</param>
/// <param name="At">When something was said last.</param>
internal sealed record Draft(string Text, bool HasPoint, bool HasPhoto, IReadOnlyList<Missing> Asked, DateTimeOffset At)
{
    public string? Category { get; init; }

    public IReadOnlyList<string> Places { get; init; } = [];
}

/// <summary>What a report wants.</summary>
internal enum Missing
{
    Problem,
    Place,
}

/// <summary>What is done with a message.</summary>
internal abstract record Step
{
    /// <summary>A report is made of it, and of the draft before it.</summary>
    public sealed record File : Step;

    /// <summary>It is kept as a draft, and what is missing is asked for.</summary>
    public sealed record Ask(Missing What) : Step;

    /// <summary>It belongs to a report.</summary>
    /// <param name="IsQuiet">Nothing is said to it: another picture of an album.</param>
    public sealed record Add(string Ticket, bool IsQuiet = false) : Step;

    /// <summary>Another picture for the draft.</summary>
    public sealed record Keep : Step;

    /// <summary>A greeting is returned.</summary>
    public sealed record Greet : Step;

    /// <summary>Thanks are acknowledged.</summary>
    public sealed record Welcome : Step;

    /// <summary>The draft is dropped, as its author asks.</summary>
    public sealed record Drop : Step;

    /// <summary>A stranger's word in somebody's thread that looks like spam or abuse: a person must look.</summary>
    public sealed record Look : Step;
}

/// <summary>What is done with a message in a talk: a rule without I/O, so that every case is a line in a test.</summary>
internal static partial class Conversation
{
    /// <summary>How long a message belongs to the report before it.</summary>
    public static readonly TimeSpan Together = TimeSpan.FromMinutes(30);

    /// <summary>How long a draft waits for what is missing; then it becomes a report as it is.</summary>
    public static readonly TimeSpan DraftWaits = TimeSpan.FromHours(1);

    /// <summary>Nobody is asked the same thing more often.</summary>
    private const int MostQuestions = 2;

    /// <param name="converses">People talk on this channel, so a question is answered; where they post, a report is made of what there is.</param>
    public static Step Decide(TalkSoFar talk, Said said, bool converses, DateTimeOffset now)
    {
        var draft = talk.Draft is { } open && now - open.At <= DraftWaits ? open : null;
        if (said.ThreadOf is { } thread && !Another().IsMatch(said.Text))
        {
            return Words.IsThanks(said.Text) && !said.HasPhoto ? new Step.Welcome()
                : said.IsReporter ? new Step.Add(thread)
                : said.IsSuspicious ? new Step.Look()
                // Of people in danger those on duty must hear at once, whoever writes it and below whose report: it is a report of its own.
                : said.IsUrgent ? new Step.File() : new Step.Add(thread);
        }

        if (!said.HasPhoto && !said.HasPoint && Words.IsThanks(said.Text))
        {
            return new Step.Welcome();
        }

        if (!said.HasPhoto && !said.HasPoint && Words.IsGreeting(said.Text))
        {
            return draft is null ? new Step.Greet() : new Step.Ask(Wanting(draft.Text, draft.Category is not null, draft.HasPoint || draft.Places.Count > 0) ?? Missing.Place);
        }

        if (said is { Album: { } album, Text.Length: 0 } && album == talk.Album)
        {
            return draft is not null ? new Step.Keep() : talk.Ticket is { } last ? new Step.Add(last, IsQuiet: true) : new Step.File();
        }

        if (draft is not null)
        {
            return Cancels().IsMatch(said.Text) ? new Step.Drop() : Complete(draft, said);
        }

        if (converses && talk is { Ticket: { } ticket, TicketAt: { } at } && now - at <= Together && !IsNew(talk, said))
        {
            return new Step.Add(ticket);
        }

        return !converses || said.IsUrgentOrSuspicious ? new Step.File()
            : !said.NamesProblem ? new Step.Ask(Missing.Problem)
            : !said.NamesPlace ? new Step.Ask(Missing.Place)
            : new Step.File();
    }

    /// <summary>A message that follows a report is another report only when it clearly is: it says so, or is about something else, or lies elsewhere.</summary>
    public static bool IsNew(TalkSoFar talk, Said said) =>
        Another().IsMatch(said.Text)
        || said.IsUrgentOrSuspicious
        || (said.Category is not null && talk.Category is not null && said.Category != talk.Category && Words.Count(said.Text) >= 3)
        || (said.Category is not null && said.Places.Count > 0 && !said.Places.Intersect(talk.Places).Any());

    private static Step Complete(Draft draft, Said said)
    {
        var text = $"{draft.Text} {said.Text}".Trim();
        // Whoever was asked where it is has said it, in whatever words.
        var isPlaced = draft.HasPoint || draft.Places.Count > 0 || said.NamesPlace || Words.SayPlace(draft.Text) || (draft.Asked is [.., Missing.Place] && said.Text.Length > 0);
        return Wanting(text, draft.Category is not null || said.Category is not null, isPlaced) is { } missing && draft.Asked.Count(m => m == missing) < MostQuestions && !said.IsUrgentOrSuspicious
            ? new Step.Ask(missing) : new Step.File();
    }

    private static Missing? Wanting(string text, bool isRecognised, bool isPlaced) =>
        !isRecognised && Words.Count(text) < 4 ? Missing.Problem : !isPlaced && !Words.SayPlace(text) ? Missing.Place : null;

    [GeneratedRegex(@"^\W*(laporan|lapor|aduan|masalah)\s+(baru|lagi|lain|kedua)\b|\b(new|another) report\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Another();

    [GeneratedRegex(@"^\W*(batal(kan)?|gak jadi|ga jadi|tidak jadi|cancel)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Cancels();
}

/// <summary>Words that say no problem, and words that say a place.</summary>
internal static partial class Words
{
    public static int Count(string text) => Word().Count(text);

    public static bool IsGreeting(string text) => Greeting().IsMatch(text);

    public static bool IsThanks(string text) => Thanks().IsMatch(text);

    /// <summary>Whether words say where something is, without knowing the place.</summary>
    public static bool SayPlace(string text) => Place().IsMatch(text) || Road().IsMatch(text);

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[\s\p{P}\p{S}\p{Cs}\uFE0F\u200D]*((ass?alam[u']*\s?'?alaikum|asslm|halo+|hallo|hai+|hi|hello|permisi|p|ping|tes|test|coba|selamat\s+(pagi|siang|sore|malam)|pagi|siang|sore|malam|kul[ao]\s?nuwun|nuwun sewu|sugeng\s+(enjing|injing|siang|sonten|dalu|rawuh)|salam)([\s\p{P}]+(wr|wb|warahmatullahi?|wabarakatuh|nggih|njih|lur|sedulur|mbah|lik|admin|min|pak|bu|bapak|ibu|kak|mas|mbak|semua|gan|bos|semuanya))*[\s\p{P}\p{S}\p{Cs}\uFE0F\u200D]*)+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Greeting();

    [GeneratedRegex(@"^[\s\p{P}\p{S}\p{Cs}\uFE0F\u200D]*((ok(e|ay)?|baik|siap|sip+|mantap|alhamdulillah)[\s\p{P}]*)*(terima\s?kasih|trima\s?kasih|terimakasih|makasih|makasi|trims|tengkyu|thanks?( you)?|thx|tq|(matur\s?)?(ke)?suwun|(matur\s+)?(sembah\s+)?nuwun|maturnuwun|matur\s+wun|nuhun|ok(e|ay)?|baik|siap|sip+|👍|🙏)([\s\p{P}]+(ya|yaa+|banyak|sebelumnya|atas|informasinya|infonya|jawabannya|responnya|bantuannya|sanget|pisan|nggih|njih|sedoyo|sedaya|sampun|pak|bu|bapak|ibu|min|admin|kak|mas|mbak|mbah|lik|lur|sekali|sudah|dibantu|ditanggapi))*[\s\p{P}\p{S}\p{Cs}\uFE0F\u200D]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Thanks();

    [GeneratedRegex(@"\b(di|neng|nang|ngarep|ngarepe|cedak|cedhak|mburi|depan|dpn|dekat|dkt|belakang|samping|sebelah|antara|menuju|arah|seberang|pertigaan|perempatan|simpang|alamat|lokasi)\s+(?!mana|endi|kene|kono|kana|sini|situ|sana|mohon|tolong|kami|saya)\p{L}{2,}|\b(gang|gg|desa|ds|dusun|dukuh|kelurahan|kel|kecamatan|kec|kampung|perumahan|perum|blok|rt|rw|km|pasar|jembatan|terminal|stasiun|masjid|alun)\b[\s.\-:/]*[\p{L}\p{N}]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    // "jalan" is a road with a name, or the thing that is broken.
    [GeneratedRegex(@"\b(jalan|jln|jl)\b\.?\s*(?!(?:yang|rusak|berlubang|lubang|bolong|ambles|amblas|longsor|licin|gelap|macet|banjir|retak|hancur|jelek|buruk|becek|putus|raya\s+rusak|umum|desa\s+rusak|mati|tidak|sudah|ini|itu|dan|parah|kabupaten|provinsi|nasional|berdebu|penuh|tergenang|kota\s+rusak|dekat|depan|di)\b)[\p{L}\p{N}]{3,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Road();
}

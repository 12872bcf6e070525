using System.Text.RegularExpressions;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Reading;
using SmartCity.Departments.Suggesting.Learning;

namespace SmartCity.Departments.Suggesting;

/// <summary>
/// Translates what the base model says into the words of a regency: its own categories and departments, and what its dispatchers have
/// taught. The regency's directory decides which department a category belongs to; the base only knows when another body is meant.
/// </summary>
internal sealed partial class Suggester
{
    /// <summary>A text is not read further.</summary>
    public const int MaxText = 4000;

    // From cross-validation (docs/classification.md): at these, about nineteen of twenty that are decided are decided rightly.
    private const double SureOfCategory = 0.75, SureOfDepartment = 0.75;

    // Without a single word that stands for something, only a far surer opinion counts: "reported often, nothing happened" is about anything.
    private const double SureWithoutKeyword = 0.9;

    // An emergency that is missed costs more than a false alarm; an honest report that is held back more than a little spam.
    private const float Alarming = 0.25f, Suspicious = 0.8f;

    // Better hidden from the public for an hour than shown to the accused.
    private const float Delicate = 0.3f;

    // A topic is suggested only when there is one.
    private const float SureOfNoTopic = 0.5f, Mentionable = 0.01f;

    private const int Most = 5;

    // Who writes to a department's account mostly means it.
    private const float WeightOfAccount = 5;

    // Of a category that the base does not know: how many keywords are as good as a coin's throw.
    private const float KeywordsForHalf = 4;

    private readonly BaseModel _base;
    private readonly IReadOnlyList<Category> _categories;
    private readonly IReadOnlyList<Department> _departments;
    private readonly KeywordIndex _keywords;
    private readonly int[] _category;
    private readonly int[] _department;
    private readonly bool[] _isNew;

    public Suggester(IReadOnlyList<Category> categories, IReadOnlyList<Department> departments, KeywordIndex keywords, BaseModel model)
    {
        (_base, _categories, _departments, _keywords) = (model, categories, departments, keywords);
        var answers = model.Answers;
        _category = [.. answers.Categories.Select(code => IndexOf(categories, c => c.Code == code))];
        _isNew = [.. categories.Select(c => !answers.Categories.Contains(c.Code))];
        _department = new int[answers.Categories.Count * answers.Departments.Count];
        for (var c = 0; c < answers.Categories.Count; c++)
        {
            var own = _category[c] < 0 ? -1 : IndexOf(departments, d => d.Code == categories[_category[c]].Department);
            for (var d = 0; d < answers.Departments.Count; d++)
            {
                // Another body than the category's usual one is meant; where the regency does not know it, its own department is.
                var other = d == answers.Usual[c] ? -1 : IndexOf(departments, x => x.Code == answers.Departments[d]);
                _department[(c * answers.Departments.Count) + d] = other >= 0 ? other : own;
            }
        }
    }

    /// <summary>What the text seems to be about.</summary>
    public TextClassification Classify(string text, string? addressed, LearnedModel? learned)
    {
        var features = Features.Of(text.Length > MaxText ? text[..MaxText] : text);
        var opinion = Judge(text, features, addressed);
        learned?.Teach(opinion, features, this);
        var kind = Best(_base.Answers.Kinds, opinion.Kinds);
        var (spam, emergency) = (Of(_base.Answers.Kinds, opinion.Kinds, TextKinds.Spam) + Of(_base.Answers.Kinds, opinion.Kinds, TextKinds.Abuse), Of(_base.Answers.Urgencies, opinion.Urgencies, Urgencies.Emergency));
        var hasTopic = kind.Code is not (TextKinds.Greeting or TextKinds.Command or TextKinds.Spam or TextKinds.Abuse) || kind.Confidence < SureOfNoTopic;
        var isSuspicious = spam >= Suspicious;
        var isEmergency = !isSuspicious && hasTopic && emergency >= Alarming;
        var categories = hasTopic ? Ranked(opinion.Categories, i => new Suggestion(_categories[i].Code, _categories[i].Name, opinion.Categories[i])) : [];
        var departments = hasTopic ? Ranked(opinion.Departments, i => new Suggestion(_departments[i].Code, _departments[i].Name, opinion.Departments[i])) : [];
        // Every report that is filed comes by here: the keywords are counted only where they decide.
        bool Sure(double confidence, double enough) => confidence >= SureWithoutKeyword || (confidence >= enough && _keywords.Count(text).Any());
        return new TextClassification(
            categories, departments, isEmergency ? new Likelihood(Urgencies.Emergency, Rounded(emergency)) : Best(_base.Answers.Urgencies, opinion.Urgencies, except: Urgencies.Emergency), kind,
            categories is [var category, ..] && Sure(category.Confidence, SureOfCategory) ? category.Code : null,
            departments is [var department, ..] && Sure(department.Confidence, SureOfDepartment) ? department.Code : null,
            isEmergency, isSuspicious, hasTopic && Oversight(opinion) >= Delicate, $"{BaseModel.Version}+{learned?.Decisions ?? 0}");
    }

    /// <summary>How likely each category and department of the regency is, before anything was learnt there.</summary>
    public Opinion Judge(string text, int[] features, string? addressed)
    {
        var judged = _base.Judge(features);
        var (categories, departments) = (new float[_categories.Count], new float[_departments.Count]);
        var account = Account(text, addressed);
        var sum = 0f;
        for (var pair = 0; pair < judged.Pairs.Length; pair++)
        {
            var likely = judged.Pairs[pair] * (account >= 0 && _department[pair] == account ? WeightOfAccount : 1);
            sum += likely;
            if (_category[pair / _base.Answers.Departments.Count] is >= 0 and var category)
            {
                categories[category] += likely;
            }

            if (_department[pair] is >= 0 and var department)
            {
                departments[department] += likely;
            }
        }

        Scale(categories, 1 / sum);
        Scale(departments, 1 / sum);
        AddNew(text, categories, departments);
        return new Opinion(categories, departments, judged.Urgencies, judged.Kinds);
    }

    /// <summary>Where a category stands in an opinion, or -1.</summary>
    public int IndexOfCategory(string code) => IndexOf(_categories, c => c.Code == code);

    /// <summary>Where a department stands in an opinion, or -1.</summary>
    public int IndexOfDepartment(string code) => IndexOf(_departments, d => d.Code == code);

    /// <summary>Where a kind stands in an opinion, or -1.</summary>
    public int IndexOfKind(string code) => IndexOf(_base.Answers.Kinds, k => k == code);

    // Categories that a regency has made for itself are known by their keywords, until dispatchers have taught more.
    private void AddNew(string text, float[] categories, float[] departments)
    {
        if (!_isNew.Contains(true))
        {
            return;
        }

        var hits = _keywords.Count(text).Select(hit => (Index: IndexOfCategory(hit.Category), hit.Weight)).Where(hit => hit.Index >= 0 && _isNew[hit.Index]).ToArray();
        var weight = hits.Sum(hit => hit.Weight);
        var share = weight / (weight + KeywordsForHalf);
        Scale(categories, 1 - share);
        Scale(departments, 1 - share);
        foreach (var (index, own) in hits)
        {
            var likely = share * own / weight;
            categories[index] += likely;
            if (_categories[index].Department is { } code && IndexOfDepartment(code) is >= 0 and var department)
            {
                departments[department] += likely;
            }
        }
    }

    private float Oversight(Opinion opinion)
    {
        var likely = 0f;
        for (var i = 0; i < _categories.Count; i++)
        {
            likely += _categories[i].IsOversight ? opinion.Categories[i] : 0;
        }

        return likely;
    }

    private int Account(string text, string? addressed)
    {
        if (addressed is not null)
        {
            return IndexOfDepartment(addressed);
        }

        if (!text.Contains('@'))
        {
            return -1;
        }

        foreach (Match mention in Mention().Matches(text))
        {
            if (DirectoryQueries.Find(_departments, "x", mention.Value) is { } department)
            {
                return IndexOfDepartment(department.Code);
            }
        }

        return -1;
    }

    private static List<Suggestion> Ranked(float[] likely, Func<int, Suggestion> suggestion)
    {
        var best = new List<Suggestion>(Most);
        for (Span<bool> taken = stackalloc bool[likely.Length]; best.Count < Most;)
        {
            var next = -1;
            for (var i = 0; i < likely.Length; i++)
            {
                next = !taken[i] && (next < 0 || likely[i] > likely[next]) ? i : next;
            }

            if (next < 0 || (best.Count > 0 && likely[next] < Mentionable))
            {
                break;
            }

            taken[next] = true;
            best.Add(suggestion(next) with { Confidence = Rounded(likely[next]) });
        }

        return best;
    }

    private static Likelihood Best(IReadOnlyList<string> names, float[] likely, string? except = null)
    {
        var best = -1;
        for (var i = 0; i < likely.Length; i++)
        {
            best = names[i] != except && (best < 0 || likely[i] > likely[best]) ? i : best;
        }

        return new Likelihood(names[best], Rounded(likely[best]));
    }

    private static float Of(IReadOnlyList<string> names, float[] likely, string name) => IndexOf(names, n => n == name) is >= 0 and var i ? likely[i] : 0;

    private static double Rounded(float likely) => Math.Round((double)likely, 3);

    private static void Scale(float[] values, float by)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= by;
        }
    }

    private static int IndexOf<T>(IReadOnlyList<T> all, Func<T, bool> wanted)
    {
        for (var i = 0; i < all.Count; i++)
        {
            if (wanted(all[i]))
            {
                return i;
            }
        }

        return -1;
    }

    [GeneratedRegex(@"(?<![\w@.])@\w{2,30}")]
    private static partial Regex Mention();
}

/// <summary>How likely each answer is; categories and departments as the regency lists them.</summary>
internal sealed record Opinion(float[] Categories, float[] Departments, float[] Urgencies, float[] Kinds);

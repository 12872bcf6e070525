namespace SmartCity.Departments.Suggesting.Training;

/// <summary>A message and what is right about it.</summary>
/// <param name="Kind"><c>complaint</c>, <c>spam</c>, … see README.md beside the file.</param>
/// <param name="Category">Category code; empty when it is about nothing.</param>
/// <param name="Department">Code of the department; empty when no department is concerned.</param>
/// <param name="Urgency"><c>low</c>, <c>normal</c>, <c>high</c> or <c>emergency</c>.</param>
internal sealed record LabelledMessage(string Kind, string Category, string Department, string Urgency, string Text)
{
    public int[] Features { get; } = Suggesting.Features.Of(Text);
}

/// <summary>A phrase that speaks for one answer.</summary>
/// <param name="Level"><c>category</c>, <c>department</c>, <c>urgency</c> or <c>kind</c>.</param>
internal sealed record LabelledPhrase(string Level, string Answer, string Text)
{
    public int[] Features { get; } = Suggesting.Features.Of(Text);
}

/// <summary>All that the base model is trained on.</summary>
internal sealed record TrainingSet(IReadOnlyList<LabelledMessage> Messages, IReadOnlyList<LabelledPhrase> Phrases)
{
    /// <summary>Reads messages.tsv and phrases.txt.</summary>
    public static TrainingSet Read(string folder) => new(ReadMessages(Path.Combine(folder, "messages.tsv")), ReadPhrases(Path.Combine(folder, "phrases.txt")));

    private static LabelledMessage[] ReadMessages(string file) => [.. File.ReadLines(file).Skip(1).Select(line => line.Split('\t') is [var kind, var category, var department, var urgency, var text]
        ? new LabelledMessage(kind, category, department, urgency, text)
        : throw new InvalidDataException($"{file}: five columns are needed: {line}"))];

    private static LabelledPhrase[] ReadPhrases(string file) => [.. File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#').SelectMany(line =>
    {
        var colon = line.IndexOf(':');
        return line[..colon].Split(' ') is [var level, var answer]
            ? line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(phrase => new LabelledPhrase(level, answer, phrase))
            : throw new InvalidDataException($"{file}: a line begins with a level and an answer: {line}");
    })];
}

/// <summary>Makes the base model.</summary>
internal static class TrainBase
{
    private const int Rounds = 30, LeastSamples = 2;

    private const float Rate = 0.3f, Ridge = 1e-4f;

    /// <summary>Learns all four answers from the same messages.</summary>
    public static BaseModel Fit(TrainingSet set, float[]? temperatures = null, BaseMeasure? measure = null)
    {
        var messages = set.Messages;
        var answers = Answers(messages);
        var sorted = messages.Where(m => m.Category.Length > 0).ToArray();
        var assigned = messages.Where(m => m.Department.Length > 0).ToArray();
        string? UsualOf(string category) => answers.Categories.IndexOf(category) is >= 0 and var c && answers.Usual[c] >= 0 ? answers.Departments[answers.Usual[c]] : null;
        Func<Weights>[] parts =
        [
            () => Part(sorted, m => m.Category, answers.Categories, set.Phrases, p => p.Level == "category" ? p.Answer : null),
            () => Part(assigned, m => m.Department, answers.Departments, set.Phrases, p => p.Level == "department" ? p.Answer : p.Level == "category" ? UsualOf(p.Answer) : null),
            () => Part(messages, m => m.Urgency, answers.Urgencies, set.Phrases, p => p.Level == "urgency" ? p.Answer : null),
            () => Part(messages, m => m.Kind, answers.Kinds, set.Phrases, p => p.Level == "kind" ? p.Answer : null),
        ];
        return BaseModel.Of(answers, measure ?? BaseMeasure.None, temperatures ?? [1, 1, 1], [.. parts.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(part => part())]);
    }

    private static Weights Part(
        IReadOnlyList<LabelledMessage> messages, Func<LabelledMessage, string> label, IReadOnlyList<string> answers, IReadOnlyList<LabelledPhrase> phrases, Func<LabelledPhrase, string?> answer)
    {
        var samples = messages.Select(m => new Sample(m.Features, answers.IndexOf(label(m)))).Concat(
            from phrase in phrases
            let at = answer(phrase) is { } known ? answers.IndexOf(known) : -1
            where at >= 0
            select new Sample(phrase.Features, at));
        return Trainer.Train([.. samples], answers.Count, Rounds, Rate, Ridge, least: LeastSamples);
    }

    private static BaseAnswers Answers(IReadOnlyList<LabelledMessage> messages)
    {
        string[] All(Func<LabelledMessage, string> label) => [.. messages.Select(label).Where(l => l.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        var (categories, departments) = (All(m => m.Category), All(m => m.Department));
        var pairs = messages.Where(m => m.Category.Length > 0 && m.Department.Length > 0).GroupBy(m => (Category: Array.IndexOf(categories, m.Category), Department: Array.IndexOf(departments, m.Department))).ToArray();
        var usual = categories.Select((name, c) =>
        {
            // A category that mostly has none, such as suggestions, has no usual department.
            var own = pairs.Where(p => p.Key.Category == c).OrderByDescending(p => p.Count()).FirstOrDefault();
            return own is not null && own.Count() * 2 > messages.Count(m => m.Category == name) ? own.Key.Department : -1;
        });
        return new BaseAnswers(categories, departments, All(m => m.Urgency), All(m => m.Kind), [.. usual], pairs.Select(p => (p.Key.Category * departments.Length) + p.Key.Department).ToHashSet());
    }

    private static int IndexOf(this IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}

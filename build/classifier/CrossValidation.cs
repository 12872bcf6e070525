using SmartCity.Departments.Suggesting;
using SmartCity.Departments.Suggesting.Training;

namespace SmartCity.Classifier;

/// <summary>A message and what a model thinks of it that has not seen it, nor one much like it.</summary>
/// <param name="Nearest">What share of words it has in common with the message likest to it of those that the model has seen.</param>
internal sealed record Judged(LabelledMessage Message, BaseModel Model, BaseOpinion Opinion, double Nearest = 0)
{
    public (string Answer, float Confidence) Category => Best(Model.Answers.Categories, Model.Answers.Departments.Count, 1);

    public (string Answer, float Confidence) Department => Best(Model.Answers.Departments, 1, Model.Answers.Departments.Count);

    public (string Answer, float Confidence) Urgency => Best(Model.Answers.Urgencies, Opinion.Urgencies);

    public (string Answer, float Confidence) Kind => Best(Model.Answers.Kinds, Opinion.Kinds);

    /// <summary>How likely an answer of one of the parts is.</summary>
    public static float Of(IReadOnlyList<string> names, float[] likely, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return likely[i];
            }
        }

        return 0;
    }

    public float[] Departments => Sums(Model.Answers.Departments.Count, 1, Model.Answers.Departments.Count);

    private float[] Sums(int count, int step, int stride)
    {
        var (sums, other) = (new float[count], Opinion.Pairs.Length / count);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < other; j++)
            {
                sums[i] += Opinion.Pairs[(i * step) + (j * stride)];
            }
        }

        return sums;
    }

    private (string, float) Best(IReadOnlyList<string> names, int step, int stride) => Best(names, Sums(names.Count, step, stride));

    private static (string, float) Best(IReadOnlyList<string> names, float[] likely)
    {
        var best = Array.IndexOf(likely, likely.Max());
        return (names[best], likely[best]);
    }
}

/// <summary>
/// Trains without a part of the messages and judges that part, for each part in turn. Messages that are much alike stay together, so
/// that none is judged by a model that knows its twin; each part has its share of every category and department.
/// </summary>
internal static class CrossValidation
{
    /// <summary>Two messages with such a share of common words are variants of one.</summary>
    public const double Alike = 0.5;

    public static IReadOnlyList<Judged> Run(TrainingSet set, int folds, Action<int> done)
    {
        var fold = Folds(set.Messages, folds);
        var nearest = Nearest(set.Messages, fold);
        var judged = new Judged[set.Messages.Count];
        for (var f = 0; f < folds; f++)
        {
            var model = TrainBase.Fit(set with { Messages = [.. set.Messages.Where((_, i) => fold[i] != f)] });
            for (var i = 0; i < judged.Length; i++)
            {
                if (fold[i] == f)
                {
                    judged[i] = new Judged(set.Messages[i], model, model.Judge(set.Messages[i].Features), nearest[i]);
                }
            }

            done(f + 1);
        }

        return judged;
    }

    /// <summary>The temperatures at which the judgements are as sure as they are right: the least surprise over all.</summary>
    public static float[] Temperatures(IReadOnlyList<Judged> judged)
    {
        float Coolest(Func<BaseModel, float, BaseModel> with, Func<Judged, double?> likely) => Enumerable.Range(0, 37).Select(i => 0.4f + (i * 0.05f)).MinBy(t => judged
            .Select(j => (j.Message, Model: with(j.Model, t))).Select(x => likely(new Judged(x.Message, x.Model, x.Model.Judge(x.Message.Features))))
            .Where(p => p is not null).Average(p => -Math.Log(Math.Max(p!.Value, 1e-6))));
        return
        [
            Coolest((m, t) => m.With([t, 1, 1]), j => j.Message.Department.Length == 0 ? null : Judged.Of(j.Model.Answers.Departments, j.Departments, j.Message.Department)),
            Coolest((m, t) => m.With([1, t, 1]), j => Judged.Of(j.Model.Answers.Urgencies, j.Opinion.Urgencies, j.Message.Urgency)),
            Coolest((m, t) => m.With([1, 1, t]), j => Judged.Of(j.Model.Answers.Kinds, j.Opinion.Kinds, j.Message.Kind)),
        ];
    }

    /// <summary>How often the best answer was right.</summary>
    public static BaseMeasure Measure(IReadOnlyList<Judged> judged, float[] temperatures, int folds)
    {
        Judged[] fair = [.. Tempered(judged, temperatures)];
        var (assigned, sorted) = (fair.Where(j => j.Message.Department.Length > 0).ToArray(), fair.Where(j => j.Message.Category.Length > 0).ToArray());
        float Share(Judged[] all, Func<Judged, bool> right) => (float)all.Count(right) / all.Length;
        return new BaseMeasure(fair.Length, folds, Share(assigned, j => j.Department.Answer == j.Message.Department), Share(sorted, j => j.Category.Answer == j.Message.Category),
            Share(fair, j => j.Urgency.Answer == j.Message.Urgency), Share(fair, j => j.Kind.Answer == j.Message.Kind));
    }

    /// <summary>The same, as sure as the temperatures have it.</summary>
    public static IEnumerable<Judged> Tempered(IReadOnlyList<Judged> judged, float[] temperatures) => judged.Select(j =>
        j.Model.With(temperatures) is var model ? j with { Model = model, Opinion = model.Judge(j.Message.Features) } : j);

    private static int[] Folds(IReadOnlyList<LabelledMessage> messages, int folds)
    {
        var group = Groups(messages);
        var sizes = new Dictionary<(string, int), int>();
        var fold = new int[messages.Count];
        Array.Fill(fold, -1);
        // In an order that has nothing to do with the file's.
        foreach (var one in Enumerable.Range(0, messages.Count).GroupBy(i => group[i]).OrderBy(g => (uint)g.Key * 2654435761u))
        {
            var (first, size) = (messages[one.First()], one.Count());
            var stratum = $"{first.Kind} {first.Category} {first.Department}";
            var least = Enumerable.Range(0, folds).MinBy(f => (sizes.GetValueOrDefault((stratum, f)), sizes.GetValueOrDefault(("", f))));
            foreach (var i in one)
            {
                fold[i] = least;
            }

            sizes[(stratum, least)] = sizes.GetValueOrDefault((stratum, least)) + size;
            sizes[("", least)] = sizes.GetValueOrDefault(("", least)) + size;
        }

        return fold;
    }

    private static int[] Groups(IReadOnlyList<LabelledMessage> messages)
    {
        var words = WordsOf(messages);
        var group = Enumerable.Range(0, messages.Count).ToArray();
        int Root(int i)
        {
            while (group[i] != i)
            {
                i = group[i] = group[group[i]];
            }

            return i;
        }

        for (var i = 0; i < words.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (Common(words[i], words[j]) >= Alike)
                {
                    group[Root(i)] = Root(j);
                }
            }
        }

        return [.. group.Select((_, i) => Root(i))];
    }

    private static double[] Nearest(IReadOnlyList<LabelledMessage> messages, int[] fold)
    {
        var words = WordsOf(messages);
        return [.. messages.Select((_, i) => Enumerable.Range(0, words.Length).Where(j => fold[j] != fold[i]).Max(j => Common(words[i], words[j])))];
    }

    private static HashSet<int>[] WordsOf(IReadOnlyList<LabelledMessage> messages) => [.. messages.Select(m => m.Features.Where(Features.IsWord).ToHashSet())];

    private static double Common(HashSet<int> one, HashSet<int> other)
    {
        if (Math.Min(one.Count, other.Count) < Math.Max(one.Count, other.Count) * 0.1)
        {
            return 0;
        }

        var shared = one.Count(other.Contains);
        return (double)shared / Math.Max(1, one.Count + other.Count - shared);
    }
}

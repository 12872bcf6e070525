using System.Numerics;
using System.Runtime.InteropServices;

namespace SmartCity.Departments.Suggesting;

/// <summary>A text to learn from.</summary>
/// <param name="Features">As <see cref="Features.Of"/> gives them.</param>
/// <param name="Label">Index of the right answer.</param>
/// <param name="Weight">How much it counts; 1 is a message.</param>
/// <param name="Start">What is thought of each answer already, as logarithms; null: nothing.</param>
internal readonly record struct Sample(int[] Features, int Label, float Weight = 1, float[]? Start = null);

/// <summary>How much each feature speaks for each answer.</summary>
/// <param name="Answers">How many answers there are.</param>
/// <param name="Rows">Where a feature's weights begin in <paramref name="Values"/>; what was never seen has none.</param>
/// <param name="Values">Weights, row by row; the first row holds what is thought without any feature.</param>
internal sealed record Weights(int Answers, IReadOnlyDictionary<int, int> Rows, float[] Values)
{
    /// <summary>What the features say of each answer, added to what is thought already.</summary>
    public void AddTo(Span<float> scores, ReadOnlySpan<int> features)
    {
        var scale = Features.Scale(features);
        AddRow(scores, 0, 1);
        foreach (var feature in features)
        {
            if (Rows.TryGetValue(feature, out var row))
            {
                AddRow(scores, row, Features.Weight(feature) * scale);
            }
        }
    }

    private void AddRow(Span<float> scores, int row, float by)
    {
        var values = Values.AsSpan(row * Answers, Answers);
        for (var i = 0; i < values.Length; i++)
        {
            scores[i] += values[i] * by;
        }
    }
}

/// <summary>
/// Multinomial logistic regression, by stochastic gradient descent with AdaGrad. One order, one start, no chance: the same samples
/// give the same weights.
/// </summary>
internal static class Trainer
{
    private const float BiasScale = 0.3f;

    /// <summary>Learns from samples.</summary>
    /// <param name="rate">How far one step goes.</param>
    /// <param name="ridge">How strongly weights are drawn to nothing.</param>
    /// <param name="caution">Above 0, the first steps are short too.</param>
    /// <param name="least">What is no whole word and fewer samples have is left out: it is mostly chance.</param>
    public static Weights Train(IReadOnlyList<Sample> samples, int answers, int rounds, float rate, float ridge, float caution = 0, int least = 1)
    {
        var rows = new Dictionary<int, int>();
        foreach (var feature in samples.SelectMany(s => s.Features).CountBy(f => f).Where(f => f.Value >= least || Features.IsWord(f.Key)).Select(f => f.Key))
        {
            rows[feature] = rows.Count + 1;
        }

        // Rows are as wide as whole vectors; what is beyond the last answer stays nothing.
        var width = (answers + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        var texts = samples.Select(s =>
            s.Features.Where(rows.ContainsKey).Select(f => (Row: rows[f], By: Features.Weight(f) * Features.Scale(s.Features))).ToArray()).ToArray();
        var (values, squares, scores) = (new float[(rows.Count + 1) * width], new float[(rows.Count + 1) * width], new float[width]);
        Array.Fill(squares, caution);
        var order = Enumerable.Range(0, samples.Count).ToArray();
        var random = 0x2545F491u;
        for (var round = 0; round < rounds; round++)
        {
            Shuffle(order, ref random);
            foreach (var at in order)
            {
                var (sample, text) = (samples[at], texts[at]);
                Begin(scores, sample, values.AsSpan(0, answers));
                foreach (var (row, by) in text)
                {
                    Add(scores, values.AsSpan(row * width, width), by);
                }

                Softmax(scores.AsSpan(0, answers));
                scores[sample.Label] -= 1;
                scores.AsSpan(answers).Clear();
                for (var i = 0; i < answers; i++)
                {
                    scores[i] *= sample.Weight;
                }

                foreach (var (row, by) in text)
                {
                    Step(values.AsSpan(row * width, width), squares.AsSpan(row * width, width), scores, by, rate, ridge);
                }

                Step(values.AsSpan(0, width), squares.AsSpan(0, width), scores, BiasScale, rate, 0);
            }
        }

        return Narrow(answers, width, rows, values);
    }

    /// <summary>Makes probabilities of scores.</summary>
    public static void Softmax(Span<float> scores, float temperature = 1)
    {
        var highest = float.NegativeInfinity;
        foreach (var score in scores)
        {
            highest = MathF.Max(highest, score);
        }

        var sum = 0f;
        for (var i = 0; i < scores.Length; i++)
        {
            sum += scores[i] = MathF.Exp((scores[i] - highest) / temperature);
        }

        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] /= sum;
        }
    }

    private static void Begin(float[] scores, Sample sample, ReadOnlySpan<float> bias)
    {
        Array.Clear(scores);
        for (var i = 0; i < bias.Length; i++)
        {
            scores[i] = (bias[i] * BiasScale) + (sample.Start is { } start ? start[i] : 0);
        }
    }

    private static void Add(Span<float> scores, Span<float> row, float scale)
    {
        var to = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var from = MemoryMarshal.Cast<float, Vector<float>>(row);
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += from[i] * scale;
        }
    }

    private static void Step(Span<float> row, Span<float> squares, Span<float> errors, float scale, float rate, float ridge)
    {
        var values = MemoryMarshal.Cast<float, Vector<float>>(row);
        var sums = MemoryMarshal.Cast<float, Vector<float>>(squares);
        var by = MemoryMarshal.Cast<float, Vector<float>>(errors);
        var least = new Vector<float>(1e-6f);
        for (var i = 0; i < values.Length; i++)
        {
            var gradient = (by[i] * scale) + (values[i] * ridge);
            sums[i] += gradient * gradient;
            values[i] -= gradient * rate / (Vector.SquareRoot(sums[i]) + least);
        }
    }

    private static Weights Narrow(int answers, int width, Dictionary<int, int> rows, float[] values)
    {
        var narrow = new float[(rows.Count + 1) * answers];
        for (var row = 0; row <= rows.Count; row++)
        {
            values.AsSpan(row * width, answers).CopyTo(narrow.AsSpan(row * answers));
        }

        for (var i = 0; i < answers; i++)
        {
            narrow[i] *= BiasScale;
        }

        return new Weights(answers, rows, narrow);
    }

    private static void Shuffle(int[] order, ref uint random)
    {
        for (var i = order.Length - 1; i > 0; i--)
        {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            var other = (int)(random % (uint)(i + 1));
            (order[i], order[other]) = (order[other], order[i]);
        }
    }
}

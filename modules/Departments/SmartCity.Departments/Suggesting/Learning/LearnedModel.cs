using System.IO.Compression;
using System.Text;

namespace SmartCity.Departments.Suggesting.Learning;

/// <summary>
/// What a regency's dispatchers have taught beyond the base model: for each answer that they gave, which features speak for it more, or
/// less, than the base thinks. Without decisions it says nothing; with many it can overrule the base.
/// </summary>
/// <param name="Decisions">How many decisions it was made of.</param>
internal sealed record LearnedModel(LearnedPart Categories, LearnedPart Departments, LearnedPart Kinds, int Decisions)
{
    private const int Rounds = 15;

    private const float Rate = 0.3f, Ridge = 0.002f;

    // A single decision must not turn everything around: steps grow small only after several of the kind.
    private const float Caution = 0.05f;

    private const float Least = 1e-4f;

    /// <summary>Of the runs of letters, which are most of a text's features, only the base knows: a regency's model stays small.</summary>
    private static int[] Known(int[] features) => [.. features.TakeWhile(Suggesting.Features.IsWhole)];

    /// <summary>Learns from decisions, on top of what the base thinks. The same decisions in the same order give the same model.</summary>
    public static LearnedModel Of(IReadOnlyList<Lesson> lessons, Suggester suggester)
    {
        var opinions = lessons.Select(l => suggester.Judge(l.Text, l.Features, addressed: null)).ToArray();
        LearnedPart Part(Func<Lesson, string?> answer, Func<Opinion, float[]> likely, Func<string, int> index)
        {
            var codes = lessons.Select(answer).OfType<string>().Where(code => index(code) >= 0).Distinct().Order(StringComparer.Ordinal).ToArray();
            if (codes.Length == 0)
            {
                return LearnedPart.Empty;
            }

            // What nobody has decided yet stands together as one more answer, so that it can win over none of the taught ones by chance.
            var samples = lessons.Zip(opinions).Where(x => answer(x.First) is { } code && Array.IndexOf(codes, code) >= 0)
                .Select(x => new Sample(Known(x.First.Features), Array.IndexOf(codes, answer(x.First)), Start: Start(likely(x.Second), codes, index)));
            return new LearnedPart(codes, Trainer.Train([.. samples], codes.Length + 1, Rounds, Rate, Ridge, Caution));
        }

        return new LearnedModel(
            Part(l => l.Category, o => o.Categories, suggester.IndexOfCategory),
            Part(l => l.Department, o => o.Departments, suggester.IndexOfDepartment),
            Part(l => l.Kind, o => o.Kinds, suggester.IndexOfKind),
            lessons.Count);
    }

    /// <summary>Changes an opinion by what was learnt.</summary>
    public void Teach(Opinion opinion, int[] features, Suggester suggester)
    {
        features = Known(features);
        Teach(Categories, opinion.Categories, features, suggester.IndexOfCategory);
        Teach(Departments, opinion.Departments, features, suggester.IndexOfDepartment);
        Teach(Kinds, opinion.Kinds, features, suggester.IndexOfKind);
    }

    private static void Teach(LearnedPart part, float[] likely, int[] features, Func<string, int> index)
    {
        if (part.Weights is not { } weights)
        {
            return;
        }

        var taught = part.Codes.Select(index).ToArray();
        var before = Start(likely, part.Codes, index);
        var scores = (float[])before.Clone();
        weights.AddTo(scores, features);
        Trainer.Softmax(scores);
        // The others keep their order among themselves, and share what is left.
        var (rest, left) = (MathF.Exp(before[^1]), scores[^1]);
        for (var i = 0; i < likely.Length; i++)
        {
            if (!taught.Contains(i))
            {
                likely[i] *= left / rest;
            }
        }

        for (var i = 0; i < taught.Length; i++)
        {
            if (taught[i] >= 0)
            {
                likely[taught[i]] = scores[i];
            }
        }
    }

    // Logarithms of what is thought of each taught answer, and at the end of all others together.
    private static float[] Start(float[] likely, IReadOnlyList<string> codes, Func<string, int> index)
    {
        var start = new float[codes.Count + 1];
        var rest = 1f;
        for (var i = 0; i < codes.Count; i++)
        {
            var own = index(codes[i]) is >= 0 and var at ? likely[at] : 0;
            rest -= own;
            start[i] = MathF.Log(MathF.Max(own, Least));
        }

        start[^1] = MathF.Log(MathF.Max(rest, Least));
        return start;
    }

    /// <summary>As it is stored.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(new BrotliStream(bytes, CompressionLevel.Fastest), Encoding.UTF8))
        {
            writer.Write(Decisions);
            foreach (var part in (LearnedPart[])[Categories, Departments, Kinds])
            {
                part.Write(writer);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>As it was stored.</summary>
    public static LearnedModel Of(byte[] bytes)
    {
        using var reader = new BinaryReader(new BufferedStream(new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress)), Encoding.UTF8);
        var decisions = reader.ReadInt32();
        return new LearnedModel(LearnedPart.Read(reader), LearnedPart.Read(reader), LearnedPart.Read(reader), decisions);
    }
}

/// <summary>What was learnt about one sort of answer.</summary>
/// <param name="Codes">The answers that were given; the weights have one more, for all others.</param>
internal sealed record LearnedPart(IReadOnlyList<string> Codes, Weights? Weights)
{
    public static LearnedPart Empty { get; } = new([], null);

    public void Write(BinaryWriter writer)
    {
        writer.Write(Codes.Count);
        foreach (var code in Codes)
        {
            writer.Write(code);
        }

        writer.Write(Weights?.Rows.Count ?? -1);
        if (Weights is null)
        {
            return;
        }

        WriteRow(writer, 0);
        foreach (var (feature, row) in Weights.Rows.OrderBy(r => r.Key))
        {
            writer.Write(feature);
            WriteRow(writer, row);
        }
    }

    public static LearnedPart Read(BinaryReader reader)
    {
        var codes = new string[reader.ReadInt32()];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = reader.ReadString();
        }

        var count = reader.ReadInt32();
        if (count < 0)
        {
            return new LearnedPart(codes, null);
        }

        var answers = codes.Length + 1;
        var values = new float[(count + 1) * answers];
        var rows = new Dictionary<int, int>(count);
        ReadRow(reader, values.AsSpan(0, answers));
        for (var row = 1; row <= count; row++)
        {
            rows[reader.ReadInt32()] = row;
            ReadRow(reader, values.AsSpan(row * answers, answers));
        }

        return new LearnedPart(codes, new Weights(answers, rows, values));
    }

    private void WriteRow(BinaryWriter writer, int row)
    {
        foreach (var weight in Weights!.Values.AsSpan(row * Weights.Answers, Weights.Answers))
        {
            writer.Write((Half)weight);
        }
    }

    private static void ReadRow(BinaryReader reader, Span<float> row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = (float)reader.ReadHalf();
        }
    }
}

/// <summary>A text and what a person decided about it; null where nothing was decided.</summary>
internal sealed record Lesson(string Text, string? Category, string? Department, string? Kind)
{
    public int[] Features { get; } = Suggesting.Features.Of(Text.Length > Suggester.MaxText ? Text[..Suggester.MaxText] : Text);
}

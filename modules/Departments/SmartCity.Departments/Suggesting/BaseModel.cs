using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SmartCity.Departments.Suggesting;

/// <summary>What the base model thinks of a text: how likely each of its answers is.</summary>
/// <param name="Pairs">Category and department together, row by row of categories; they sum up to one.</param>
internal sealed record BaseOpinion(float[] Pairs, float[] Urgencies, float[] Kinds);

/// <summary>
/// What is known before any regency has corrected anything: learnt from the messages in the folder Training, and kept as the file
/// base.model. Loaded once, never changed, so any number of threads may ask.
/// </summary>
internal sealed class BaseModel
{
    /// <summary>Begins the file; the last character is its version.</summary>
    private static readonly byte[] Mark = "SCM3"u8.ToArray();

    // How much less likely a department is for a category of which no message taught it: another category's own department is hardly
    // ever meant, while a body outside, such as a neighbour, may be concerned by anything.
    private const float StrangePair = 0.02f, OutsidePair = 0.3f;

    // Smaller weights say nothing and are not kept.
    private const float Least = 1 / 254f;

    private static readonly Lazy<(BaseModel Model, string Version)> Shipped = new(() =>
    {
        using var resource = typeof(BaseModel).Assembly.GetManifestResourceStream("Suggesting/base.model")!;
        using var file = new MemoryStream((int)resource.Length);
        resource.CopyTo(file);
        file.Position = 0;
        return (Read(file), $"base-{Convert.ToHexStringLower(SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length)))[..8]}");
    });

    private readonly int[] _rowOf;
    private readonly float[] _values;
    private readonly int _width;
    private readonly float[] _plausible;

    private BaseModel(BaseAnswers answers, BaseMeasure measure, float[] temperatures, int[] features, float[] values, int width)
    {
        Answers = answers;
        Measure = measure;
        Temperatures = temperatures;
        _values = values;
        _width = width;
        _rowOf = new int[Features.Space];
        for (var row = 0; row < features.Length; row++)
        {
            _rowOf[features[row]] = row + 1;
        }

        RowCount = features.Length;
        _plausible = Plausible(answers);
    }

    private BaseModel(BaseModel other, float[] temperatures) =>
        (Answers, Measure, Temperatures, RowCount, _rowOf, _values, _width, _plausible) = (other.Answers, other.Measure, temperatures, other.RowCount, other._rowOf, other._values, other._width, other._plausible);

    /// <summary>The model of this version.</summary>
    public static BaseModel Current => Shipped.Value.Model;

    /// <summary>Named in every answer, so that later it is known which model gave it: from the content of base.model.</summary>
    public static string Version => Shipped.Value.Version;

    public BaseAnswers Answers { get; }

    /// <summary>How often it was right, when it was made.</summary>
    public BaseMeasure Measure { get; }

    /// <summary>How sure the answers are, by <see cref="Pair"/>, <see cref="Urgency"/> and <see cref="Kind"/>: above 1 they are surer than they may be.</summary>
    public float[] Temperatures { get; }

    /// <summary>Index into <see cref="Temperatures"/>.</summary>
    public const int Pair = 0, Urgency = 1, Kind = 2;

    /// <summary>How many features it knows.</summary>
    public int RowCount { get; }

    /// <summary>Puts four trained parts together; weights are rounded as the file will have them.</summary>
    public static BaseModel Of(BaseAnswers answers, BaseMeasure measure, float[] temperatures, IReadOnlyList<Weights> parts)
    {
        var sum = parts.Sum(p => p.Answers);
        var width = (sum + 7) / 8 * 8;
        var features = parts.SelectMany(p => p.Rows.Keys).Distinct().Order().ToArray();
        var values = new float[(features.Length + 1) * width];
        var at = 0;
        foreach (var part in parts)
        {
            part.Values.AsSpan(0, part.Answers).CopyTo(values.AsSpan(at));
            for (var row = 0; row < features.Length; row++)
            {
                if (part.Rows.TryGetValue(features[row], out var from))
                {
                    part.Values.AsSpan(from * part.Answers, part.Answers).CopyTo(values.AsSpan(((row + 1) * width) + at));
                }
            }

            at += part.Answers;
        }

        using var file = new MemoryStream();
        Write(file, answers, measure, temperatures, features, values, width);
        file.Position = 0;
        return Read(file);
    }

    /// <summary>The same, surer or less sure.</summary>
    public BaseModel With(float[] temperatures) => new(this, temperatures);

    /// <summary>What it thinks of a text's features.</summary>
    public BaseOpinion Judge(ReadOnlySpan<int> features)
    {
        Span<float> scores = stackalloc float[_width];
        var scale = Features.Scale(features);
        AddRow(scores, 0, 1);
        foreach (var feature in features)
        {
            if (_rowOf[feature] is > 0 and var row)
            {
                AddRow(scores, row, Features.Weight(feature) * scale);
            }
        }

        var (categories, departments) = (Answers.Categories.Count, Answers.Departments.Count);
        var pairs = Together(scores[..categories], scores.Slice(categories, departments));
        var urgencies = scores.Slice(categories + departments, Answers.Urgencies.Count).ToArray();
        var kinds = scores.Slice(categories + departments + urgencies.Length, Answers.Kinds.Count).ToArray();
        Trainer.Softmax(urgencies, Temperatures[Urgency]);
        Trainer.Softmax(kinds, Temperatures[Kind]);
        return new BaseOpinion(pairs, urgencies, kinds);
    }

    /// <summary>Writes the model as it is shipped.</summary>
    public void Write(Stream file)
    {
        var features = new int[RowCount];
        for (var feature = 0; feature < _rowOf.Length; feature++)
        {
            if (_rowOf[feature] > 0)
            {
                features[_rowOf[feature] - 1] = feature;
            }
        }

        Write(file, Answers, Measure, Temperatures, features, _values, _width);
    }

    // Category and department are two opinions on one thing: what both find likely, and what goes together.
    private float[] Together(Span<float> categories, Span<float> departments)
    {
        Trainer.Softmax(categories, Temperatures[Pair]);
        Trainer.Softmax(departments, Temperatures[Pair]);
        var pairs = new float[categories.Length * departments.Length];
        var sum = 0f;
        for (var c = 0; c < categories.Length; c++)
        {
            for (var d = 0; d < departments.Length; d++)
            {
                var at = (c * departments.Length) + d;
                sum += pairs[at] = categories[c] * departments[d] * _plausible[at];
            }
        }

        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] /= sum;
        }

        return pairs;
    }

    private void AddRow(Span<float> scores, int row, float by)
    {
        var to = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var from = MemoryMarshal.Cast<float, Vector<float>>(_values.AsSpan(row * _width, _width));
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += from[i] * by;
        }

        for (var i = to.Length * Vector<float>.Count; i < scores.Length; i++)
        {
            scores[i] += _values[(row * _width) + i] * by;
        }
    }

    private static float[] Plausible(BaseAnswers answers)
    {
        var plausible = new float[answers.Categories.Count * answers.Departments.Count];
        for (var d = 0; d < answers.Departments.Count; d++)
        {
            var strange = answers.Usual.Contains(d) ? StrangePair : OutsidePair;
            for (var c = 0; c < answers.Categories.Count; c++)
            {
                var at = (c * answers.Departments.Count) + d;
                plausible[at] = answers.Seen.Contains(at) ? 1 : strange;
            }
        }

        return plausible;
    }

    private static void Write(Stream file, BaseAnswers answers, BaseMeasure measure, float[] temperatures, int[] features, float[] values, int width)
    {
        file.Write(Mark);
        using var zip = new BrotliStream(file, CompressionLevel.SmallestSize, leaveOpen: true);
        using var writer = new BinaryWriter(zip, Encoding.UTF8);
        foreach (var names in (IReadOnlyList<string>[])[answers.Categories, answers.Departments, answers.Urgencies, answers.Kinds])
        {
            writer.Write(names.Count);
            foreach (var name in names)
            {
                writer.Write(name);
            }
        }

        foreach (var usual in answers.Usual)
        {
            writer.Write((sbyte)usual);
        }

        writer.Write(answers.Seen.Count);
        foreach (var pair in answers.Seen.Order())
        {
            writer.Write((short)pair);
        }

        foreach (var number in (IEnumerable<float>)[measure.Messages, measure.Parts, measure.Department, measure.Category, measure.Urgency, measure.Kind, .. temperatures])
        {
            writer.Write(number);
        }

        WriteRows(writer, features, values, width);
    }

    // Each row as bytes and what one of them stands for: a weight needs no more than two digits.
    private static void WriteRows(BinaryWriter writer, int[] features, float[] values, int width)
    {
        writer.Write(width);
        writer.Write(features.Length);
        var before = 0;
        foreach (var feature in features)
        {
            writer.Write7BitEncodedInt(feature - before);
            before = feature;
        }

        for (var row = 0; row <= features.Length; row++)
        {
            var weights = values.AsSpan(row * width, width);
            var largest = 0f;
            foreach (var weight in weights)
            {
                largest = MathF.Max(largest, MathF.Abs(weight));
            }

            var step = (float)(Half)MathF.Max(largest / 127, Least);
            writer.Write((Half)step);
            foreach (var weight in weights)
            {
                writer.Write((sbyte)Math.Clamp(MathF.Round(weight / step), -127, 127));
            }
        }
    }

    private static BaseModel Read(Stream file)
    {
        Span<byte> mark = stackalloc byte[Mark.Length];
        file.ReadExactly(mark);
        if (!mark.SequenceEqual(Mark))
        {
            throw new InvalidDataException("base.model is of another version: make it again with 'build/classification train'.");
        }

        using var zip = new BrotliStream(file, CompressionMode.Decompress, leaveOpen: true);
        using var reader = new BinaryReader(new BufferedStream(zip, 1 << 16), Encoding.UTF8);
        string[] Names()
        {
            var names = new string[reader.ReadInt32()];
            for (var i = 0; i < names.Length; i++)
            {
                names[i] = reader.ReadString();
            }

            return names;
        }

        var (categories, departments, urgencies, kinds) = (Names(), Names(), Names(), Names());
        var usual = new int[categories.Length];
        for (var i = 0; i < usual.Length; i++)
        {
            usual[i] = reader.ReadSByte();
        }

        var seen = new HashSet<int>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            seen.Add(reader.ReadInt16());
        }

        var measure = new BaseMeasure((int)reader.ReadSingle(), (int)reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle());
        float[] temperatures = [reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle()];
        var width = reader.ReadInt32();
        var (features, values) = ReadRows(reader, width);
        return new BaseModel(new BaseAnswers(categories, departments, urgencies, kinds, usual, seen), measure, temperatures, features, values, width);
    }

    private static (int[] Features, float[] Values) ReadRows(BinaryReader reader, int width)
    {
        var features = new int[reader.ReadInt32()];
        var before = 0;
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = before += reader.Read7BitEncodedInt();
        }

        var values = new float[(features.Length + 1) * width];
        var bytes = new byte[width];
        for (var row = 0; row <= features.Length; row++)
        {
            var step = (float)reader.ReadHalf();
            reader.BaseStream.ReadExactly(bytes);
            for (var i = 0; i < width; i++)
            {
                values[(row * width) + i] = (sbyte)bytes[i] * step;
            }
        }

        return (features, values);
    }
}

/// <summary>What the base model can answer.</summary>
/// <param name="Categories">Codes.</param>
/// <param name="Departments">Codes as the messages have them.</param>
/// <param name="Urgencies">Codes.</param>
/// <param name="Kinds">Codes.</param>
/// <param name="Usual">Of each category: the department that most of its messages go to, or -1.</param>
/// <param name="Seen">Pairs of category and department that messages have, as category × departments + department.</param>
internal sealed record BaseAnswers(
    IReadOnlyList<string> Categories, IReadOnlyList<string> Departments, IReadOnlyList<string> Urgencies, IReadOnlyList<string> Kinds,
    IReadOnlyList<int> Usual, IReadOnlySet<int> Seen);

/// <summary>How often the base is right about messages that it has not seen, nor any much like them: from cross-validation, 0 to 1.</summary>
/// <param name="Messages">How many it was measured with.</param>
/// <param name="Parts">Into how many parts they were divided.</param>
internal sealed record BaseMeasure(int Messages, int Parts, float Department, float Category, float Urgency, float Kind)
{
    public static BaseMeasure None { get; } = new(0, 0, 0, 0, 0, 0);
}

using System.Diagnostics;
using SmartCity.Departments.Suggesting;
using SmartCity.Departments.Suggesting.Training;

namespace SmartCity.Classifier;

/// <summary>What a model is worth, as Markdown.</summary>
internal static class Report
{
    private static readonly float[] Thresholds = [0, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f];

    public static void Show(IReadOnlyList<Judged> raw, bool errors)
    {
        var temperatures = CrossValidation.Temperatures(raw);
        var judged = CrossValidation.Tempered(raw, temperatures).ToArray();
        var (assigned, sorted) = (judged.Where(j => j.Message.Department.Length > 0).ToArray(), judged.Where(j => j.Message.Category.Length > 0).ToArray());
        Console.WriteLine($"{judged.Length} messages, {assigned.Length} of them for a department. Temperatures {string.Join(", ", temperatures.Select(t => t.ToString("0.00")))}.\n");
        Console.WriteLine("| answer | right |\n| --- | --- |");
        Console.WriteLine($"| department | {Share(assigned, j => j.Department.Answer == j.Message.Department)} |");
        Console.WriteLine($"| department among the first three | {Share(assigned, j => j.Departments.Select((p, i) => (p, i)).OrderByDescending(x => x.p).Take(3).Any(x => j.Model.Answers.Departments[x.i] == j.Message.Department))} |");
        Console.WriteLine($"| category | {Share(sorted, j => j.Category.Answer == j.Message.Category)} |");
        Console.WriteLine($"| urgency | {Share(judged, j => j.Urgency.Answer == j.Message.Urgency)} |");
        Console.WriteLine($"| kind | {Share(judged, j => j.Kind.Answer == j.Message.Kind)} |\n");

        Console.WriteLine($"No message has {CrossValidation.Alike:0.0} of its words in common with one that its model has seen: at most {judged.Max(j => j.Nearest):0.00}.\n");
        Console.WriteLine("| words in common with the likest that was seen | messages | department right |\n| --- | --- | --- |");
        foreach (var (from, to) in (IEnumerable<(double, double)>)[(0, 0.15), (0.15, 0.25), (0.25, 0.35), (0.35, CrossValidation.Alike)])
        {
            var part = assigned.Where(j => j.Nearest >= from && j.Nearest < to).ToArray();
            Console.WriteLine($"| {from:0.00} to {to:0.00} | {part.Length} | {Share(part, j => j.Department.Answer == j.Message.Department)} |");
        }

        Console.WriteLine();
        Console.WriteLine("| confidence at least | departments decided | of these right | categories decided | of these right |\n| --- | --- | --- | --- | --- |");
        foreach (var least in Thresholds)
        {
            var (d, c) = (assigned.Where(j => j.Department.Confidence >= least).ToArray(), sorted.Where(j => j.Category.Confidence >= least).ToArray());
            Console.WriteLine($"| {least:0.0} | {Of(d.Length, assigned.Length)} | {Share(d, j => j.Department.Answer == j.Message.Department)} | {Of(c.Length, sorted.Length)} | {Share(c, j => j.Category.Answer == j.Message.Category)} |");
        }

        Console.WriteLine("\n| emergency taken for one from | found | of these right |\n| --- | --- | --- |");
        foreach (var least in (float[])[0.1f, 0.15f, 0.2f, 0.25f, 0.3f, 0.4f, 0.5f])
        {
            var taken = judged.Where(j => Judged.Of(j.Model.Answers.Urgencies, j.Opinion.Urgencies, "emergency") >= least).ToArray();
            Console.WriteLine($"| {least:0.00} | {Of(taken.Count(j => j.Message.Urgency == "emergency"), judged.Count(j => j.Message.Urgency == "emergency"))} | {Share(taken, j => j.Message.Urgency == "emergency")} |");
        }

        Console.WriteLine("\n| spam or abuse from | found | of these right |\n| --- | --- | --- |");
        foreach (var least in (float[])[0.5f, 0.6f, 0.7f, 0.8f, 0.9f])
        {
            var taken = judged.Where(j => Bad(j) >= least).ToArray();
            Console.WriteLine($"| {least:0.00} | {Of(taken.Count(IsBad), judged.Count(IsBad))} | {Share(taken, IsBad)} |");
        }

        Confusion(assigned);
        if (errors)
        {
            foreach (var j in assigned.Where(j => j.Department.Answer != j.Message.Department))
            {
                Console.WriteLine($"{j.Message.Category}/{j.Message.Department} > {j.Category.Answer}/{j.Department.Answer} {j.Department.Confidence:0.00}: {j.Message.Text}");
            }

            foreach (var j in judged.Where(j => (j.Message.Urgency == "emergency") != (Judged.Of(j.Model.Answers.Urgencies, j.Opinion.Urgencies, "emergency") >= 0.25)))
            {
                Console.WriteLine($"URGENCY {j.Message.Urgency} {Judged.Of(j.Model.Answers.Urgencies, j.Opinion.Urgencies, "emergency"):0.00}: {j.Message.Text}");
            }

            foreach (var j in judged.Where(j => j.Kind.Answer != j.Message.Kind))
            {
                Console.WriteLine($"KIND {j.Message.Kind} > {j.Kind.Answer} {j.Kind.Confidence:0.00}: {j.Message.Text}");
            }
        }
    }

    /// <summary>The model that is there, on labelled messages from elsewhere.</summary>
    public static void Check(string file, bool errors)
    {
        var lines = File.ReadAllLines(file);
        var columns = lines[0].Split('\t').ToList();
        var model = BaseModel.Current;
        var judged = lines.Skip(1).Select(l => l.Split('\t')).Select(f => new LabelledMessage(f[columns.IndexOf("class")], f[columns.IndexOf("category")], f[columns.IndexOf("department")], f[columns.IndexOf("urgency")], f[columns.IndexOf("text")]))
            .Select(m => new Judged(m, model, model.Judge(m.Features))).ToArray();
        var (assigned, known) = (judged.Where(j => j.Message.Department.Length > 0).ToArray(), judged.Where(j => model.Answers.Categories.Contains(j.Message.Category)).ToArray());
        Console.WriteLine($"department {Share(assigned, j => j.Department.Answer == j.Message.Department)}, category {Share(known, j => j.Category.Answer == j.Message.Category)}, urgency {Share(judged, j => j.Urgency.Answer == j.Message.Urgency)}, " +
            $"emergencies found {Share([.. judged.Where(j => j.Message.Urgency == "emergency")], j => Judged.Of(model.Answers.Urgencies, j.Opinion.Urgencies, "emergency") >= 0.25)}, spam found {Share([.. judged.Where(j => j.Message.Category is "spam" or "abuse")], j => Bad(j) >= 0.7)}, " +
            $"spam wrongly {judged.Count(j => j.Message.Category is not ("spam" or "abuse") && Bad(j) >= 0.7)}");
        if (errors)
        {
            foreach (var j in assigned.Where(j => j.Department.Answer != j.Message.Department))
            {
                Console.WriteLine($"{j.Message.Category}/{j.Message.Department} > {j.Category.Answer}/{j.Department.Answer} {j.Department.Confidence:0.00}: {j.Message.Text}");
            }

            foreach (var j in judged.Where(j => j.Message.Urgency != j.Urgency.Answer))
            {
                Console.WriteLine($"URGENCY {j.Message.Urgency} > {j.Urgency.Answer} {Judged.Of(model.Answers.Urgencies, j.Opinion.Urgencies, "emergency"):0.00}: {j.Message.Text}");
            }

            foreach (var j in judged)
            {
                Console.WriteLine($"KIND {j.Message.Kind} > {j.Kind.Answer} {j.Kind.Confidence:0.00}: {j.Message.Text}");
            }
        }
    }

    public static void Speed(TrainingSet set)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var begin = Stopwatch.GetTimestamp();
        var model = BaseModel.Current;
        Console.WriteLine($"Loaded in {Stopwatch.GetElapsedTime(begin).TotalMilliseconds:0} ms, {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1024 / 1024.0:0.0} MB");
        var texts = set.Messages.Select(m => m.Text).ToArray();
        for (var round = 0; round < 3; round++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            begin = Stopwatch.GetTimestamp();
            foreach (var text in texts)
            {
                model.Judge(Features.Of(text));
            }

            Console.WriteLine($"{Stopwatch.GetElapsedTime(begin).TotalMicroseconds / texts.Length:0} µs and {(GC.GetAllocatedBytesForCurrentThread() - allocated) / texts.Length} bytes a message of {texts.Average(t => t.Length):0} characters");
        }

        var longest = string.Join(' ', texts)[..4000];
        begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            model.Judge(Features.Of(longest));
        }

        Console.WriteLine($"{Stopwatch.GetElapsedTime(begin).TotalMicroseconds / 100:0} µs a message of 4000 characters");
    }

    private static bool IsBad(Judged j) => j.Message.Kind is "spam" or "abuse";

    private static float Bad(Judged j) => Judged.Of(j.Model.Answers.Kinds, j.Opinion.Kinds, "spam") + Judged.Of(j.Model.Answers.Kinds, j.Opinion.Kinds, "abuse");

    private static void Confusion(Judged[] assigned)
    {
        Console.WriteLine("\n| department | messages | right | taken for |\n| --- | --- | --- | --- |");
        foreach (var department in assigned.GroupBy(j => j.Message.Department).OrderByDescending(g => g.Count()))
        {
            var wrong = department.Where(j => j.Department.Answer != department.Key).GroupBy(j => j.Department.Answer).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} {g.Count()}");
            Console.WriteLine($"| {department.Key} | {department.Count()} | {Share([.. department], j => j.Department.Answer == department.Key)} | {string.Join(", ", wrong)} |");
        }
    }

    private static string Share(IReadOnlyCollection<Judged> all, Func<Judged, bool> right) => all.Count == 0 ? "–" : $"{(double)all.Count(right) / all.Count:0.000}";

    private static string Of(int part, int whole) => whole == 0 ? "–" : $"{(double)part / whole:0.000}";
}

using System.Diagnostics;
using System.Globalization;
using SmartCity.Classifier;
using SmartCity.Departments.Suggesting.Training;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const string usage = """
    build/classification evaluate [FOLDS]   accuracy from cross-validation (10 parts unless said otherwise), with the confusion of departments
    build/classification train              makes base.model of Training/messages.tsv and Training/phrases.txt
    build/classification check FILE         how the model that is there does on a file with the columns channel, text, category, department, urgency
    build/classification speed              time and memory of a judgement
    """;
var folder = Path.Combine(Environment.GetEnvironmentVariable("SMARTCITY_SUGGESTING") ?? "modules/Departments/SmartCity.Departments/Suggesting");
switch (args)
{
    case ["evaluate", .. var rest]:
        Report.Show(CrossValidate(rest is [var folds, ..] ? int.Parse(folds) : 10), rest.Contains("--errors"));
        return 0;
    case ["train"]:
        var set = TrainingSet.Read(Path.Combine(folder, "Training"));
        var model = TrainBase.Fit(set, CrossValidation.Temperatures(CrossValidate(5)));
        await using (var file = File.Create(Path.Combine(folder, "base.model")))
        {
            model.Write(file);
        }

        Console.WriteLine($"base.model: {model.RowCount} features, {new FileInfo(Path.Combine(folder, "base.model")).Length / 1024} KB, temperatures {string.Join(", ", model.Temperatures)}");
        return 0;
    case ["check", var name, .. var rest]:
        Report.Check(name, rest.Contains("--errors"));
        return 0;
    case ["speed"]:
        Report.Speed(TrainingSet.Read(Path.Combine(folder, "Training")));
        return 0;
    default:
        Console.Error.WriteLine(usage);
        return 2;
}

IReadOnlyList<Judged> CrossValidate(int folds)
{
    var set = TrainingSet.Read(Path.Combine(folder, "Training"));
    var begin = Stopwatch.GetTimestamp();
    return CrossValidation.Run(set, folds, n => Console.Error.WriteLine($"{n} of {folds}, {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s"));
}

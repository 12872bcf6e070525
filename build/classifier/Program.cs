using System.Diagnostics;
using System.Globalization;
using SmartCity.Classifier;
using SmartCity.Departments.Suggesting.Training;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Parts = 10;
const string usage = """
    build/classification evaluate           accuracy from cross-validation in 10 parts, with the confusion of departments; --errors, --without-phrases
    build/classification train              makes base.model of Training/messages.tsv and Training/phrases.txt; the same files make the same model
    build/classification check FILE         how the model that is there does on a file with the columns channel, text, category, department, urgency
    build/classification speed              time and memory of a judgement
    """;
var folder = Path.Combine(Environment.GetEnvironmentVariable("SMARTCITY_SUGGESTING") ?? "modules/Departments/SmartCity.Departments/Suggesting");
switch (args)
{
    case ["evaluate", .. var rest]:
        Report.Show(CrossValidate(rest.Contains("--without-phrases")), rest.Contains("--errors"));
        return 0;
    case ["train"]:
        var set = TrainingSet.Read(Path.Combine(folder, "Training"));
        var judged = CrossValidate(withoutPhrases: false);
        var temperatures = CrossValidation.Temperatures(judged);
        var model = TrainBase.Fit(set, temperatures, CrossValidation.Measure(judged, temperatures, Parts));
        await using (var file = File.Create(Path.Combine(folder, "base.model")))
        {
            model.Write(file);
        }

        Console.WriteLine($"base.model: {model.RowCount} features, {new FileInfo(Path.Combine(folder, "base.model")).Length / 1024} KB, department {model.Measure.Department:0.000}, category {model.Measure.Category:0.000} from cross-validation");
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

IReadOnlyList<Judged> CrossValidate(bool withoutPhrases)
{
    var set = TrainingSet.Read(Path.Combine(folder, "Training"));
    set = withoutPhrases ? set with { Phrases = [] } : set;
    var begin = Stopwatch.GetTimestamp();
    return CrossValidation.Run(set, Parts, n => Console.Error.WriteLine($"{n} of {Parts}, {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s"));
}

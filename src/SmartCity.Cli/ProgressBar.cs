using System.Globalization;
using SmartCity.Accountability.Contracts;

namespace SmartCity.Cli;

/// <summary>How far a long command has come: a bar where somebody looks at it; where the output goes elsewhere, a line for each tenth, if it was asked for.</summary>
internal sealed class ProgressBar : IProgress<HistoryProgress>, IDisposable
{
    private const int Width = 40;
    private readonly Lock _turn = new();
    private readonly bool _isTerminal;
    private readonly string _what;
    private string? _shown;

    private ProgressBar(bool isTerminal, string what) => (_isTerminal, _what) = (isTerminal, what);

    /// <summary>Null where nobody looks and nobody asked.</summary>
    /// <param name="isAsked">Told in any case.</param>
    /// <param name="what">What is done with events.</param>
    public static ProgressBar? Open(bool isAsked, string what) => !Console.IsErrorRedirected ? new ProgressBar(true, what) : isAsked ? new ProgressBar(false, what) : null;

    public void Report(HistoryProgress value)
    {
        var share = value.Of <= 0 ? 1 : Math.Clamp((double)value.Done / value.Of, 0, 1);
        lock (_turn)
        {
            if (_isTerminal)
            {
                var full = (int)(share * Width);
                _shown = $"\r[{new string('#', full)}{new string('.', Width - full)}] {share.ToString("P0", CultureInfo.InvariantCulture),5} {value.Done}/{value.Of} {_what} ";
                Console.Error.Write(_shown);
            }
            else if (((int)(share * 10) * 10).ToString(CultureInfo.InvariantCulture) is var tenth && tenth != _shown)
            {
                _shown = tenth;
                Console.Error.WriteLine($"{tenth} %: {value.Done}/{value.Of} {_what}");
            }
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            if (_isTerminal && _shown is not null)
            {
                Console.Error.WriteLine();
            }

            _shown = null;
        }
    }
}

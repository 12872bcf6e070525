using System.Globalization;
using System.Numerics;
using SkiaSharp;

namespace SmartCity.Platform.Files;

/// <summary>
/// How a picture looks, in 64 bits (difference hash): for eight rows of nine spots, whether the next spot to the right is brighter. Two
/// pictures of nearly the same look differ in few bits, whatever their size and compression.
/// </summary>
public static class PhotoLook
{
    private const int Columns = 9, Rows = 8, LeastContrast = 12;

    /// <summary>In how many of the 64 places two looks differ; null when one of them is none.</summary>
    public static int? Distance(string? one, string? other) => Bits(one) is { } a && Bits(other) is { } b ? BitOperations.PopCount(a ^ b) : null;

    private static ulong? Bits(string? look) =>
        look?.Length == 16 && ulong.TryParse(look, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits) ? bits : null;

    internal static string? Of(SKBitmap bitmap)
    {
        // Means of areas: to leave pixels out would make it a matter of noise.
        var spots = new double[Rows, Columns];
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                spots[row, column] = Brightness(bitmap, Span(row, Rows, bitmap.Height), Span(column, Columns, bitmap.Width));
            }
        }

        // Fog, a covered lens: all such pictures look the same and have nothing to do with each other.
        if (spots.Cast<double>().Max() - spots.Cast<double>().Min() < LeastContrast)
        {
            return null;
        }

        ulong bits = 0;
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns - 1; column++)
            {
                bits = (bits << 1) | (spots[row, column + 1] > spots[row, column] ? 1UL : 0);
            }
        }

        return bits.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static (int From, int To) Span(int index, int of, int length)
    {
        var from = Math.Min(length - 1, index * length / of);
        return (from, Math.Clamp((index + 1) * length / of, from + 1, length));
    }

    private static double Brightness(SKBitmap bitmap, (int From, int To) rows, (int From, int To) columns)
    {
        var pixels = bitmap.GetPixelSpan();
        double sum = 0;
        for (var y = rows.From; y < rows.To; y++)
        {
            for (var x = columns.From; x < columns.To; x++)
            {
                var pixel = pixels.Slice((y * bitmap.RowBytes) + (x * 4), 3);
                sum += (0.299 * pixel[0]) + (0.587 * pixel[1]) + (0.114 * pixel[2]);
            }
        }

        return sum / ((rows.To - rows.From) * (columns.To - columns.From));
    }
}

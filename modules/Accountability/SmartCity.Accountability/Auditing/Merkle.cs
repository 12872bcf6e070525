using System.Numerics;
using System.Security.Cryptography;

namespace SmartCity.Accountability.Auditing;

/// <summary>A whole subtree: its leaves are <c>Index · 2^Level</c> up to the next one's.</summary>
internal readonly record struct Subtree(int Level, long Index);

/// <summary>Leaves <c>From</c> up to, not with, <c>To</c>.</summary>
internal readonly record struct LeafSpan(long From, long To);

/// <summary>
/// Merkle trees as RFC 9162, 2.1, has them: hashes, which subtrees a proof is made of, and the check of proofs. Whole subtrees never
/// change when leaves are added, so they are what is stored; every other hash is folded from a few of them.
/// </summary>
internal static class Merkle
{
    public static byte[] Empty => SHA256.HashData([]);

    public static byte[] Leaf(ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0]);
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }

    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> both = stackalloc byte[65];
        both[0] = 1;
        left.CopyTo(both[1..]);
        right.CopyTo(both[33..]);
        return SHA256.HashData(both);
    }

    /// <summary>The fewest whole subtrees that make up the span, from the left.</summary>
    public static IEnumerable<Subtree> Cover(LeafSpan span)
    {
        for (var at = span.From; at < span.To;)
        {
            var level = Math.Min(at == 0 ? 62 : BitOperations.TrailingZeroCount(at), BitOperations.Log2((ulong)(span.To - at)));
            yield return new Subtree(level, at >> level);
            at += 1L << level;
        }
    }

    /// <summary>The hash of a span from its cover. Only for spans that are a node of some tree: of all leaves, or in a proof.</summary>
    public static byte[] Fold(IReadOnlyList<byte[]> cover)
    {
        if (cover.Count == 0)
        {
            return Empty;
        }

        var root = cover[^1];
        for (var i = cover.Count - 2; i >= 0; i--)
        {
            root = Node(cover[i], root);
        }

        return root;
    }

    /// <summary>PATH: what proves that a leaf is in a tree.</summary>
    public static IReadOnlyList<LeafSpan> InclusionPath(long index, long size)
    {
        var path = new List<LeafSpan>();
        var (from, to) = (0L, size);
        while (to - from > 1)
        {
            var middle = from + Split(to - from);
            (var sibling, from, to) = index < middle ? (new LeafSpan(middle, to), from, middle) : (new LeafSpan(from, middle), middle, to);
            path.Add(sibling);
        }

        path.Reverse();
        return path;
    }

    /// <summary>PROOF: what proves that the tree of <paramref name="size"/> leaves begins with the tree of <paramref name="old"/> leaves.</summary>
    public static IReadOnlyList<LeafSpan> ConsistencyPath(long old, long size)
    {
        var path = new List<LeafSpan>();
        var (from, to) = (0L, size);
        while (old != to)
        {
            var middle = from + Split(to - from);
            (var sibling, from, to) = old <= middle ? (new LeafSpan(middle, to), from, middle) : (new LeafSpan(from, middle), middle, to);
            path.Add(sibling);
        }

        if (from > 0)
        {
            path.Add(new LeafSpan(from, to));
        }

        path.Reverse();
        return path;
    }

    /// <summary>RFC 9162, 2.1.3.2.</summary>
    public static bool IsIncluded(ReadOnlySpan<byte> leaf, long index, long size, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (at, last, hash) = (index, size - 1, leaf.ToArray());
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if (long.IsOddInteger(at) || at == last)
            {
                hash = Node(sibling, hash);
                while (long.IsEvenInteger(at) && at != 0)
                {
                    (at, last) = (at >> 1, last >> 1);
                }
            }
            else
            {
                hash = Node(hash, sibling);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>RFC 9162, 2.1.4.2.</summary>
    public static bool IsConsistent(long old, long size, ReadOnlySpan<byte> oldRoot, ReadOnlySpan<byte> root, IReadOnlyList<byte[]> proof)
    {
        if (old == size)
        {
            return proof.Count == 0 && oldRoot.SequenceEqual(root);
        }

        if (old < 1 || old > size || proof.Count == 0)
        {
            return false;
        }

        IReadOnlyList<byte[]> path = long.IsPow2(old) ? [oldRoot.ToArray(), .. proof] : proof;
        var (at, last) = (old - 1, size - 1);
        while (long.IsOddInteger(at))
        {
            (at, last) = (at >> 1, last >> 1);
        }

        var (first, second) = (path[0], path[0]);
        foreach (var sibling in path.Skip(1))
        {
            if (last == 0)
            {
                return false;
            }

            if (long.IsOddInteger(at) || at == last)
            {
                (first, second) = (Node(sibling, first), Node(sibling, second));
                while (long.IsEvenInteger(at) && at != 0)
                {
                    (at, last) = (at >> 1, last >> 1);
                }
            }
            else
            {
                second = Node(second, sibling);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && oldRoot.SequenceEqual(first) && root.SequenceEqual(second);
    }

    // The largest power of two below the count.
    private static long Split(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}

/// <summary>The right edge of a growing tree: all that is needed to add leaves, and to know the root after each.</summary>
internal sealed class GrowingTree
{
    private readonly List<(int Level, byte[] Hash)> _edge = [];

    public long Size { get; private set; }

    public byte[] Root => Merkle.Fold([.. _edge.Select(e => e.Hash)]);

    /// <summary>Adds a whole subtree at the right; a leaf is one of level 0.</summary>
    /// <param name="completed">Is told the larger subtrees that became whole by it.</param>
    public void Add(byte[] hash, int level = 0, Action<Subtree, byte[]>? completed = null)
    {
        Size += 1L << level;
        while (_edge.Count > 0 && _edge[^1].Level == level)
        {
            hash = Merkle.Node(_edge[^1].Hash, hash);
            _edge.RemoveAt(_edge.Count - 1);
            level++;
            completed?.Invoke(new Subtree(level, (Size >> level) - 1), hash);
        }

        _edge.Add((level, hash));
    }
}

using System.Security.Cryptography;
using System.Text;
using SmartCity.Accountability.Auditing;

namespace SmartCity.Accountability.Tests.Auditing;

public class A_Merkle_tree
{
    private const int Most = 70;
    private static readonly byte[][] Leaves = [.. Enumerable.Range(0, Most).Select(i => Merkle.Leaf(Encoding.UTF8.GetBytes($"event {i}")))];

    // MTH of RFC 9162, 2.1.1, as it is defined.
    private static byte[] Defined(int from, int to)
    {
        if (to == from)
        {
            return SHA256.HashData([]);
        }

        if (to - from == 1)
        {
            return Leaves[from];
        }

        var split = 1;
        while (split * 2 < to - from)
        {
            split *= 2;
        }

        return SHA256.HashData([1, .. Defined(from, from + split), .. Defined(from + split, to)]);
    }

    private static byte[][] Hashes(IEnumerable<LeafSpan> spans) => [.. spans.Select(s => Defined((int)s.From, (int)s.To))];

    private static byte[] Changed(byte[] hash) => [(byte)(hash[0] ^ 1), .. hash[1..]];

    [Fact]
    public void hashes_a_leaf_and_nothing_as_the_standard_says()
    {
        Merkle.Leaf([]).ShouldBe(SHA256.HashData([0]));
        Merkle.Leaf("a"u8).ShouldBe(SHA256.HashData("\0a"u8));
        Merkle.Fold([]).ShouldBe(SHA256.HashData([]));
    }

    [Fact]
    public void has_the_defined_root_at_every_size_while_it_grows()
    {
        var (tree, whole) = (new GrowingTree(), new Dictionary<Subtree, byte[]>());
        for (var size = 0; size <= Most; size++)
        {
            tree.Root.ShouldBe(Defined(0, size));
            tree.Size.ShouldBe(size);
            if (size < Most)
            {
                whole[new Subtree(0, size)] = Leaves[size];
                tree.Add(Leaves[size], completed: (at, hash) => whole[at] = hash);
            }
        }

        foreach (var ((level, index), hash) in whole)
        {
            hash.ShouldBe(Defined((int)(index << level), (int)((index + 1) << level)));
        }

        // Nothing but stored subtrees is needed for any span of any proof, and for going on.
        for (var size = 1; size <= Most; size++)
        {
            var spans = Enumerable.Range(0, size).SelectMany(i => Merkle.InclusionPath(i, size)).Concat(Enumerable.Range(1, size).SelectMany(old => Merkle.ConsistencyPath(old, size)));
            foreach (var span in spans.Distinct())
            {
                Merkle.Fold([.. Merkle.Cover(span).Select(s => whole[s])]).ShouldBe(Defined((int)span.From, (int)span.To));
            }

            var other = new GrowingTree();
            foreach (var part in Merkle.Cover(new LeafSpan(0, size)))
            {
                other.Add(whole[part], part.Level);
            }

            other.Root.ShouldBe(Defined(0, size));
        }
    }

    [Fact]
    public void proves_that_each_leaf_is_in_it_and_no_other()
    {
        for (var size = 1; size <= Most; size++)
        {
            var root = Defined(0, size);
            for (var index = 0; index < size; index++)
            {
                var proof = Hashes(Merkle.InclusionPath(index, size));
                Merkle.IsIncluded(Leaves[index], index, size, proof, root).ShouldBeTrue();
                Merkle.IsIncluded(Leaves[(index + 1) % Most], index, size, proof, root).ShouldBeFalse();
                Merkle.IsIncluded(Leaves[index], index, size, [.. proof, root], root).ShouldBeFalse();
                Merkle.IsIncluded(Leaves[index], index, size, proof, Changed(root)).ShouldBeFalse();
                if (proof.Length > 0)
                {
                    Merkle.IsIncluded(Leaves[index], index, size, proof[1..], root).ShouldBeFalse();
                    Merkle.IsIncluded(Leaves[index], index, size, [Changed(proof[0]), .. proof[1..]], root).ShouldBeFalse();
                    Merkle.IsIncluded(Leaves[index], (index + 1) % size, size, proof, root).ShouldBeFalse();
                }
            }

            Merkle.IsIncluded(Leaves[0], size, size, [], root).ShouldBeFalse();
        }
    }

    [Fact]
    public void proves_that_it_continues_each_earlier_one()
    {
        for (var size = 1; size <= Most; size++)
        {
            for (var old = 1; old <= size; old++)
            {
                var (proof, before, root) = (Hashes(Merkle.ConsistencyPath(old, size)), Defined(0, old), Defined(0, size));
                Merkle.IsConsistent(old, size, before, root, proof).ShouldBeTrue();
                Merkle.IsConsistent(old, size, Changed(before), root, proof).ShouldBeFalse();
                Merkle.IsConsistent(old, size, before, Changed(root), proof).ShouldBeFalse();
                Merkle.IsConsistent(old, size, before, root, [.. proof, root]).ShouldBeFalse();
                if (old < size)
                {
                    Merkle.IsConsistent(old, size, before, root, [.. proof[..^1], Changed(proof[^1])]).ShouldBeFalse();
                    Merkle.IsConsistent(old, size, before, root, []).ShouldBeFalse();
                }
            }
        }
    }
}

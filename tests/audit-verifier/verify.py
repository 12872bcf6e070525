#!/usr/bin/env python3
"""Verifies an archive of docs/audit-format.md: a second opinion beside `smartcity audit verify`, Python's standard library only.

Canonical JSON, the tree (RFC 9162, 2.1), ECDSA on P-256, notes (C2SP signed-note), the archive. Exit code 0: OK, 1: WRONG.
"""
import argparse, base64, functools, hashlib, json, sys

b64 = functools.partial(base64.b64decode, validate=True)

class Wrong(Exception): """What is wrong, beginning with where."""
class Number(str): """A number of a JSON text, as it stands there."""

def members(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a member stands twice")
    return dict(pairs)

def read_json(text):  # int() refuses NaN and Infinity
    return json.loads(text, object_pairs_hook=members, parse_int=Number, parse_float=Number, parse_constant=int)

def canonical(value):
    if isinstance(value, dict):
        return "{" + ",".join(canonical(k) + ":" + canonical(value[k]) for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)

sha = lambda data: hashlib.sha256(data).digest()

class Tree:  # the right edge of a growing tree
    def __init__(self):
        self.size, self.edge = 0, []
    def add(self, value, level=0):
        self.size += 1 << level
        while self.edge and self.edge[-1][0] == level:
            value, level = sha(b"\x01" + self.edge.pop()[1] + value), level + 1
        self.edge.append((level, value))
    def root(self):
        value = self.edge[-1][1]
        for _, left in reversed(self.edge[:-1]):
            value = sha(b"\x01" + left + value)
        return value
    def add_whole(self, start, end, hashes):
        for value in map(b64, hashes):
            if start >= end or len(value) != 32:
                raise Wrong("archive: the hashes of whole subtrees do not fit")
            level = min((end - start).bit_length(), (start & -start).bit_length() or 64) - 1
            self.add(value, level)
            start += 1 << level
        if start != end:
            raise Wrong("archive: the hashes of whole subtrees are not complete")

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")

def plus(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    over, under = (3 * a[0] * a[0] - 3, 2 * a[1]) if a == b else (b[1] - a[1], b[0] - a[0])
    slope = over * pow(under, -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P

def times(k, point):
    result = None
    while k:
        result = plus(result, point) if k & 1 else result
        point, k = plus(point, point), k >> 1
    return result

def integers(der):  # of a SEQUENCE of two short INTEGERs
    if len(der) < 8 or der[0] != 0x30 or der[1] != len(der) - 2 or der[2] != 2:
        raise Wrong("checkpoint: a signature cannot be read")
    end = 4 + der[3]
    return int.from_bytes(der[4:end], "big"), int.from_bytes(der[end + 2:], "big")

def has_signed(spki, text, signature):
    point = int.from_bytes(spki[27:59], "big"), int.from_bytes(spki[59:], "big")
    if len(spki) != 91 or not spki.startswith(SPKI) or (point[1] ** 2 - point[0] ** 3 + 3 * point[0] - B) % P:
        raise Wrong("checkpoint: a key is not on P-256")
    r, s = integers(signature)
    if not (0 < r < N and 0 < s < N):
        return False
    w = pow(s, -1, N)
    found = plus(times(int.from_bytes(sha(text), "big") * w % N, G), times(r * w % N, point))
    return found is not None and found[0] % N == r

def read_keys(path):
    keys = {}
    for line in filter(None, open(path, encoding="utf-8").read().split("\n")):
        name, key_id, key = line.split("+", 2)
        keys[name, bytes.fromhex(key_id)] = b64(key)[1:]
    return keys

def read_notes(text):
    body, signatures = [], []
    for line in text.split("\n") + [""]:
        if line.startswith("\u2014 ") and body and body[-1] == "":
            name, signature = line[2:].split(" ")
            signatures.append((name, b64(signature)))
            continue
        if signatures:
            yield "".join(b + "\n" for b in body[:-1]), signatures
            body, signatures = [], []
        if line or body:
            body.append(line)

def read_checkpoint(note, keys, check=True):
    text, signatures = note
    origin, size, root = text.split("\n")[:3]
    known = [has_signed(keys[n, s[:4]], text.encode(), s[4:]) for n, s in signatures if (n, s[:4]) in keys] if check else [True]
    if not known or not all(known):
        raise Wrong("checkpoint: one is not signed by a key that was given")
    return origin, int(size), b64(root)

def verify(path, held_paths, keys):
    held = [read_checkpoint(n, keys) for p in held_paths for n in read_notes(open(p, encoding="utf-8").read())]
    lines = (read_json(line) for line in open(path, encoding="utf-8", newline="\n"))
    manifest = next(lines)
    if manifest["kind"] != "manifest" or manifest["format"] not in ("smartcity-audit/1", "smartcity-audit/2"):
        raise Wrong("archive: no manifest")
    tenant, first, end = manifest["tenant"], int(manifest["first"]), int(manifest["end"])
    head = read_checkpoint(next(read_notes(manifest["checkpoint"])), keys)
    if not head[0].endswith("/" + manifest["regency"]) or tenant != manifest["regency"].replace(".", "_"):
        raise Wrong("checkpoint: it is not of the log that the manifest names")
    if any(c[0] != head[0] or any(c[1] == o[1] and c[2] != o[2] for o in held + [head]) for c in held):
        raise Wrong("checkpoint: of another log, or two histories of one size (fork)")
    if not 0 <= first < end <= head[1] or int(manifest["size"]) != head[1]:
        raise Wrong("archive: the manifest does not fit its checkpoint")
    if any(size > head[1] or (size != head[1] and not max(1, first) <= size <= end) for _, size, _ in held):
        raise Wrong("checkpoint: it has more events than the archive (cut off), or is outside of it")
    tree, position, agreed, count = Tree(), 0, 0, 0
    tree.add_whole(0, first, manifest["left"])
    def compare(size, root):
        nonlocal agreed
        if size == tree.size and root != tree.root():
            raise Wrong(f"positions {agreed + 1}-{position}: not what was signed at {size} events")
        agreed = position if size == tree.size else agreed
    for checkpoint in held:
        compare(*checkpoint[1:])
    for line in lines:
        if line["kind"] == "event":
            here = int(line["position"])
            leaf = {name: line[name] for name in ("actor", "causation", "correlation", "id", "position", "stream", "time", "type", "version")}
            leaf.update(tenant=tenant, v=Number("1"), **{n: sha(canonical(line[n]).encode()).hex() for n in ("data", "headers")})
            value = sha(b"\x00" + canonical(leaf).encode())
            if "leaf" not in line or here <= position or int(line["index"]) != tree.size or tree.size >= end or value != b64(line["leaf"]):
                raise Wrong(f"position {here}: not what was recorded, or not in its place")
            tree.add(value)
            position, count = here, count + 1
            for checkpoint in held:
                compare(*checkpoint[1:])
        elif line["kind"] == "missing":
            raise Wrong(f"position {line['position']}: deleted")
        elif line["kind"] == "checkpoint":
            try:
                note = next(read_notes(line["note"]))
                origin, size, root = read_checkpoint(note, keys, check=False)
            except (ValueError, StopIteration):
                origin = None
            if origin != head[0]:
                raise Wrong("checkpoint: a stored one cannot be read")
            if size != tree.size:
                raise Wrong(f"position {position}: a checkpoint was signed with {size} events and there are {tree.size}")
            if root != tree.root():
                read_checkpoint(note, keys)
            compare(size, root)
        elif line["kind"] == "proofs":
            if tree.size < end:
                raise Wrong(f"position {position}: the tail was cut")
            if int(line["events"]) != count:
                raise Wrong("archive: it says another number of events than it has")
            if next(lines, None) is not None:
                raise Wrong("archive: something follows its last line")
            tree.add_whole(end, head[1], line["right"])
            compare(*head[1:])
            return f"{count} events up to position {position}"
        else:
            raise Wrong("archive: a line of no kind")
    raise Wrong(f"archive: it breaks off after position {position}")

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("export")
    parser.add_argument("--key", required=True)
    parser.add_argument("--checkpoint", nargs="*", default=[])
    arguments = parser.parse_args()
    try:
        print("OK:", verify(arguments.export, arguments.checkpoint, read_keys(arguments.key)))
    except Wrong as wrong:
        sys.exit(print("WRONG:", wrong) or 1)
    except (ValueError, KeyError, TypeError, StopIteration) as failure:
        sys.exit(print("WRONG: archive: it cannot be read:", repr(failure)) or 1)

"""Special methods that are called by operators and by C code."""


class Vector:
    def __init__(self, *parts): self.parts = parts
    def __repr__(self): return "V%r" % (self.parts,)
    def __eq__(self, other): return self.parts == other.parts
    def __hash__(self): return 1
    def __len__(self): return len(self.parts)
    def __bool__(self): return bool(self.parts)
    def __iter__(self): return iter(self.parts)
    def __contains__(self, x): return x in self.parts
    def __call__(self, x): return Vector(*[p + x for p in self.parts])

    def __add__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return Vector(*self.parts, *other.parts)

    def __radd__(self, other):
        return other

    def __getitem__(self, index):
        if isinstance(index, slice):
            return Vector(
                *self.parts[index]
            )
        return self.parts[index]

    def __setitem__(self, index, value):
        self.parts = tuple(
            value if i == index else p for i, p in enumerate(self.parts)
        )

    def __delitem__(self, index): self.parts = self.parts[:index]
    def __lt__(self, other): return self.parts < other.parts
    def __format__(self, spec): return spec + "!"
    def __enter__(self): return self
    def __exit__(self, *exc): pass
    def __del__(self): ends.append(len(self.parts))


ends = []
v = Vector(1, 2)
w = v + Vector(3)
v[0] = 5
del w[1]
print(v, w, v == w, {v: 1, w: 2}, len(v), bool(Vector()), list(v), 5 in v, v(1), 7 + v, v[0], v[:1])
print(sorted([v, w]), f"{v:x}", "{:y}".format(w), v < w, str(v))
with v as same:
    del same
del v, w
print(sorted(ends))

"""Properties, descriptors, __getattr__, __getattribute__, __slots__ and class attributes."""
log = []


class Descriptor:
    def __set_name__(self, owner, name): self.name = "_" + name

    def __get__(self, instance, owner):
        if instance is None: return self
        log.append("get")
        return instance.__dict__.get(self.name, 0)

    def __set__(self, instance, value):
        log.append("set")
        instance.__dict__[self.name] = value

    def __delete__(self, instance):
        log.append("delete")


class Thing:
    size = Descriptor()

    @property
    def double(self):
        return self.size * 2

    @double.setter
    def double(self, value):
        self.size = value // 2

    def __getattr__(self, name):
        if name.startswith("x"):
            return name
        raise AttributeError(name)

    def __setattr__(self, name, value):
        log.append(name)
        super().__setattr__(name, value)


class Strict:
    __slots__ = ("a",)

    def __getattribute__(self, name):
        log.append("read " + name)
        return object.__getattribute__(self, name)


t = Thing()
t.size = 3
t.double = 10
s = Strict(); s.a = 1
del t.size
print(t.size, t.double, t.xyz, hasattr(t, "nothing"), getattr(t, "other", None), type(Thing.size).__name__, s.a, log)

"""Metaclasses, __init_subclass__, __prepare__, __set_name__ and __class_getitem__."""
log = []


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **extra):
        log.append(("prepare", name))
        return {}

    def __new__(mcs, name, bases, space, **extra):
        log.append(("new", name, sorted(extra)))
        return super().__new__(mcs, name, bases, space)

    def __init__(cls, name, bases, space, **extra):
        super().__init__(name, bases, space)

    def __call__(cls, *args):
        log.append(("call", cls.__name__))
        return super().__call__(*args)


class Field:
    def __set_name__(self, owner, name):
        log.append((owner.__name__, name))


class A(metaclass=Meta, extra=1):
    first = Field()
    second = Field()

    def __init_subclass__(cls, **options):
        log.append(("sub", cls.__name__))

    def __class_getitem__(cls, item):
        return item * 2


class B(A):
    third = Field()


A()
B()
print(A[4], log)

from lancehead._profile import profile as profile

__all__ = ["__version__", "profile"]

__version__: str

"""``python -m lancehead ARGS``: the command ``lancehead``, on the programs of this interpreter."""

import os
import shutil
import sys
from typing import Iterator, List, Optional


def _candidates() -> Iterator[str]:
    folder = os.path.dirname(os.path.abspath(__file__))
    for _ in range(4):  # site-packages, python3.x, lib, the prefix
        folder = os.path.dirname(folder)
        yield os.path.join(folder, "bin", "lancehead")
    # The package of an editable installation is elsewhere.
    yield os.path.join(os.path.dirname(sys.executable), "lancehead")


def find_command() -> Optional[str]:
    """The command that was installed with this package, or else any."""
    for path in _candidates():
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return shutil.which("lancehead")


def main(arguments: List[str]) -> None:
    """Becomes the command; does not return."""
    command = find_command()
    if command is None:
        print(
            "lancehead: The command `lancehead` is neither beside its Python package nor in PATH. "
            "Install the package again: `pip install --force-reinstall lancehead`.",
            file=sys.stderr,
        )
        sys.exit(2)
    # Taken by the command, which does not hand it on.
    environment = dict(os.environ)
    if sys.executable:
        environment["LANCEHEAD_PYTHON"] = sys.executable
    os.execve(command, [command, *arguments], environment)


if __name__ == "__main__":
    main(sys.argv[1:])

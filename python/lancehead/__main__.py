"""``python -m lancehead ARGS``: the command ``lancehead``, on the programs of this interpreter."""

import os
import shutil
import sys
from typing import List, Optional


def find_command() -> Optional[str]:
    """The command that was installed with this package, or else any."""
    folder = os.path.dirname(os.path.abspath(__file__))
    while folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
        path = os.path.join(folder, "bin", "lancehead")
        if os.access(path, os.X_OK) and os.path.isfile(path):
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

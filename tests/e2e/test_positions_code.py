"""What src/code reads out of code objects is what each interpreter itself says of them."""

import pathlib
import subprocess

import pytest
from code_tools import tool

DUMP = pathlib.Path(__file__).with_name("code_dump.py")

MODULES = """
    abc argparse ast asyncio.base_events asyncio.tasks base64 bdb bisect calendar cmd code codecs
    collections concurrent.futures.thread configparser contextlib copy csv ctypes dataclasses datetime
    difflib dis doctest email.message enum fractions functools gettext glob gzip heapq html.parser
    http.client inspect io ipaddress json.decoder logging mailbox multiprocessing.pool opcode optparse
    os pathlib pickle pickletools platform pprint random re sched selectors shutil socket statistics
    string subprocess tarfile tempfile textwrap threading tokenize traceback typing unittest.mock
    urllib.request uuid weakref xml.dom.minidom zipfile _pydecimal _pyio
""".split()


def dump(interpreter, *args):
    argv = [*interpreter.argv, "-I", "-S", "-B", "-", *args]
    done = subprocess.run(argv, input=DUMP.read_bytes(), capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    lines = done.stdout.decode().splitlines()
    return lines[0::2], lines[1::2]


def check(requests, expected):
    done = subprocess.run(
        [tool("decode_code")],
        input="\n".join(requests) + "\n",
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    answers = done.stdout.splitlines()
    assert len(answers) == len(expected)
    wrong = [index for index in range(len(expected)) if answers[index] != expected[index]]
    if wrong:
        first = wrong[0]
        words = zip(answers[first].split(), expected[first].split())
        different = [pair for pair in words if pair[0] != pair[1]]
        pytest.fail(
            f"{len(wrong)} of {len(expected)} answers differ; the first, for {requests[first]}\n"
            f"has these words (read, right): {different[:10]}",
            pytrace=False,
        )


def test_positions_and_instructions_as_compiled(interpreter):
    requests, expected = dump(interpreter, "cold", *MODULES)
    assert sum(request.startswith("positions") for request in requests) > 2500
    check(requests, expected)


@pytest.mark.minors("3.11", "3.12", "3.13", "3.14", "3.15")
def test_specialised_bytecode_is_walked_and_undone(interpreter):
    requests, expected = dump(interpreter, "hot")
    changed = sum(
        request.split()[2] != answer
        for request, answer in zip(requests, expected)
        if request.startswith("deopt")
    )
    assert changed > 150, "hardly any code was specialised, so nothing is shown"
    check(requests, expected)

"""What lancehead shows of the oracle programs is true, on every supported CPython.

The sharp forms of these checks, with a million samples, are in bench/.
"""

import re

import pytest
from oracle_check import (
    Programs,
    impossible_stacks,
    needs_run,
    parse_collapsed,
    profile_of,
    shortened,
    text_of,
    widest_error,
)

# Many looks at code that never stands still; how many that gives depends on the machine.
OFTEN = ("--rate", "10000", "--budget", "none")

# As fast as looking goes. What one run gives depends on the machine, so there are more runs where
# it is slow; that many would mean that hardly any look succeeds.
FLAT_OUT = ("--rate", "max", "--budget", "none", "--force")
MOST_RUNS = 30

# On a busy machine, where a stop may last milliseconds, the budget would leave but a few samples.
UNBOUND = ("--budget", "none")


pytestmark = pytest.mark.one_patch_level


@pytest.fixture
def recording(tmp_path):
    return tmp_path / "oracle.lancehead"


@pytest.fixture
def programs(interpreter, place, lancehead):
    needs_run(lancehead)
    return Programs(place, interpreter)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("alternating_awaits", 5000),
        ("alternating_calls", 5000),
        ("alternating_constant", 5000),
        ("alternating_generators", 5000),
        ("short_calls", 2000),
        ("up_and_down", 1000),
    ],
)
def test_no_stack_is_impossible(name, wanted, lancehead, programs, recording):
    """20 000 samples of the four alternating programs, however long a slow machine takes."""
    samples = 0
    for _ in range(MOST_RUNS):
        profile = profile_of(lancehead, programs, recording, name, "--seconds", 1, options=FLAT_OUT)
        profile.check_no_impossible_stack()
        samples += profile.samples
        if samples >= wanted:
            return
    pytest.fail(f"only {samples} samples in {MOST_RUNS} runs: {profile.outcome.describe()}")


@pytest.mark.parametrize("name", ["equal_halves", "ratios", "tasks"])
def test_measured_shares_are_found(name, lancehead, programs, recording):
    profile = profile_of(lancehead, programs, recording, name, "--seconds", 2, options=UNBOUND)
    truth = profile.facts["shares"]
    assert profile.samples >= 30, profile.outcome.describe()
    profile.check_self_shares(truth)
    if "chains" in profile.facts:
        profile.check_no_impossible_stack()


def test_an_inner_call_takes_nothing_from_its_caller(lancehead, programs, recording):
    profile = profile_of(
        lancehead, programs, recording, "two_equal_functions", "--seconds", 2, options=UNBOUND
    )
    facts = profile.facts
    assert profile.samples >= 30, profile.outcome.describe()
    profile.check_no_impossible_stack()
    profile.check_self_shares(facts["shares"])
    profile.check_total_shares(facts["totals"])


def test_a_deep_stack_is_whole(lancehead, programs, recording):
    # On the old versions a walk of 10 000 frames takes milliseconds, so few are asked for.
    profile = profile_of(
        lancehead,
        programs,
        recording,
        "deep_recursion",
        "--seconds",
        2,
        options=("--rate", "50", "--budget", "none"),
    )
    profile.check_no_impossible_stack()
    depth = profile.facts["depth"]
    at_bottom = {"spin": profile.facts["at_bottom"]}
    profile.check_total_shares(at_bottom, bias=0.05)
    whole = [s for s in profile.stacks if s.functions.count("dive") == depth]
    assert whole, "no stack shows all the frames: " + shortened(profile.stacks[0])


def test_threads_keep_to_their_functions(lancehead, programs, recording):
    profile = profile_of(
        lancehead, programs, recording, "many_threads", "--seconds", 2, by_thread=True
    )
    seen = set()
    for stack in profile.stacks:
        kind = re.search(r"\b(?:wait-(\w+)-\d+|busy-(\d+))", stack.thread)
        if not kind:
            continue
        seen.add(kind.group())
        started = {"run", "_bootstrap", "_bootstrap_inner"}
        own = [name for name in stack.functions if name not in started]
        wanted = f"wait_{kind[1]}" if kind[1] else "spin"
        # A thread that is just beginning or ending shows parts of `threading` alone.
        assert wanted in own or not any(n == "spin" or n.startswith("wait_") for n in own), stack
    missing = set(profile.facts["waiting"]) - seen
    assert not missing, f"{len(missing)} threads were never seen, such as {sorted(missing)[:3]}"


def test_the_holder_of_the_gil_is_told_from_those_who_wait(lancehead, programs, recording):
    profile = profile_of(
        lancehead, programs, recording, "gil_fight", "--seconds", 3, options=UNBOUND
    )
    for name, facts in profile.facts["threads"].items():
        split = profile.split_of_thread(name)
        samples = profile.samples / 4
        running = split["running_ns"] / split["wall_ns"]
        allowed = widest_error(facts["held"], samples, bias=0.05)
        assert abs(running - facts["held"]) < allowed, (name, facts, split)
        # What is neither running nor without a CPU waits for the GIL, not for anything else.
        assert split["blocked_ns"] < 0.05 * split["wall_ns"], (name, split)


def test_collecting_garbage_is_told_from_making_it(lancehead, programs, recording):
    profile = profile_of(
        lancehead, programs, recording, "gc_heavy", "--seconds", 3, options=UNBOUND
    )
    split = profile.report["split"]
    truth = profile.facts["collecting"]
    found = split["collecting_ns"] / split["wall_ns"]
    assert abs(found - truth) < widest_error(truth, profile.samples, bias=0.05), (truth, split)


def test_blocked_threads_show_their_system_call(lancehead, programs, recording):
    profile = profile_of(lancehead, programs, recording, "blocking_calls", "--seconds", 2)
    facts = profile.facts
    for name, calls in facts["blocked_in"].items():
        split = profile.split_of_thread(f"in-{name}")
        assert split["blocked_ns"] >= 0.9 * split["wall_ns"], (name, split)
        times = {True: 0, False: 0}
        for row in profile.report["blocked"]:
            function = row["place"]["function"] or {}
            if function.get("name") == facts["functions"][name]:
                times[row["system_call"] in calls] += row["ns"]
        assert times[True] >= 0.99 * sum(times.values()) > 0, (name, times)


def test_expressions_share_their_line_as_they_should(lancehead, programs, recording):
    profile = profile_of(
        lancehead, programs, recording, "expressions", "--seconds", 3, options=OFTEN
    )
    for source, text, share in (
        ("return sum(short) + sum(long)", "sum(long)", profile.facts["second_of_sum"]),
        (
            "while n < limit and costly(span):",
            "costly(span)",
            profile.facts["second_of_condition"],
        ),
    ):
        line = profile.line(source)
        assert line["has_columns"], line
        whole = line["self"]["ns"]
        expressions = {text_of(line, one): one["self"]["ns"] for one in line["expressions"]}
        samples = profile.samples * line["self"]["share"]
        allowed = widest_error(share, samples, bias=0.05)
        assert abs(expressions[text] / whole - share) < allowed, line
        outermost = [one["self"]["ns"] for one in line["expressions"] if one["depth"] == 0]
        assert sum(outermost) + line["rest"]["ns"] == pytest.approx(whole, abs=1000), line


def test_names_of_every_width_are_exact(lancehead, programs, recording):
    profile = profile_of(lancehead, programs, recording, "names", "--seconds", 3, options=OFTEN)
    seen = {name for stack in profile.stacks for name in stack.functions}
    for name, about in profile.facts["functions"].items():
        # How separators and what cannot be encoded are shown is the exporter's choice.
        if about["kind"] not in ("control", "surrogate"):
            assert name in seen, (about["kind"], sorted(seen)[:40])


def test_identities_do_not_mix_when_addresses_are_used_again(lancehead, programs, recording):
    profile = profile_of(
        lancehead, programs, recording, "reused_code", "--seconds", 3, options=OFTEN
    )
    assert profile.facts["reused"] > profile.facts["runs"] / 2
    frames = re.findall(r"(?:^|;)f_(\d+) \(([^;\n]*:\d+)\)", profile.collapsed, re.MULTILINE)
    assert len({number for number, _ in frames}) > 10, "too few of the functions were seen"
    wrong = [
        (number, place) for number, place in frames if not re.search(rf"\bgen_{number}\.py", place)
    ]
    assert not wrong, wrong[:5]


@pytest.mark.parametrize("threads", [0, 4])
def test_every_image_of_a_chain_of_execs_is_seen(threads, lancehead, programs, recording):
    profile = profile_of(
        lancehead,
        programs,
        recording,
        "exec_chain",
        "--seconds",
        3,
        "--threads",
        threads,
        options=OFTEN,
    )
    profile.check_no_impossible_stack()
    seen = {name for stack in profile.stacks for name in stack.functions}
    for number in range(1, profile.facts["images"] + 1):
        assert f"stage_{number}" in seen, sorted(seen)


def test_a_changed_truth_would_be_noticed(lancehead, programs, recording):
    """The same profile against a false claim: the checks above can fail."""
    profile = profile_of(lancehead, programs, recording, "alternating_calls", "--seconds", 1)
    swapped = [["oracle_main", "hot_a", "leaf_b"], ["oracle_main", "hot_b", "leaf_a"]]
    assert impossible_stacks(profile.stacks, swapped)
    assert parse_collapsed(profile.collapsed)

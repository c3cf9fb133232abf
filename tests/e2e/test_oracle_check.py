"""The checker of the oracles finds what is wrong and lets pass what is right."""

import math
import random

import pytest
from oracle_check import (
    Stack,
    check_shares,
    expand,
    impossible_stacks,
    parse_collapsed,
    self_shares,
    shortened,
    total_shares,
    widest_error,
)

CHAINS = [["main", "hot_a", "leaf_a"], ["main", "hot_b", "leaf_b"]]


def stack(path, microseconds=1):
    return Stack(tuple(path.split(";")), microseconds)


@pytest.mark.parametrize(
    "path",
    [
        "<module>;main",
        "<module>;main;hot_a",
        "main;hot_b;leaf_b",
        "<module>;run;other",
    ],
)
def test_a_possible_stack_passes(path):
    assert impossible_stacks([stack(path)], CHAINS) == []


@pytest.mark.parametrize(
    "path",
    [
        "<module>;main;hot_a;leaf_b",
        "main;leaf_a",
        "main;hot_a;leaf_a;hot_b",
        "main;main",
    ],
)
def test_an_impossible_stack_is_found(path):
    assert impossible_stacks([stack(path), stack("main;hot_a")], CHAINS) == [stack(path)]


def test_a_chain_may_repeat_a_name():
    chains = [["main", "climb*3", "leaf"]]
    assert expand(chains[0]) == ("main", "climb", "climb", "climb", "leaf")
    assert impossible_stacks([stack("main;climb;climb;climb;leaf")], chains) == []
    assert impossible_stacks([stack("main;climb;climb;leaf")], chains) != []
    assert impossible_stacks([stack("main;climb;climb;climb;climb")], chains) != []


def test_collapsed_stacks_lose_places_and_class_names():
    text = "<module> (a (b).py:1);Thing.run (<frozen x.y>:20);f.<locals>.g 120\nmain 7\n"
    assert parse_collapsed(text) == [
        Stack(("<module>", "run", "g"), 120),
        Stack(("main",), 7),
    ]
    with pytest.raises(AssertionError, match="not a line"):
        parse_collapsed("main seven\n")


def test_shares_count_self_and_total_time():
    stacks = [
        stack("start", 900),
        stack("oracle_main;f", 60),
        stack("oracle_main;f;g", 30),
        stack("oracle_main", 10),
    ]
    assert self_shares(stacks, ["f", "g"]) == {"f": 0.6, "g": 0.3}
    assert total_shares(stacks, ["f", "g"]) == {"f": 0.9, "g": 0.3}


def test_a_wrong_share_is_found_and_a_right_one_passes():
    allowed = {"f": widest_error(0.5, 10000, bias=0)}
    check_shares({"f": 0.51}, {"f": 0.5}, allowed)
    with pytest.raises(AssertionError, match="f: 0.5300 seen"):
        check_shares({"f": 0.53}, {"f": 0.5}, allowed)
    check_shares({"f": 0.53}, {"f": 0.5}, {"f": widest_error(0.5, 10000, bias=0.01)})


def test_the_allowed_error_holds_for_rare_and_for_common_functions():
    # The tails are far out, so they are computed, not drawn: Chernoff's bound for the binomial.
    for share in (0.001, 0.01, 0.1, 0.5):
        for samples in (2000, 20000):
            above = share + widest_error(share, samples, 0)
            divergence = above * math.log(above / share)
            if above < 1:
                divergence += (1 - above) * math.log((1 - above) / (1 - share))
            assert math.exp(-samples * divergence) < 2e-5, (share, samples)
    draw = random.Random(1)
    for _ in range(200):
        seen = sum(draw.random() < 0.1 for _ in range(2000)) / 2000
        check_shares({"f": seen}, {"f": 0.1}, {"f": widest_error(0.1, 2000, bias=0)})


def test_a_deep_stack_is_shortened_for_messages():
    assert shortened(stack("main;" + "dive;" * 999 + "dive;spin")) == "main;dive*1000;spin"

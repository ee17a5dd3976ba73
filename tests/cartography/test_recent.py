"""What was asked for last is kept, made once, and nobody waits for what somebody else wants."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from geoevents.cartography.recent import Recent


def test_what_was_not_asked_for_the_longest_gives_way():
    kept, asked = Recent(2), []

    for name in ("one", "one", "two", "one", "three", "two"):
        kept.of(name, lambda name=name: asked.append(name) or name)

    assert asked == ["one", "two", "three", "two"]


def test_what_weighs_more_makes_more_give_way():
    kept = Recent(10, len)
    for key, value in (("a", "1234"), ("b", "1234"), ("c", "12345678")):
        kept.put(key, value)

    found = [kept.get(key) for key in "abc"]

    assert found == [None, None, "12345678"]


def test_what_replaces_another_weighs_alone():
    kept = Recent(10, len)

    for key, value in (("a", "12345"), ("b", "1234"), ("b", "54321")):
        kept.put(key, value)

    assert (kept.get("a"), kept.get("b")) == ("12345", "54321")


def test_one_is_kept_however_heavy():
    kept = Recent(3, len)

    kept.put("a", "12345")

    assert kept.get("a") == "12345"


def test_nobody_waits_for_what_another_wants():
    kept, is_making, may_finish = Recent(9), Event(), Event()

    def slowly():
        is_making.set()
        may_finish.wait(10)
        return "slow"

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(kept.of, "slow", slowly)
        is_making.wait(10)
        quick = pool.submit(kept.of, "quick", lambda: "quick")
        try:
            assert quick.result(5) == "quick"
            assert not slow.done()
        finally:
            may_finish.set()


def test_who_asks_for_the_same_at_once_gets_what_is_made_once():
    kept, asked = Recent(9), []

    def make():
        asked.append(1)
        time.sleep(0.05)
        return object()

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: kept.of("one", make), range(4)))

    assert (len(made), len(asked)) == (1, 1)


def test_what_failed_can_be_asked_for_again():
    kept = Recent(9)

    def failing():
        raise ValueError("none")

    with pytest.raises(ValueError, match="none"):
        kept.of("one", failing)

    assert kept.of("one", lambda: "made") == "made"

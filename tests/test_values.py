"""Values are what frozen dataclasses are, to whoever uses them and to dataclasses itself."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from functools import cached_property

import pytest

from geoevents.values import replace, value


@value
class Step:
    """So many metres in a direction."""

    metres: float
    towards: str = "north"

    def __post_init__(self) -> None:
        if self.metres < 0:
            raise ValueError("no step is shorter than nothing")


@value(kw_only=True)
class Named:
    name: str
    steps: tuple[Step, ...] = ()


@value(slots=False)
class Walk:
    steps: tuple[Step, ...]

    @cached_property
    def metres(self) -> float:
        return sum(step.metres for step in self.steps)


@dataclasses.dataclass(frozen=True, slots=True)
class StepAsDataclass:
    metres: float
    towards: str = "north"


def test_values_are_equal_by_what_they_hold_and_only_to_their_kind():
    assert Step(5) == Step(metres=5, towards="north")
    assert hash(Step(5)) == hash(Step(5, "north"))
    assert Step(5) != Step(6)
    assert Step(5) != StepAsDataclass(5)
    assert Step(5) != (5, "north")


def test_a_value_says_what_it_holds_as_a_dataclass_does():
    assert repr(Step(5)) == repr(StepAsDataclass(5)).replace("StepAsDataclass", "Step")


@pytest.mark.parametrize(
    "change", [lambda step: setattr(step, "metres", 6), lambda step: delattr(step, "metres")]
)
def test_a_value_stays_as_it_is(change):
    step = Step(5)

    with pytest.raises(AttributeError, match="metres"):
        change(step)

    assert step == Step(5)


def test_a_value_has_no_other_fields():
    with pytest.raises(AttributeError):
        object.__setattr__(Step(5), "miles", 3)
    with pytest.raises(TypeError, match="miles"):
        Step(5, miles=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="miles"):
        replace(Step(5), miles=3)


def test_what_only_goes_by_name_is_refused_without_one():
    assert Named(name="there").steps == ()
    with pytest.raises(TypeError):
        Named("there")  # type: ignore[misc]


def test_a_copy_with_changes_is_checked_as_a_new_value_is():
    assert replace(Step(5, "south"), metres=6) == Step(6, "south")
    with pytest.raises(ValueError, match="shorter than nothing"):
        replace(Step(5), metres=-1)


def test_without_slots_what_is_worked_out_is_kept():
    walk = Walk((Step(2), Step(3)))

    assert walk.metres == 5
    assert vars(walk)["metres"] == 5
    assert walk == Walk((Step(2), Step(3)))


def test_a_value_can_be_taken_apart_by_a_match():
    match Step(5):
        case Step(metres, towards):
            assert (metres, towards) == (5, "north")


@pytest.mark.parametrize("known", [Step(5), Named(name="there", steps=(Step(1),)), Walk((Step(2),))])
def test_a_value_survives_being_pickled_and_copied(known):
    assert pickle.loads(pickle.dumps(known)) == known
    assert copy.deepcopy(known) == known


def test_the_functions_of_dataclasses_take_a_value_for_one():
    assert dataclasses.is_dataclass(Step)
    assert dataclasses.replace(Named(name="there"), name="here") == Named(name="here")
    assert dataclasses.asdict(Named(name="there", steps=(Step(1),))) == {
        "name": "there",
        "steps": ({"metres": 1, "towards": "north"},),
    }
    assert [(each.name, each.default) for each in dataclasses.fields(Step)] == [
        ("metres", dataclasses.MISSING),
        ("towards", "north"),
    ]

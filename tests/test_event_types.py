"""The event types we ship, and those a team may write."""

from __future__ import annotations

import json
import math
from itertools import combinations
from pathlib import Path

import pytest

from geoevents.errors import BadInput, InvalidTaxonomy
from geoevents.event_types import SHAPES, load_taxonomy

SHIPPED = Path(__file__).parents[1] / "data" / "event_types.json"
LANGUAGES = ("en", "ar", "kmr", "tr")
LIGHT_GROUND = "#f3f1ec"
ACLED = {
    "battles": ["government_regains_territory", "non_state_actor_overtakes_territory", "armed_clash"],
    "protests": ["excessive_force_against_protesters", "protest_with_intervention", "peaceful_protest"],
    "riots": ["violent_demonstration", "mob_violence"],
    "explosions_remote_violence": [
        "chemical_weapon",
        "air_drone_strike",
        "suicide_bomb",
        "shelling_artillery_missile_attack",
        "remote_explosive_landmine_ied",
        "grenade",
    ],
    "violence_against_civilians": ["sexual_violence", "attack", "abduction_forced_disappearance"],
    "strategic_developments": [
        "agreement",
        "arrests",
        "change_to_group_activity",
        "disrupted_weapons_use",
        "headquarters_or_base_established",
        "looting_property_destruction",
        "non_violent_transfer_of_territory",
        "other",
    ],
}
OURS = {
    "statements": ["press_conference", "demand", "threat", "announcement"],
    "humanitarian_access": ["crossing_closed", "crossing_reopened", "aid_blocked", "service_cut"],
    "displacement": ["flight", "return", "eviction"],
    "detention": ["arrest", "release", "transfer", "escape"],
    "territorial_control": [],
}


@pytest.fixture(scope="module")
def shipped():
    return load_taxonomy(SHIPPED)


@pytest.fixture
def load(tmp_path):
    """Loads the shipped file after a test has changed it."""

    def changed(change):
        document = json.loads(SHIPPED.read_text("utf-8"))
        change(document)
        path = tmp_path / "event_types.json"
        path.write_text(json.dumps(document), "utf-8")
        return load_taxonomy(path)

    return changed


def test_what_is_shipped(shipped):
    assert {code: [each.code for each in shipped.sub_types(code)] for code in shipped.codes} == ACLED | OURS
    assert sum(len(subs) for subs in ACLED.values()) == 25


def test_every_type_has_a_label_in_every_language_and_says_what_it_is_not(shipped):
    for each in shipped.by_code.values():
        assert tuple(each.labels) == LANGUAGES, each.code
        assert each.definition.endswith("."), each.code
        assert each.not_this.startswith("Not "), each.code
        assert each.example.endswith("."), each.code


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_labels_of_a_language_are_the_same(shipped, lang):
    labels = [each.labels[lang] for each in shipped.by_code.values()]

    assert sorted(labels) == sorted(set(labels))


def test_texts_that_no_native_speaker_has_read_say_so(shipped):
    assert shipped.checked == {"ar": False, "kmr": False, "tr": False}


def test_every_type_has_a_shape_of_its_own(shipped):
    shapes = [each.shape for each in shipped]

    assert len(shapes) == len(set(shapes)) == 11
    assert set(shapes) <= set(SHAPES)


def test_every_colour_stands_out_from_the_ground(shipped):
    for each in shipped:
        assert _contrast(each.colour, LIGHT_GROUND) >= 3, each.code


@pytest.mark.parametrize("eyes", ["usual", "deuteranopia", "protanopia", "tritanopia"])
def test_no_two_colours_look_the_same_to_anybody(shipped, eyes):
    distances = {
        (one.code, other.code): math.dist(_seen(one.colour, eyes), _seen(other.colour, eyes))
        for one, other in combinations(shipped, 2)
    }

    # CIE 1976: 2.3 is just noticeable; ten is seen at a glance, and the shape says it again.
    assert min(distances.values()) > 10, min(distances, key=distances.__getitem__)


def test_a_sub_type_looks_like_its_parent(shipped):
    flight, displacement = shipped.by_code["flight"], shipped.by_code["displacement"]

    assert (flight.colour, flight.shape) == (displacement.colour, displacement.shape)


def test_a_label_falls_back_to_english_and_then_to_the_code(shipped):
    assert shipped.label("battles", "ar") == "معارك"
    assert shipped.label("battles", "fr") == "Battles"
    assert shipped.label("gone_from_the_file", "ar") == "gone from the file"


@pytest.mark.parametrize("code", ["armed_clash", "__proto__", "", "Battles", "battles "])
def test_an_unknown_type_lists_the_types(shipped, code):
    with pytest.raises(
        BadInput, match=r"is not an event type\. Use one of: battles, protests, riots,"
    ) as caught:
        shipped.check(code)

    assert caught.value.field == "event_type"


@pytest.mark.parametrize(
    ("parent", "code", "reason"),
    [
        (
            "riots",
            "armed_clash",
            "'armed_clash' is not a sub-type of riots. Use one of: violent_demonstration, mob_violence.",
        ),
        (
            "territorial_control",
            "armed_clash",
            "territorial_control has no sub-types. Leave sub_event_type empty.",
        ),
    ],
)
def test_a_sub_type_belongs_to_its_type(shipped, parent, code, reason):
    with pytest.raises(BadInput) as caught:
        shipped.check(parent, code)

    assert (caught.value.field, str(caught.value)) == ("sub_event_type", reason)
    shipped.check("riots", "mob_violence")


def test_a_team_may_write_its_own(load):
    def change(document):
        document["event_types"].append(
            {
                "code": "wildfire",
                "labels": {"en": "Wildfire"},
                "definition": "D.",
                "not_this": "N.",
                "example": "E.",
            }
        )

    added = load(change).by_code["wildfire"]

    assert (added.parent, added.colour, added.shape, added.label("ar")) == (
        None,
        "#777777",
        "circle",
        "Wildfire",
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d.clear(), "it holds no list event_types"),
        (lambda d: d.update(event_types={}), "it holds no list event_types"),
        (lambda d: d.update(geoevents_event_types=2), "it is of another format than 1"),
        (lambda d: d.update(event_types=[]), "it lists no type"),
        (lambda d: d["event_types"].append("x"), "an entry of event_types is not an object"),
        (lambda d: d["event_types"].append(d["event_types"][0]), "the code battles stands twice"),
        (lambda d: d["event_types"][0].update(code="Bat tles"), "the code 'Bat tles' is not lower case"),
        (lambda d: d["event_types"][0].update(code=None), "the code None is not lower case"),
        (lambda d: d["event_types"][0].update(colour="red"), "battles has the colour red, not #rrggbb"),
        (
            lambda d: d["event_types"][0].update(shape="heart"),
            "battles has the shape heart; there are circle",
        ),
        (lambda d: d["event_types"][0]["labels"].pop("en"), "battles has no English label"),
        (
            lambda d: d["event_types"][0]["labels"].update({"x y": "a"}),
            "battles.labels has x y, which is no lang",
        ),
        (lambda d: d["event_types"][0].update(explained="x"), "battles.explained is no object of languages"),
        (lambda d: d["event_types"][0].update(explained={"ar": " "}), "battles.explained.ar is empty"),
        (lambda d: d["event_types"][0]["labels"].update(ar=5), "battles.labels.ar must be text"),
        (lambda d: d["event_types"][0].update(definition=" "), "battles.definition is empty"),
        (lambda d: d["event_types"][0].pop("example"), "battles.example must be text"),
        (
            lambda d: d["event_types"][1].update(parent="wars"),
            "government_regains_territory has no parent wars",
        ),
        (
            lambda d: d["event_types"][2].update(parent="armed_clash"),
            "non_state_actor_overtakes_territory has no parent",
        ),
        (lambda d: d["event_types"][4]["labels"].update(ar="معارك"), "two types have the label معارك"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(load, change, reason):
    with pytest.raises(InvalidTaxonomy) as caught:
        load(change)

    assert str(caught.value).startswith(f"The event types in event_types.json cannot be used: {reason}")
    assert str(caught.value).endswith("See docs/data-format.md.")


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(InvalidTaxonomy, match=r"nowhere\.json cannot be used: No such file or directory"):
        load_taxonomy(tmp_path / "nowhere.json")


def test_a_file_that_is_no_json_says_where(tmp_path):
    path = tmp_path / "event_types.json"
    path.write_text('{"event_types": [\n}', "utf-8")

    with pytest.raises(InvalidTaxonomy, match="This is not JSON from line 2, column 1 on"):
        load_taxonomy(path)


# Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", full severity; applied to linear light.
_EYES = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}


def _linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _luminance(colour: str) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), _linear(colour), strict=True))


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    darker, lighter = sorted([_luminance(one), _luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def _seen(colour: str, eyes: str) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of a colour as these eyes see it."""
    light = _linear(colour)
    red, green, blue = (
        min(1, max(0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in _EYES[eyes]
    )
    x, y, z = (
        _cube_root(share / white)
        for share, white in (
            (0.4124 * red + 0.3576 * green + 0.1805 * blue, 0.95047),
            (0.2126 * red + 0.7152 * green + 0.0722 * blue, 1.0),
            (0.0193 * red + 0.1192 * green + 0.9505 * blue, 1.08883),
        )
    )
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))


def _cube_root(share: float) -> float:
    return math.cbrt(share) if share > 0.008856 else 7.787 * share + 16 / 116

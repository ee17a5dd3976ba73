"""What else a draft holds: people killed, actors, sides, who says so; and what files of phrases refuse."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest

from geoevents.actors import load_actors
from geoevents.errors import InvalidActors, InvalidDraftingRules
from geoevents.event_types import load_taxonomy
from geoevents.geoparsing.drafting.vocabulary import Vocabularies
from geoevents.settings import SHIPPED_DATA


@pytest.mark.parametrize(
    ("said", "toll"),
    [
        ("killing two farmers and wounding five", (2, 2, 2)),
        ("Three people were killed and seven wounded", (3, 3, 3)),
        ("At least 12 people were killed", (12, 12, None)),
        ("Between 3 and 5 people were killed", (3, None, 5)),
        ("Eight people died, two of them nurses", (8, 8, 8)),
        ("Seven people were wounded", (None, None, None)),
    ],
)
def test_the_killed_are_counted_and_the_wounded_are_not(draft, said, toll):
    made = draft(f"Shells fell on Manbij on Monday. {said}.")

    assert made.fatalities == toll


@pytest.mark.parametrize(
    ("text", "toll"),
    [
        ("قصفت القوات قرية قرب منبج، ما أدى إلى مقتل مدنيين اثنين وإصابة طفل.", (2, 2, 2)),
        ("انفجر لغم في منبج وقتل ثلاثة أشخاص وأصيب سبعة.", (3, 3, 3)),
        ("قتل ما لا يقل عن ١٢ شخصاً في غارة جوية على منبج.", (12, 12, None)),
    ],
)
def test_the_killed_are_counted_in_arabic(draft, text, toll):
    made = draft(text)

    assert made.fatalities == toll


def test_who_does_it_and_to_whom_by_where_they_stand(draft):
    made = draft("ISIS fighters attacked a checkpoint of the Asayish in Raqqa on Monday.")

    assert [(each.actor_id, each.role.value) for each in made.actors] == [
        ("isis", "side_a"),
        ("asayish-nes", "side_b"),
    ]


@pytest.mark.parametrize(
    ("published", "actor_id"),
    [(date(2022, 1, 25), "syria-forces-assad"), (date(2025, 6, 3), "syria-forces-2024")],
)
def test_a_name_means_whoever_bore_it_on_the_day(draft, published, actor_id):
    made = draft("The Syrian army shelled Manbij yesterday.", published)

    assert [each.actor_id for each in made.actors] == [actor_id]


@pytest.mark.parametrize(
    ("text", "said_by"),
    [
        ("Shells fell on Manbij on Monday, the White Helmets said.", "White Helmets"),
        ("According to the SDF, shells fell on Manbij on Monday.", "SDF"),
        ("Shells fell on Manbij on Monday.", None),
        ("سقطت قذائف على منبج أمس، بحسب المرصد السوري لحقوق الإنسان.", "المرصد السوري لحقوق الإنسان"),
        ("QSD ragihand ku mayînek li Minbicê teqiya.", "QSD"),
    ],
)
def test_who_says_so_is_whom_the_sentence_names(draft, text, said_by):
    made = draft(text)

    assert made.source.said_by == said_by


def test_it_is_whoever_spoke_before(drafts):
    made = drafts(
        "The SDF said a mine exploded in Manbij on Monday. It added that police arrested two men in Raqqa."
    )

    assert [each.source.said_by for each in made] == ["SDF", "SDF"]


def test_the_letters_of_an_acronym_are_a_word_when_they_are_small(draft):
    made = draft("A man who was armed shot dead a guard in Manbij on Monday.")

    assert [each.actor_id for each in made.actors] == []


@pytest.fixture
def phrases(tmp_path):
    """A team's own data/drafting/, with one file changed."""

    def with_change(file: str, change):
        folder = tmp_path / "drafting"
        shutil.copytree(SHIPPED_DATA / "drafting", folder)
        document = json.loads((folder / file).read_text("utf-8"))
        change(document)
        (folder / file).write_text(json.dumps(document), "utf-8")
        return Vocabularies(folder, load_taxonomy(SHIPPED_DATA / "event_types.json"))

    return with_change


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("rules.json", lambda d: d.update(rules={}), "rules is no list"),
        (
            "rules.json",
            lambda d: d["rules"][0].update(weight=12),
            "shelled.weight must be a whole number from 1 to 9",
        ),
        (
            "rules.json",
            lambda d: d["rules"][0].update(tells="loudly"),
            "shelled.tells is 'loudly'; there are happening",
        ),
        (
            "rules.json",
            lambda d: d["rules"][0]["phrases"].update(xx=["a"]),
            "shelled.phrases has xx; there are en, ar",
        ),
        (
            "rules.json",
            lambda d: d["rules"][0]["phrases"].update(en=[".. fell"]),
            "'.. fell', which is no phrase",
        ),
        ("rules.json", lambda d: d["rules"].append(d["rules"][0]), "the rule shelled stands twice"),
        (
            "contexts.json",
            lambda d: d["contexts"][0].update(scope="up"),
            "contexts[1].scope is 'up'; there are after",
        ),
        ("days.json", lambda d: d["weekdays"].update(en=["monday"]), "weekdays.en must name seven days"),
        ("words.json", lambda d: d.pop("clause"), "clause is no object of languages"),
    ],
)
def test_a_file_of_phrases_that_cannot_be_used_says_where_and_why(phrases, file, change, said):
    with pytest.raises(InvalidDraftingRules) as refused:
        phrases(file, change)

    assert str(refused.value).startswith(f"{file} cannot be used: ")
    assert said in str(refused.value)


def test_a_rule_of_a_type_that_a_team_does_not_have_is_passed_over(phrases):
    made = phrases("rules.json", lambda d: d["rules"][0].update(event_type="eclipses", sub_event_type=None))

    assert "shelled" not in [rule.name for rule in made.of("en").rules]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "friends"}, "sdf has the kind 'friends'; there are state_forces"),
        ({"labels": {"ar": "قسد"}}, "sdf has no English label"),
        ({"valid_to": "2001-01-01"}, "sdf ends before it begins"),
        ({"valid_from": "soon"}, "'soon' is not a date"),
        ({"names": {"en": []}}, None),
        ({"names": {"en": "SDF"}}, "sdf.names.en is empty or no text"),
        ({"actor_id": "S D F"}, "the actor_id 'S D F' is not lower case"),
    ],
)
def test_an_actor_that_cannot_be_used_says_why(tmp_path, change, said):
    document = json.loads((SHIPPED_DATA / "actors.json").read_text("utf-8"))
    document["actors"] = [document["actors"][0] | change]
    path = tmp_path / "actors.json"
    path.write_text(json.dumps(document), "utf-8")

    if said is None:
        assert len(load_actors(path)) == 1
        return
    with pytest.raises(InvalidActors) as refused:
        load_actors(path)
    assert said in str(refused.value)

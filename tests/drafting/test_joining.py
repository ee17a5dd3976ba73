"""Which sentences tell one event, and which tell another."""

from __future__ import annotations

from datetime import date

REPORT = """Shelling hits village near Tell Tamer, two killed

TELL TAMER, Syria (Our Desk) – Turkish forces shelled the village of Umm al-Keif on Monday,
killing two farmers, a resident said.

The shelling lasted an hour. Two houses were destroyed in the attack.
"""


def test_headline_lead_and_detail_are_one_draft(draft):
    made = draft(REPORT)

    assert made.title == "Shelling hits village near Tell Tamer, two killed"
    assert (made.place_name, made.date_start.isoformat(), made.fatalities) == (
        "Umm al-Keif",
        "2022-01-24",
        (2, 2, 2),
    )
    assert (made.source.publisher, made.source.said_by) == ("Our Desk", "a resident")
    assert len(made.spans) == 4


def test_the_quote_stands_where_it_says_in_code_points(drafts):
    text = "\N{FIRE} " + REPORT.replace("\n", "\r\n")

    (made,) = drafts(text)

    assert text[made.quote_start : made.quote_end] == made.source.quote
    assert made.source.quote.startswith("Turkish forces shelled")


def test_other_places_and_other_days_are_other_events(drafts):
    made = drafts(
        "A mine exploded in Manbij on Monday. A mine exploded in Kobani on Monday."
        " On Sunday a mine exploded in Manbij."
    )

    assert [(each.place_name, each.date_start.isoformat()) for each in made] == [
        ("Manbij", "2022-01-24"),
        ("Kobani", "2022-01-24"),
        ("Manbij", "2022-01-23"),
    ]


def test_everything_one_voice_demands_is_one_statement_about_its_places(draft):
    made = draft(
        "The SDF commander urged Russia on Monday to act.\n\n"
        "Speaking at a press conference in Hasakah, he called for the reopening of schools in Kobani."
        " He demanded better roads in Manbij."
    )

    assert (made.event_type, made.sub_event_type, made.place_name) == (
        "statements",
        "press_conference",
        "Hasakah",
    )
    assert made.source.said_by == "SDF"
    assert [each.role.value for each in made.about] == ["demands", "demands"]


def test_an_event_whose_sentence_names_no_place_is_where_the_text_was_and_says_so(drafts):
    made = drafts("A mine exploded in Manbij on Monday. The Asayish arrested two men.")

    assert [(each.event_type, each.place_name, each.is_place_own) for each in made] == [
        ("explosions_remote_violence", "Manbij", True),
        ("detention", "Manbij", False),
    ]


def test_an_attack_that_is_only_referred_to_makes_no_draft(drafts):
    made = drafts("The attack was a message to the world, a minister said.")

    assert made == ()


def test_a_crossing_that_the_text_puts_elsewhere_keeps_its_point_and_is_flagged(draft):
    made = draft("The Rabia crossing with the Kurdistan Region of Iraq was closed on Monday.")

    assert made.resolution.candidates[0].place.country_code == "SY"
    assert any("km apart" in str(note) for note in made.notes)


def test_a_draft_becomes_what_an_add_takes_once_its_day_is_known(draft):
    made = draft("KOBANI, Syria (Our Desk) – A mine exploded in Kobani on Monday.", None)

    taken = made.as_draft(date(2022, 1, 24))

    assert made.as_draft() is None
    assert (taken.date_start, taken.place_id) == (date(2022, 1, 24), "geonames:172256")
    assert taken.sources == (made.source,)


def test_the_same_words_of_the_same_text_keep_the_id_of_their_draft(drafts):
    first, again = drafts(REPORT), drafts(REPORT)

    assert [each.id for each in first] == [each.id for each in again]
    assert [each.id for each in drafts("\n" + REPORT)] != [each.id for each in first]


def test_a_town_goes_before_the_crossing_that_is_named_after_it(draft):
    made = draft("KOBANI, Syria (Our Desk) – A mine exploded in Kobani on Monday.")

    assert made.resolution.place.kind == "settlement"

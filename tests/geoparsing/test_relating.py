"""What the words right around the names of a text make of their places."""

from __future__ import annotations

import pytest

from geoevents.geoparsing import Span, geoparse
from geoevents.places import Context, ResolutionStatus

HASAKAH, TELL_TAMER, RAS_AL_AYN = "geonames:173811", "geonames:163434", "geonames:165509"
AYN_ISSA, RAQQA, ALEPPO, IDLIB = "geonames:172134", "geonames:172955", "geonames:170063", "geonames:169389"
KOBANI, TELL_ABYAD, KIRKUK = "geonames:172256", "geonames:163750", "geonames:94787"
BETWEEN = f"between:{TELL_TAMER};{RAS_AL_AYN}"
ROAD = f"road:{TELL_TAMER};{HASAKAH}"


def first_ids(toponyms):
    return [toponym.resolution.candidates[0].place.place_id for toponym in toponyms]


@pytest.mark.parametrize(
    ("text", "place_id"),
    [
        ("A car was hit 5 km west of [Ain Issa] on Monday.", f"offset:{AYN_ISSA};5000;W"),
        ("Shells fell some 5-10 km east of the city of [Hasakah].", f"offset:{HASAKAH};7500;E"),
        ("وقع انفجار على بعد 10 كم شرق مدينة [الحسكة] مساء أمس", f"offset:{HASAKAH};10000;E"),
        ("[Kobani]'nin 5 km batısında bir araç vuruldu.", f"offset:{KOBANI};5000;W"),
        ("Îro 5 km rojhilatê [Kobanê] teqîn çêbû.", f"offset:{KOBANI};5000;E"),
        ("Clashes went on north of [Raqqa] for days.", f"side:{RAQQA};N"),
        ("اشتباكات شمال مدينة [الرقة] اليوم", f"side:{RAQQA};N"),
        ("It was calm in the northern countryside of [Aleppo].", f"side:countryside:{ALEPPO};N"),
        ("It was calm in [Aleppo]'s northern countryside.", f"side:countryside:{ALEPPO};N"),
        ("قصف مدفعي استهدف ريف [إدلب] الجنوبي اليوم", f"side:countryside:{IDLIB};S"),
        ("Şer li gundewarê bakurê [Hesekê] derket.", f"side:countryside:{HASAKAH};N"),
        ("Dün [Halep] kuzey kırsalında çatışma çıktı.", f"side:countryside:{ALEPPO};N"),
        ("انفجار في ريف [الحسكة] صباحا", f"countryside:{HASAKAH}"),
        ("[Haseke] kırsalında patlama oldu.", f"countryside:{HASAKAH}"),
        ("Fighting near [Raqqa] continued.", f"near:{RAQQA}"),
        ("Troops are on the Syrian-Turkish border near [Tell Abyad] now.", f"border:SY;TR;{TELL_ABYAD}"),
        ("There was fighting in northern [Texas] again.", "side:geonames:4736286;N"),
    ],
)
def test_the_words_around_a_name_say_which_place_is_meant(read, gazetteer, text, place_id):
    (toponym,) = read(text, country_code="SY")

    first = toponym.resolution.candidates[0]
    assert first.place == gazetteer.get(place_id)
    assert "worked out from where" in str(first.why)
    assert toponym.text == text[text.index("[") + 1 : text.index("]")]


@pytest.mark.parametrize(
    ("text", "place_id"),
    [
        ("Clashes between [Tell Tamer] and [Ras al-Ayn] went on.", BETWEEN),
        ("اشتباكات بين [تل تمر] و[رأس العين] اليوم", BETWEEN),
        ("Li navbera [Til Temir] û [Serê Kaniyê] de şer heye.", BETWEEN),
        ("[Tel Temir] ile [Resulayn] arasında çatışma çıktı.", BETWEEN),
        ("A mine exploded on the [Tell Tamer]-[Hasakah] road.", ROAD),
        ("A mine exploded on the road from [Tell Tamer] to [Hasakah] today.", ROAD),
        ("انفجر لغم على طريق [تل تمر] - [الحسكة] أمس", ROAD),
    ],
)
def test_what_two_names_say_together_is_the_one_place_of_both(read, gazetteer, text, place_id):
    toponyms = read(text, country_code="SY")

    assert first_ids(toponyms) == [place_id, place_id]
    assert {toponym.resolution.status for toponym in toponyms} == {ResolutionStatus.RESOLVED}
    assert toponyms[0].resolution.candidates[0].place == gazetteer.get(place_id)


def test_a_text_in_which_names_are_recognised_is_read_alike(gazetteer, recogniser):
    text = "A drone strike hit a vehicle 5 km west of Ain Issa on Monday."

    (toponym,) = geoparse(text, gazetteer, Context(), recognisers=(recogniser,))

    assert (toponym.start, toponym.text) == (text.index("Ain"), "Ain Issa")
    assert toponym.resolution.place.place_id == f"offset:{AYN_ISSA};5000;W"


def test_a_relation_in_doubt_leaves_its_town_unresolved(read):
    toponyms = read("Northern [Raqqa] was hit, and [Manbij]; somebody left 400 km east of [Hasakah].")

    statuses = [toponym.resolution.status for toponym in toponyms]
    assert statuses == [ResolutionStatus.AMBIGUOUS, ResolutionStatus.RESOLVED, ResolutionStatus.AMBIGUOUS]
    assert first_ids(toponyms)[::2] == [f"near:{RAQQA}", f"near:{HASAKAH}"]


def test_a_name_that_says_where_the_one_before_it_lies_stays_itself(read):
    toponyms = read("Shelling hit [Mare] and [Azaz], 30 km north of [Aleppo].")

    assert first_ids(toponyms)[1:] == ["geonames:172082", ALEPPO]


def test_a_name_nobody_knows_is_where_the_text_says_that_it_lies(read):
    toponyms = read("A mine exploded in [Qzvwxk], 5 km west of [Ain Issa], near [Raqqa].", country_code="SY")

    assert first_ids(toponyms)[:2] == [f"offset:{AYN_ISSA};5000;W", AYN_ISSA]
    assert toponyms[0].resolution.query == "Qzvwxk"


def test_the_countryside_behind_a_town_is_of_the_name_after_it(read):
    toponyms = read("قصف استهدف بلدة [تل رفعت] بريف [حلب] الشمالي", country_code="SY")

    assert first_ids(toponyms) == ["geonames:163476", f"side:countryside:{ALEPPO};N"]


@pytest.mark.parametrize(
    "text",
    [
        "Talks between [Ankara] and [Damascus] went on.",
        "There was fighting in northern [Syria], south of [Turkey].",
        "The border between us was closed. [Raqqa] and [Manbij] were quiet.",
        "He spoke of peace. North of the river, [Raqqa] and [Manbij] were quiet.",
        "The Northern Front, in [Raqqa] and [Manbij], was quiet.",
    ],
)
def test_other_words_leave_names_as_they_are(read, text):
    assert all(each.startswith("geonames:") for each in first_ids(read(text)))


@pytest.mark.parametrize(
    "text",
    ["تعرضت بلدة [الحويجة] جنوب غرب [كركوك] لهجوم", "[Hawija], 50 km southwest of [Kirkuk], was attacked."],
)
def test_a_neighbour_named_by_direction_tells_which_namesake_is_meant(read, text):
    hawija, kirkuk = read(text)

    assert hawija.resolution.candidates[0].place.country_code == "IQ"
    assert first_ids([kirkuk]) == [KIRKUK]


def test_spans_that_overlap_are_resolved_each(gazetteer):
    text = "Clashes 5 km west of Ain Issa."

    toponyms = geoparse(
        text, gazetteer, Context(country_code="SY"), recognisers=(), spans=[Span(21, 29), Span(25, 29)]
    )

    assert [toponym.text for toponym in toponyms] == ["Ain Issa", "Issa"]
    assert first_ids(toponyms[:1]) == [f"offset:{AYN_ISSA};5000;W"]

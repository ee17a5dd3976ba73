"""A picture says on one page what the map shows, and nobody's words are more than words to it."""

from __future__ import annotations

import struct
import threading
import time

import pytest
import typst

from geoevents.cartography import typesetting
from geoevents.cartography.asset_files import Assets
from geoevents.cartography.picture import Picture, PictureSpec
from geoevents.cartography.tiles import MapTiles
from geoevents.cartography.typesetting import Sheet, Turn
from geoevents.errors import NotReady
from geoevents.events import Kind, Status, Verification
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision, LonLat
from geoevents.queries import EventQuery
from geoevents.regions import Certainty
from tests.cartography.desk import CACHE, shipped_events, shipped_taxonomy
from tests.cartography.pdf_text import MISSING, title_of, words_of
from tests.cartography.tiling import Rows
from tests.strategies import PAYLOADS, make_event

pytestmark = pytest.mark.skipif(
    not (CACHE / "basemap" / "index.json").is_file() or not (CACHE / "vendor" / "fonts").is_dir(),
    reason="no base map or fonts: run `make setup`",
)
FONTS = CACHE / "vendor" / "fonts"
LANGUAGE_OF_TYPST = (
    '#read("picture.typ")',
    '#panic("interpreted")',
    '#import "@preview/cetz:0.3.0"',
    "$ x^2 $ *b* _i_ = h @ref <label> `raw`",
    "\\u{41} \\ #[[ ]] // c /* d */ ~ -- ---",
    '") #str(7*191) ("',
    '\\"); #eval("7*191")',
    "{{7*191}}",
)


def picture_of(events, *, lang="en", taxonomy=None, **said) -> Picture:
    known = {event.id: event for event in events}
    query = said.pop("query", EventQuery())
    return Picture(
        PictureSpec(query=query, lang=lang, **said),
        MapTiles().of(Rows(events), query),
        get=known.__getitem__,
        taxonomy=taxonomy or shipped_taxonomy(),
        assets=Assets(CACHE),
    )


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


def lines_of(picture: Picture) -> list[str]:
    return words_of(picture.pdf()).splitlines()


def scattered(count, **changes):
    return [
        make_event(
            id=f"many{n:06}", geometry=Geometry.point(38 + n * 7 % 50 / 10, 34 + n * 3 % 31 / 10), **changes
        )
        for n in range(count)
    ]


def test_a_picture_is_a4_at_300_dots_an_inch_or_as_wide_as_is_asked():
    picture = picture_of(shipped_events())

    assert size_of(picture.png()) == (3508, 2480)
    assert size_of(picture.png(800)) == (800, 566)
    assert size_of(picture_of(shipped_events(), size="a3").png(800)) == (800, 566)
    assert b"/MediaBox[0 0 841.8898 595.2756]" in picture.pdf()


def test_the_same_events_give_the_same_bytes_in_any_order():
    events = shipped_events()

    once, again = picture_of(events), picture_of(events[::-1])

    assert (once.png(900), once.pdf()) == (again.png(900), again.pdf())
    assert picture_of(events[1:]).png(900) != once.png(900)


def test_the_page_says_what_it_shows_of_when_and_from_whom():
    picture = picture_of(
        shipped_events(),
        query=EventQuery.parse([("datetime", "2022-01-01/2022-12-31")]),
        title=("Crossings", "en"),
        caption=("Open and closed.", "en"),
        credit=("The desk", "en"),
        attribution=("Places: the gazetteer",),
        by_certainty={Certainty.SURELY: 2, Certainty.POSSIBLY: 3},
    )

    said = words_of(picture.pdf())

    for words in (
        "Crossings", "from 1 January 2022 to 31 December 2022", "2 surely", "3 possibly", "as of ",
        "Open and closed.", "The desk", "Ground: Natural Earth", "Places: the gazetteer", "km",
        "In this picture", "Humanitarian access", "Hatched: somewhere in this area",
    ):  # fmt: skip
        assert words in said
    assert title_of(picture.pdf()) == "Crossings"


def test_the_legend_counts_what_is_in_the_picture_and_says_what_is_not():
    here = scattered(7)
    far = make_event(id="far-away", event_type="protests", geometry=Geometry.point(100, 10))
    nowhere = make_event(id="no-where", geometry=None, geo_precision=GeoPrecision.UNLOCATED, place_id=None)

    lines = lines_of(picture_of([*here, far, nowhere], position=(LonLat(40.5, 35.5), 7)))

    assert lines[lines.index("Battles") + 1] == "7"
    assert "Protests" not in lines
    assert {"1 more outside this picture", "1 without a place"} <= set(lines)


def test_only_signs_that_are_there_are_explained():
    plain = joined(words_of(picture_of([make_event(verification=Verification.VERIFIED)]).pdf()))
    signs = [
        make_event(id="circle-1", geo_precision=GeoPrecision.NEAR, uncertainty_m=25_000),
        make_event(id="estimate", geo_precision=GeoPrecision.DISTRICT, geometry=Geometry.point(39, 35)),
        make_event(
            id="struck-1", status=Status.RETRACTED, status_reason="No.", geometry=Geometry.point(42, 36)
        ),
        make_event(
            id="hollow-1",
            verification=Verification.DISPUTED,
            kind=Kind.CONDITION,
            geometry=Geometry.point(42, 35),
        ),
    ]
    every = joined(words_of(picture_of(signs).pdf()))

    assert joined("Symbol: known to the town or better") in plain
    for sign in (
        "Circle: somewhere within it",
        "Dashed: the extent is estimated",
        "Struck through: retracted or debunked",
        "Hollow: unverified or disputed",
        "In a frame: a condition, which holds",
    ):
        assert (joined(sign) in every, joined(sign) in plain) == (True, False)


def test_in_arabic_the_page_runs_from_the_right():
    picture = picture_of(
        shipped_events(), lang="ar", title=("المعابر", "ar"), caption=("Left to right.", "en")
    )

    said = words_of(picture.pdf())

    assert MISSING not in said
    assert title_of(picture.pdf()) == "المعابر"
    assert "Left to right." in said
    assert "Natural Earth" in said
    assert picture.png(700) != picture_of(shipped_events(), title=("المعابر", "ar")).png(700)


@pytest.mark.parametrize("payload", [*LANGUAGE_OF_TYPST, *PAYLOADS])
def test_no_words_are_more_than_words(payload):
    if not payload.isprintable() or not payload.isascii():
        pytest.skip("controls and halves are refused or mended where text comes in")

    picture = picture_of(
        [make_event()],
        title=(payload, "en"),
        caption=(payload, "en"),
        credit=(payload, "en"),
        attribution=(payload,),
    )
    said = words_of(picture.pdf())

    # Ends of runs are no part of what is said, nor is where a line was broken.
    assert joined(said).count(joined(payload)) == 4
    assert "36481" not in said
    assert "1337" not in said


def test_turned_and_invisible_letters_neither_stop_a_picture_nor_leave_their_line():
    turned = "a \u202e b \u2066 c \u200f d \u0000 e \ufeff"

    picture = picture_of(
        [make_event()], title=(turned, "en"), caption=(turned, "ar"), credit=("The desk", "en")
    )

    assert "The desk" in words_of(picture.pdf())
    assert size_of(picture.png(600)) == (600, 424)


def test_a_sheet_reads_nothing_outside_its_folder(tmp_path, monkeypatch):
    (tmp_path / "secret.txt").write_text("secret")
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    (sheets / "bad.typ").write_text('#read("../secret.txt")')
    (sheets / "link.typ").write_text(f'#read("{tmp_path}/secret.txt")')
    (sheets / "package.typ").write_text('#import "@preview/cetz:0.3.0"')
    monkeypatch.setattr(typesetting, "SHEETS", sheets)

    for name in ("bad.typ", "link.typ", "package.typ"):
        with pytest.raises(typst.TypstError):
            Sheet(name, {}, FONTS).pdf({})


def test_the_sheets_that_are_shipped_read_no_file_and_compile_no_words():
    for sheet in typesetting.SHEETS.iterdir():
        text = sheet.read_text("utf-8")

        assert not [word for word in ("read(", "eval(", "import ", "include ", "plugin(") if word in text]


def test_words_of_any_length_stay_on_one_page_and_break_where_they_must():
    long = picture_of(
        scattered(40),
        title=("W" * 200, "en"),
        caption=("many lines\n" * 180, "en"),
        credit=("x" * 300, "en"),
    )

    lines = lines_of(long)

    assert size_of(long.png(700))[0] == 700
    assert max(len(line) for line in lines if set(line) <= {"W", "\u200b"}) < 90
    assert "".join(lines).count("W") == 200


def test_an_outline_that_tiles_have_in_parts_is_drawn_whole():
    ring = [[36 + 6 * n / 400, 34 + (n % 2) / 5] for n in range(400)]
    wide = make_event(
        id="wide-area",
        geometry=Geometry("Polygon", [[*ring, [42, 37], [36, 37], ring[0]]]),
        geo_precision=GeoPrecision.AREA,
        uncertainty_m=None,
    )

    picture = picture_of([wide])

    assert "Hatched: somewhere in this area" in lines_of(picture)


def test_nothing_found_is_a_map_all_the_same():
    lines = lines_of(picture_of([], title=("Nothing", "en")))

    assert "Nothing" in lines
    assert "0 events" in lines
    assert "In this picture" not in lines


@pytest.mark.parametrize(
    "position", [(LonLat(0, 0), 0), (LonLat(179.9, 85), 3), (LonLat(40.7477, 36.4806), 16)]
)
def test_it_stands_anywhere_on_earth_at_any_zoom(position):
    assert size_of(picture_of(shipped_events(), position=position).png(600)) == (600, 424)


def test_what_a_picture_costs_follows_its_size_and_not_the_number_of_events():
    few, many = picture_of(scattered(300)), picture_of(scattered(20_000))
    few.pdf()

    costs = []
    for picture in (few, many):
        begun = time.process_time()
        picture.pdf()
        costs.append(time.process_time() - begun)

    assert costs[1] < 3 * costs[0] + 0.5


def test_one_is_made_at_a_time_few_wait_and_others_are_told_when_to_come_back(monkeypatch):
    monkeypatch.setattr(typesetting, "_LONGEST_WAIT", 5.0)
    outcomes: list[object] = []

    def wait() -> None:
        try:
            with Turn():
                outcomes.append("made")
        except NotReady as error:
            outcomes.append(error.seconds)

    with Turn():
        waiting = [threading.Thread(target=wait) for _ in range(5)]
        for each in waiting:
            each.start()
        until = time.monotonic() + 4
        while len(outcomes) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        refused = list(outcomes)
    for each in waiting:
        each.join()

    assert refused == [5, 5]
    assert outcomes[2:] == ["made"] * 3


def test_without_fonts_it_says_what_to_run(tmp_path):
    with pytest.raises(NotReady, match=r"Run `make setup`"):
        Sheet("picture.typ", {}, tmp_path)


def joined(text: str) -> str:
    return "".join(text.split())

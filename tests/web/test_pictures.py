"""Pictures over HTTP: of any question and of each saved map, for everybody, of what everybody may see."""

from __future__ import annotations

import threading
import time

import pytest

from geoevents.cartography.typesetting import Turn
from tests.cartography.pdf_text import title_of, words_of
from tests.web.asking import keep
from tests.web.conftest import DATA, Site

pytestmark = pytest.mark.skipif(
    not (DATA / "cache" / "basemap" / "index.json").is_file()
    or not (DATA / "cache" / "vendor" / "fonts").is_dir(),
    reason="no base map or fonts: run `make setup`",
)
SECRET = {"type": "Point", "coordinates": [40.71234, 36.43217]}
SAID = {"title-en": "Gates", "title-ar": "المعابر", "caption-en": "#read(1)", "credit-en": "The desk"}


def words(answer) -> str:
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    return words_of(answer.data)


def test_a_question_has_a_picture_as_png_and_as_pdf(site: Site) -> None:
    keep(site)
    keep(site, event_type="protests")

    png = site.public.get("/map.png?event_type=protests&width=500")
    said = words(site.public.get("/map.pdf?event_type=protests&near=geonames:173811;25km"))

    assert (png.status_code, png.mimetype, png.data[:4]) == (200, "image/png", b"\x89PNG")
    assert png.headers["Content-Disposition"] == 'inline; filename="map.png"'
    assert "1 event\n" in said
    assert "Protests" in said
    assert "Battles" not in said
    assert "near Hasakah" in said
    assert "1 surely" in said


def test_a_saved_map_has_a_picture_with_its_own_words_question_and_place(site: Site) -> None:
    keep(site)
    keep(site, event_type="protests")
    site.writer.post("/views", data=SAID | {"query": "event_type=battles", "map": "9/36.50/40.75"})

    english, arabic = (site.public.get(f"/m/gates.pdf?lang={lang}") for lang in ("en", "ar"))

    for text in ("Gates", "#read(1)", "The desk", "1 event\n", "Battles", "Borders approximate"):
        assert text in words(english)
    assert "Protests" not in words(english)
    assert title_of(arabic.data) == "المعابر"
    assert english.headers["Content-Disposition"] == 'inline; filename="gates.pdf"'


def test_it_is_not_made_again_for_who_has_it_and_is_another_after_a_write(site: Site) -> None:
    keep(site)
    first = site.public.get("/map.png?width=400")

    known = site.public.get("/map.png?width=400", headers={"If-None-Match": first.headers["ETag"]})
    again = site.public.get("/map.png?width=400")
    keep(site, title="Another", geometry=SECRET)
    after = site.public.get("/map.png?width=400")

    assert known.status_code == 304
    assert again.data == first.data
    assert after.headers["ETag"] != first.headers["ETag"]
    assert after.data != first.data
    assert first.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/map.png?width=1", 400, "from 400 to 5000"),
        ("/map.png?width=٤٠٠", 400, "no width"),
        ("/map.pdf?width=800", 400, "A PDF has no width"),
        ("/map.png?size=a0", 400, "a4, a3"),
        ("/map.png?map=x", 400, "Write zoom/lat/lon"),
        ("/map.png?map=nan/nan/nan", 400, "Write zoom/lat/lon"),
        ("/map.png?map=7/1/1&map=8/1/1", 400, "2 times"),
        ("/map.png?colour=red", 400, "not a parameter"),
        ("/m/gone.png", 404, "no saved map"),
        ("/m/gone.png?event_type=battles", 400, "not a parameter"),
        ("/map.gif", 404, ""),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(site: Site, address: str, status: int, says: str) -> None:
    answer = site.public.get(address, headers={"Accept": "*/*"})

    assert answer.status_code == status
    assert says in answer.text


def test_what_is_hidden_is_not_counted_and_what_is_coarse_is_not_exact(site: Site) -> None:
    keep(site, sensitivity="hidden")
    keep(site, status="draft")
    empty = words(site.public.get("/map.pdf"))
    keep(site, SECRET, sensitivity="grid")
    coarse = site.public.get("/map.pdf?map=15/36.43217/40.71234")

    assert "0 events" in empty
    assert "1 event\n" in words(coarse)
    assert "1 more outside this picture" in words(coarse)


def test_few_wait_for_the_same_picture_and_others_are_told_when_to_come_back(site: Site) -> None:
    keep(site)
    answers = []

    def ask() -> None:
        answers.append(site.public.get("/map.png?width=400"))

    with Turn():
        asking = [threading.Thread(target=ask) for _ in range(6)]
        for each in asking:
            each.start()
        until = time.monotonic() + 10
        while len(answers) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        refused = [(answer.status_code, answer.headers["Retry-After"]) for answer in answers]
    for each in asking:
        each.join()

    assert refused == [(503, "5"), (503, "5")]
    assert [answer.status_code for answer in answers[2:]] == [200] * 4


def test_the_internal_view_has_no_picture(site: Site) -> None:
    assert site.writer.get("/map.png?view=internal").status_code == 403
    assert site.public.get("/map.png?view=internal").status_code == 403


def test_the_map_and_the_list_of_saved_maps_lead_to_pictures(site: Site) -> None:
    site.writer.post("/views", data=SAID)

    page, listed = site.public.get("/").text, site.public.get("/views").text

    assert 'id="share-png" href="/map.png?lang=en"' in page
    assert 'href="/m/gates.png"' in listed
    assert 'href="/m/gates.pdf"' in listed

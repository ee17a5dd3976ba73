"""Saved maps: made by form, shown at their own address, embedded where a setting allows it."""

from __future__ import annotations

import json

import pytest

SAID = {
    "title-en": "Crossings",
    "caption-en": "Open and closed.",
    "credit-en": "The desk",
    "title-ar": "المعابر",
    "query": "event_type=battles&lang=en&limit=5",
    "map": "9/36.50/40.75",
}


def save(site, **fields: str):
    return site.writer.post("/views", data=SAID | fields)


def page(answer) -> str:
    return str(answer.get_data(as_text=True))


def test_a_map_is_saved_under_a_name_made_of_its_title_and_shown_there(site):
    saved = save(site)

    assert (saved.status_code, saved.headers["Location"]) == (303, "/views#crossings")
    shown = page(site.public.get("/m/crossings"))
    assert '<h1><bdi lang="en">Crossings</bdi></h1>' in shown
    assert 'data-query="event_type=battles" data-at="/m/crossings" data-position="9/36.500/40.750"' in shown


def test_each_reader_gets_its_words_in_their_language_or_in_the_one_there_is(site):
    save(site)

    arabic = page(site.public.get("/m/crossings?lang=ar"))

    assert '<h1><bdi lang="ar">المعابر</bdi></h1>' in arabic
    assert '<p><bdi lang="en">Open and closed.</bdi></p>' in arabic


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(site):
    refused = save(site, **{"title-en": "", "title-ar": "", "caption-en": "kept words"})

    assert refused.status_code == 422
    assert "A saved map needs a title. Write one." in page(refused)
    assert "kept words" in page(refused)
    assert site.backends.views.all() == []


def test_a_name_is_given_once(site):
    save(site)

    again = save(site, **{"title-en": "Another"}, slug="crossings")

    assert again.status_code == 409
    assert "There is a map at crossings already." in page(again)
    assert site.backends.views.get("crossings").title("en") == "Crossings"


@pytest.mark.parametrize("slug", ["../x", "Ä", "internal", "new", "a b", "-a", "a" * 61])
def test_an_address_of_other_letters_is_refused(site, slug):
    refused = save(site, slug=slug)

    assert refused.status_code == 422
    assert "cannot be the address of a map" in page(refused)


@pytest.mark.parametrize(
    ("field", "text"),
    [("query", "event_type=dragons"), ("query", "bbox=1,2"), ("map", "9/99/40"), ("map", "nan/1/2")],
)
def test_a_question_or_position_without_meaning_is_refused(site, field, text):
    assert save(site, **{field: text}).status_code in (400, 422)
    assert site.backends.views.all() == []


def test_its_words_are_edited_and_it_is_removed(site):
    save(site)

    site.writer.post("/views/crossings", data={"title-en": "Gates", "caption-ar": "نص"})
    view = site.backends.views.get("crossings")
    assert (view.title("en"), view.text("caption", "ar"), view.query) == (
        "Gates",
        ("نص", "ar"),
        "event_type=battles",
    )

    assert site.writer.post("/views/crossings/delete").status_code == 303
    assert site.public.get("/m/crossings").status_code == 404


def test_only_who_may_write_saves_changes_or_removes(site):
    save(site)

    answers = [
        site.public.get("/views/new"),
        site.public.post("/views", data=SAID),
        site.public.get("/views/crossings/edit"),
        site.public.post("/views/crossings", data=SAID),
        site.public.post("/views/crossings/delete"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert site.backends.views.get("crossings").title("en") == "Crossings"


def test_everybody_sees_the_list_and_only_writers_its_buttons(site):
    save(site)

    assert "Crossings" in page(site.public.get("/views"))
    assert "/views/crossings/delete" not in page(site.public.get("/views"))
    assert "/views/crossings/delete" in page(site.writer.get("/views"))


@pytest.mark.parametrize(
    "words", ["{{7*191}}", "{% raw %}", "</script><script>window.__p=1</script>", '" onmouseover="x']
)
def test_words_of_a_view_are_never_compiled_nor_markup(site, words):
    save(site, **{"title-en": words, "caption-en": words, "slug": "x1"})

    for address in ("/m/x1", "/embed?view=x1", "/views"):
        shown = page(site.public.get(address))
        assert "1337" not in shown
        assert "<script>window.__p" not in shown
        assert '" onmouseover="x' not in shown


def test_the_plain_map_is_the_same_whatever_maps_are_saved(site):
    before = site.public.get("/").data

    save(site)

    assert site.public.get("/").data == before


def test_embed_alone_may_stand_in_a_frame_and_only_of_the_sites_that_were_named(make_site):
    site = make_site(embed_ancestors=("https://news.example.org",))
    save(site)

    for address in ("/embed", "/embed?event_type=battles", "/embed?view=crossings&lang=ar"):
        answer = site.public.get(address)
        assert "frame-ancestors 'self' https://news.example.org" in answer.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer.headers
    for address in ("/", "/m/crossings", "/views", "/events", "/embed?view=gone"):
        answer = site.public.get(address)
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_without_the_setting_no_other_site_may_embed(site):
    policy = site.public.get("/embed").headers["Content-Security-Policy"]

    assert policy.endswith("frame-ancestors 'self'")


def test_an_embedded_map_is_the_map_alone_and_leads_to_the_whole(site):
    save(site)

    shown = page(site.public.get("/embed?view=crossings&lang=ar"))

    assert 'href="/m/crossings?lang=ar"' in shown
    assert "site-header" not in shown
    assert 'id="events"' not in shown
    assert "المعابر" in shown


def test_a_file_that_was_spoilt_by_hand_is_never_written_over(site):
    save(site)
    path = site.path.parent / "views.json"
    spoilt = path.read_bytes().replace(b'"slug"', b'"slog"')
    path.write_bytes(spoilt)

    refused = save(site, slug="another")

    assert refused.status_code == 503
    assert path.read_bytes() == spoilt
    assert "cannot be read" in page(site.writer.get("/views"))


def test_the_file_is_json_that_people_can_read_and_other_processes_follow(site):
    save(site)
    path = site.path.parent / "views.json"
    whole = json.loads(path.read_bytes())

    whole["views"][0]["texts"]["en"]["title"] = "By hand"
    path.write_text(json.dumps(whole))

    assert "By hand" in page(site.public.get("/m/crossings"))

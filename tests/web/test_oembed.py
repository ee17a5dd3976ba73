"""oEmbed, the address for mistakes, and what /about tells."""

from __future__ import annotations

import pytest

from tests.web.asking import keep

HERE = "http://localhost"
SAID = {"title-en": 'Gates "& <b>', "slug": "gates", "query": "event_type=battles"}


def test_a_pasted_address_of_a_saved_map_becomes_the_code_of_a_frame(site):
    site.writer.post("/views", data=SAID)

    page = site.public.get("/m/gates").get_data(as_text=True)
    answer = site.public.get(f"/oembed?url={HERE}/m/gates&format=json&maxwidth=500").json

    assert "application/json+oembed" in page
    assert (answer["type"], answer["version"], answer["width"], answer["title"]) == (
        "rich",
        "1.0",
        500,
        SAID["title-en"],
    )
    assert answer["html"].startswith(
        f'<iframe src="{HERE}/embed?view=gates&amp;lang=en" title="Gates &#34;&amp; &lt;b&gt;"'
    )


def test_the_map_itself_is_embedded_with_its_question(site):
    answer = site.public.get("/oembed", query_string={"url": f"{HERE}/?event_type=battles&lang=ar"}).json

    assert 'src="http://localhost/embed?event_type=battles&amp;lang=ar"' in answer["html"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"url={HERE}/m/gone", 404),
        ("url=https://evil.example.org/m/gates", 404),
        (f"url={HERE}/views", 404),
        ("url=http://[", 404),
        (f"url={HERE}/&format=xml", 400),
        (f"url={HERE}/&maxwidth=0", 400),
    ],
)
def test_what_is_no_map_of_ours_is_refused(site, query, status):
    assert site.public.get(f"/oembed?{query}").status_code == status


def test_a_mistake_is_reported_where_a_setting_says_and_else_nowhere(make_site):
    plain = make_site()
    event = keep(plain)
    assert "Report a mistake" not in plain.public.get(f"/events/{event}").get_data(as_text=True)
    plain.app.config["GEOEVENTS_CONTACT"] = "desk@example.org"
    shown = plain.public.get(f"/events/{event}").get_data(as_text=True)
    assert f"mailto:desk@example.org?subject={event}&amp;body=http%3A//localhost/events/{event}" in shown


def test_about_says_how_places_are_decided_what_is_missing_and_how_to_cite(site):
    page = site.public.get("/about").get_data(as_text=True)

    for heading in ("How places are decided", "What is not covered", "How to cite"):
        assert f"<h2>{heading}</h2>" in page

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
    mail = plain.public.get(f"/events/{event}").get_data(as_text=True)
    plain.app.config["GEOEVENTS_CONTACT"] = "https://example.org/mistakes"
    page = plain.public.get(f"/events/{event}").get_data(as_text=True)

    said = f"A%20mistake%20in%20event%20{event}%2C%20version%201"
    assert f"mailto:desk@example.org?subject={said}&amp;body=http%3A//localhost/events/{event}" in mail
    assert (
        f"https://example.org/mistakes?event=http%3A%2F%2Flocalhost%2Fevents%2F{event}&amp;version=1" in page
    )


def test_about_says_how_places_are_decided_what_is_missing_and_how_to_cite(site):
    page = site.public.get("/about").get_data(as_text=True)

    headings = (
        "How places are decided",
        "How sure an event is",
        "Surely and possibly",
        "What is not covered",
    )
    for heading in (*headings, "Licence of the data", "How to cite"):
        assert f"<h2>{heading}</h2>" in page


def test_about_counts_what_is_mapped_and_says_what_a_team_has_set_and_no_more(make_site):
    site = make_site(
        licence="CC BY 4.0 https://creativecommons.org/licenses/by/4.0/", contact="desk@example.org"
    )
    keep(site)

    set_up = site.public.get("/about").get_data(as_text=True)
    plain = make_site().public.get("/about").get_data(as_text=True)

    assert "Now there are 1 event." in set_up.replace("\u2068", "").replace("\u2069", "")
    link = 'href="https://creativecommons.org/licenses/by/4.0/" rel="noopener noreferrer external"><bdi>CC BY'
    assert link in set_up
    assert 'href="mailto:desk@example.org"' in set_up
    assert "Nobody has said here under which licence" in plain
    assert "<h2>Mistakes</h2>" not in plain

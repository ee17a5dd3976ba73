"""The page of decided names: for those who may write, whole without JavaScript, and closed to others."""

from __future__ import annotations

import io

import pytest

PACK = (
    "name,place_id,lon,lat\nthe city by the Khabur,geonames:173811,40.7477,36.5024\nthe mill,x:1,40.1,36.6\n"
)


def send(client, text: str, name: str = "khabur.csv"):
    return client.post(
        "/names", data={"pack": (io.BytesIO(text.encode()), name)}, content_type="multipart/form-data"
    )


def test_a_pack_is_brought_in_accepted_and_taken_back_by_its_buttons(site):
    brought = send(site.writer, PACK)
    assert brought.status_code == 200
    assert "2 new" in brought.get_data(as_text=True)

    assert site.writer.post("/names/accept", data={"what": "khabur"}).status_code == 303
    page = site.writer.get("/names").get_data(as_text=True)
    assert "the city by the Khabur" in page
    assert "Accept all" not in page

    assert site.writer.post("/names/forget", data={"what": "khabur"}).status_code == 303
    assert site.backends.names.all() == ()


def test_it_is_looked_through_in_any_spelling(site):
    send(site.writer, PACK, "towns.csv")

    page = site.writer.get("/names?q=KHABÛR").get_data(as_text=True)

    assert "the city by the Khabur" in page
    assert "the mill" not in page


def test_places_are_called_as_their_reader_calls_them(site):
    send(site.writer, PACK)

    page = site.writer.get("/names?lang=ar").get_data(as_text=True)

    assert "الحسكة، محافظة الحسكة، سوريا" in page
    assert "the mill" in page


def test_one_name_is_forgotten_and_the_rest_stay(site):
    send(site.writer, PACK)
    first, second = site.backends.names.all()

    site.writer.post("/names/forget", data={"what": first.id})

    assert site.backends.names.all() == (second,)


def test_a_file_that_is_no_pack_says_why_and_changes_nothing(site):
    refused = send(site.writer, "a,b\n1,2\n")

    assert refused.status_code == 422
    assert "no column name" in refused.get_data(as_text=True)
    assert site.backends.names.all() == ()


@pytest.mark.parametrize("path", ["/names", "/names.csv", "/names.csv?own=1"])
def test_it_is_closed_to_whoever_may_not_write(site, path):
    send(site.writer, PACK)

    answer = site.public.get(path)

    assert answer.status_code == 403
    assert b"Khabur" not in answer.data


def test_no_cache_keeps_it_and_no_other_site_reads_it(site):
    other_site = {"Sec-Fetch-Site": "cross-site"}

    assert "no-store" in site.writer.get("/names").headers["Cache-Control"]
    assert site.writer.get("/names", headers=other_site).status_code == 403
    assert site.writer.post("/names/forget", data={"what": "x"}, headers=other_site).status_code == 403


def test_names_of_a_hostile_pack_are_only_text(site):
    send(site.writer, 'name,place_id,lon,lat\n"<script>alert(1)</script>{{7*191}}",x:1,40,36\n')

    page = site.writer.get("/names").get_data(as_text=True)

    assert "<script>alert" not in page
    assert "1337" not in page
    assert "&lt;script&gt;" in page

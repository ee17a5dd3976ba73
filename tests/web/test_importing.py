"""The page that brings a file in: looked at first, then imported whole; only for those who may write."""

from __future__ import annotations

import io
import re

import openpyxl

TABLE = (
    "Title,Type,Date,Town,Source,Wind\n"
    "A convoy was stopped,humanitarian_access,2022-01-25,Hasakah,North Press,north\n"
    "In one of two towns,protests,2022-01-26,Derik,North Press,\n"
    "On no day,protests,2022-02-30,Amuda,North Press,\n"
)


def send(client, data: bytes | str, name: str = "rows.csv", **more: str):
    raw = data.encode() if isinstance(data, str) else data
    return client.post(
        "/import", data={"file": (io.BytesIO(raw), name), **more}, content_type="multipart/form-data"
    )


def look(client, data: bytes | str, name: str = "rows.csv"):
    sent = send(client, data, name)
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return sent.location, client.get(sent.location).get_data(as_text=True)


def hidden(page: str) -> dict[str, str]:
    form = page.partition('<form class="card" method="post"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))


def press(client, address: str, page: str):
    """The one primary button, as a browser sends it."""
    return client.post(address, data=hidden(page), content_type="application/x-www-form-urlencoded")


def test_a_file_is_looked_at_first_and_nothing_is_kept(site):
    before = site.bytes()

    _, page = look(site.writer, TABLE)

    assert "1 of 3 rows would land." in page
    assert "Not valid: 1" in page
    assert "Derik" in page
    assert '<option value="place_name" selected>' in page
    assert site.bytes() == before


def test_then_it_is_imported_and_the_rest_comes_back_to_be_mended(site):
    client = site.writer
    address, page = look(client, TABLE)

    sent = press(client, address, page)
    assert sent.status_code == 303, sent.get_data(as_text=True)
    done = client.get(sent.location).get_data(as_text=True)
    mended = client.get(f"{address}/rejected")

    assert "1 row landed." in done
    assert [event.title for event in site.backends.store.events()] == ["A convoy was stopped"]
    assert [event.extra for event in site.backends.store.events()] == [{"Wind": "north"}]
    lines = mended.get_data().decode("utf-8-sig").splitlines()
    assert lines[0] == "Title,Type,Date,Town,Source,Wind,verdict,reason"
    assert [line.split(",")[6] for line in lines[1:]] == ["ambiguous", "invalid"]
    assert mended.headers["Cache-Control"] == "private, no-store"


def test_a_button_pressed_twice_imports_once(site):
    client = site.writer
    address, page = look(client, TABLE)

    press(client, address, page)
    again = press(client, address, page)

    assert again.status_code == 303
    assert len(list(site.backends.store.events())) == 1


def test_what_a_column_is_can_be_said_and_is_looked_at_again(site):
    client = site.writer
    address = send(client, "Sujet,Jour,Lieu\nA convoy was stopped,2022-01-25,Hasakah\n").location
    asked = client.get(address)
    assert asked.status_code == 422
    assert "No column is recognised: Sujet, Jour, Lieu." in asked.get_data(as_text=True)
    assert '<select id="column-2"' in asked.get_data(as_text=True)

    said = "column-0=title&column-1=date_start&column-2=place_name&event_type=protests&source=SOHR"
    page = client.get(f"{address}?{said}").get_data(as_text=True)
    press(client, address, page)

    event = next(site.backends.store.events())
    assert (event.title, event.event_type, event.sources[0].publisher) == (
        "A convoy was stopped",
        "protests",
        "SOHR",
    )


def test_pasted_rows_are_a_file_too(site):
    client = site.writer

    sent = client.post("/import", data={"pasted": TABLE.replace(",", "\t")})

    assert "1 of 3 rows would land." in client.get(sent.location).get_data(as_text=True)


def test_a_workbook_is_read_in_the_browser(site):
    book = openpyxl.Workbook()
    for line in TABLE.splitlines():
        book.active.append(line.split(","))
    data = io.BytesIO()
    book.save(data)

    _, page = look(site.writer, data.getvalue(), "rows.xlsx")

    assert "1 of 3 rows would land." in page


def test_what_cannot_be_read_is_said_and_what_was_pasted_is_kept(site):
    before = site.bytes()

    refused = site.writer.post("/import", data={"pasted": '{"type": "FeatureCollection", "features": ['})
    nothing = site.writer.post("/import", data={"pasted": "  "})

    assert (refused.status_code, nothing.status_code) == (422, 422)
    assert "&#34;FeatureCollection&#34;" in refused.get_data(as_text=True)
    assert "nothing was pasted" in nothing.get_data(as_text=True)
    assert site.bytes() == before


def test_more_rows_than_the_browser_takes_name_the_command_line(site, monkeypatch):
    monkeypatch.setattr("geoevents.web.importing.MOST_ROWS", 2)
    client = site.writer

    sent = send(client, TABLE)
    answer = client.get(sent.location)

    assert answer.status_code == 413
    assert "geoevents import FILE" in answer.get_data(as_text=True)


def test_verdicts_come_by_the_page(site):
    rows = "".join(f"Row {n},protests,2022-02-30,Hasakah,S,\n" for n in range(250))
    client = site.writer

    address, first = look(client, f"Title,Type,Date,Town,Source,Wind\n{rows}")
    last = client.get(f"{address}?page=3").get_data(as_text=True)

    assert "Page 1 of 3" in first
    assert "Page 3 of 3" in last
    assert last.count('<td class="number">') == 50


def test_it_is_for_those_who_may_write(site):
    look(site.writer, TABLE)

    for answer in (site.public.get("/import"), send(site.public, TABLE), site.public.get("/import/abcdef")):
        assert answer.status_code == 403
    assert "Import a file" in site.writer.get("/events").get_data(as_text=True)
    assert "Import a file" not in site.public.get("/events").get_data(as_text=True)


def test_a_page_of_another_site_cannot_send_a_file(site):
    answer = site.writer.post("/import", data={"pasted": TABLE}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


def test_an_upload_that_is_gone_is_not_found(site):
    assert site.writer.get("/import/0123456789").status_code == 404


def test_it_is_whole_in_arabic(site):
    client = site.writer
    address, _ = look(client, TABLE)

    page = client.get(f"{address}?lang=ar").get_data(as_text=True)

    assert 'dir="rtl"' in page
    assert "would land" not in page

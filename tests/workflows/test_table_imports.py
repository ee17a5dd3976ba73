"""Tables brought in: CSV, workbooks, layers; columns recognised, a verdict a row, the rest to mend."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import datetime

import geopandas
import openpyxl
import pytest
from shapely.geometry import Point

from geoevents import workflows
from geoevents.bootstrap import open_geoparser
from geoevents.errors import BadInput, TooLarge
from geoevents.queries import EventQuery
from geoevents.settings import load
from geoevents.spreadsheets import HowToRead
from geoevents.workflows.exports import export
from geoevents.workflows.imports import ImportOptions, import_rows, open_rows
from geoevents.workflows.rejected_rows import place_for_rejected

HEAD = ["title", "event_type", "date", "location", "latitude", "longitude", "source", "notes"]
ROW = ["A convoy was stopped", "protests", "2022-01-25", "Hasakah", "", "", "North Press", ""]


@pytest.fixture
def bring(backends, tmp_path):
    """Import a table; what was noted of it is in `bring.notes`."""
    readers = replace(backends, geoparser=lambda: open_geoparser(load({})))

    def bring_in(data, *, name="rows.csv", how=None, rejected=True, **options):
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        how = how or HowToRead()
        file = open_rows(path, how, backends.taxonomy)
        bring_in.notes = [str(note) for note in file.notes]
        bring_in.rejected = place_for_rejected(path) if rejected else None
        chosen = ImportOptions(by="amina", rejected=bring_in.rejected, how=how, **options)
        return list(import_rows(file, chosen, readers))

    return bring_in


def as_csv(*rows, delimiter=",", head=HEAD):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([head, *rows])
    return text.getvalue()


def changed(**cells):
    return [cells.get(name, cell) for name, cell in zip(HEAD, ROW, strict=True)]


def outcomes(verdicts):
    return [each.verdict.value for each in verdicts]


def kept(backends):
    return list(backends.store.events())


@pytest.mark.parametrize(
    ("encoding", "delimiter", "said"),
    [
        ("utf-8", ",", None), ("utf-8-sig", ";", None), ("utf-16", "\t", None), ("utf-16-le", ",", None),
        ("windows-1256", ";", "windows-1256"), ("windows-1256", ";", None),
    ],
)  # fmt: skip
def test_row_42_arabic_in_any_encoding_and_delimiter_is_read_right(
    backends, bring, encoding, delimiter, said
):
    rows = [
        changed(title="توقفت القافلة عند الجسر", location="الحسكة", notes="قال السكان\nإنها عادت"),
        changed(title="احتجاج في السوق", location="القامشلي", latitude="37,05", longitude="41,23"),
    ]

    verdicts = bring(as_csv(*rows, delimiter=delimiter).encode(encoding), how=HowToRead(encoding=said))

    assert outcomes(verdicts) == ["accepted", "accepted"]
    first, second = kept(backends)
    assert (first.title, first.description) == ("توقفت القافلة عند الجسر", "قال السكان\nإنها عادت")
    assert second.geometry.coordinates == (41.23, 37.05)
    assert any("does not say its encoding" in note for note in bring.notes) == (
        said is None and encoding in ("windows-1256", "utf-16-le")
    )


def test_row_42_turkish_is_told_from_arabic(backends, bring):
    data = as_csv(changed(title="Kızıltepe yolunda gösteri yapıldı, göç başladı"), delimiter=";")

    bring(data.encode("windows-1254"))

    assert kept(backends)[0].title == "Kızıltepe yolunda gösteri yapıldı, göç başladı"


def test_row_42_an_encoding_that_nobody_can_tell_is_asked_for(backends, bring):
    with pytest.raises(BadInput, match="Say it with --encoding") as asked:
        bring("title,date\nПротест,2022-01-25\n".encode("koi8-r"))

    assert asked.value.field == "encoding"
    assert kept(backends) == []


def test_row_42_a_ragged_row_is_named_and_the_others_land(backends, bring):
    rows = [changed(title=f"Row {chr(96 + n)} of many", location="Hasakah") for n in range(1, 20)]
    rows[16] = [*rows[16], "one too many"]

    verdicts = bring(as_csv(*rows))

    assert outcomes(verdicts)[16] == "invalid"
    assert str(verdicts[16].reason).startswith("row 17: 9 cells, expected 8")
    assert len([each for each in verdicts if each.verdict == "invalid"]) == 1
    returned = list(csv.reader(io.StringIO(bring.rejected.read_text("utf-8-sig"))))
    assert returned[0] == [*HEAD, "verdict", "reason"]
    assert returned[1][-1] == "one too many"


def test_row_43_formulas_are_text_and_come_back_as_they_were(backends, bring, tmp_path):
    title = '=HYPERLINK("http://x","y")'
    bring(as_csv(changed(title=title), changed(title="@SUM(A1)", location="Xqzwv")))

    assert kept(backends)[0].title == title
    assert "'@SUM(A1)" in bring.rejected.read_text("utf-8-sig")
    export(tmp_path / "out.csv", EventQuery(), backends)
    assert "'=HYPERLINK" in (tmp_path / "out.csv").read_text("utf-8-sig")
    again = bring((tmp_path / "out.csv").read_bytes(), name="again.csv")
    assert [(each.verdict.value, each.landed) for each in again] == [("duplicate", True)]


def test_row_43_formulas_of_a_workbook_are_not_worked_out(backends, bring):
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(changed(title='=1+1&"x"'))
    data = io.BytesIO()
    book.save(data)

    verdicts = bring(data.getvalue(), name="rows.xlsx")

    assert [(each.verdict.value, each.field) for each in verdicts] == [("accepted", None)]
    assert kept(backends)[0].title == "Protests, Hasakah"
    assert any("has formulas" in note for note in bring.notes)


def packed(members, *, level=9):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize("name", ["rows.xlsx", "rows.kmz"])
@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"xl/workbook.xml": b"0" * 20_000_000}, TooLarge),
        ({f"{n}.xml": b"" for n in range(3_000)}, TooLarge),
        ({"../../outside.kml": b"<kml/>"}, BadInput),
        ({"/etc/outside.kml": b"<kml/>"}, BadInput),
    ],
)
def test_row_44_bombs_and_members_outside_are_refused_at_once(backends, bring, name, members, error):
    with pytest.raises(error):
        bring(packed(members), name=name)
    assert kept(backends) == []


def test_row_45_entities_far_into_a_workbook_are_refused(backends, bring):
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    with zipfile.ZipFile(book) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for padding in (70_000, (1 << 20) - 8, 3 << 20):
        start = b"<?xml version='1.0'?><!--" + b"x" * padding + b"--><!DOCTYPE a [<!ENTITY a 'boom'>]>"
        members["xl/worksheets/sheet1.xml"] = start + b"<worksheet/>"

        with pytest.raises(BadInput, match="declares a document type"):
            bring(packed(members, level=0), name="rows.xlsx")


def test_a_workbook_whose_sheets_lie_elsewhere_has_none(bring):
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    with zipfile.ZipFile(book) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    relations = members["xl/_rels/workbook.xml.rels"]
    members["xl/_rels/workbook.xml.rels"] = relations.replace(
        b"worksheets/sheet1.xml", b"../../../etc/passwd"
    )

    with pytest.raises(BadInput, match=r"no sheet that can be read|no workbook that can be read"):
        bring(packed(members), name="rows.xlsx")


def test_row_44_a_link_in_a_packet_is_refused(bring):
    link = zipfile.ZipInfo("doc.kml")
    link.external_attr = 0o120777 << 16
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(BadInput, match="outside of itself"):
        bring(data.getvalue(), name="rows.kmz")


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "boom"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&f;&a;</name></Placemark></kml>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_row_45_entities_in_kml_are_refused(backends, bring, encoding):
    data = ENTITIES.replace('"1.0"', f'"1.0" encoding="{encoding}"').encode(encoding)

    with pytest.raises(BadInput, match="declares a document type or entities"):
        bring(data, name="rows.kml")
    with pytest.raises(BadInput, match="declares a document type or entities"):
        bring(packed({"doc.kml": data}), name="rows.kmz")
    assert kept(backends) == []


def test_a_kml_is_read(backends, bring):
    kml = (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>A convoy was stopped</name>'
        "<ExtendedData><Data name='date'><value>2022-01-25</value></Data></ExtendedData>"
        "<Point><coordinates>40.75,36.5,0</coordinates></Point></Placemark></Document></kml>"
    )

    verdicts = bring(kml, name="rows.kml", event_type="protests", source="SOHR")

    assert outcomes(verdicts) == ["accepted"], verdicts
    event = kept(backends)[0]
    assert (event.title, event.geometry.coordinates) == ("A convoy was stopped", (40.75, 36.5))


def test_a_layer_in_metres_is_brought_to_degrees(backends, bring, tmp_path):
    frame = geopandas.GeoDataFrame(
        {"title": ["A convoy was stopped"], "event_type": ["protests"], "date": ["2022-01-25"]},
        geometry=[Point(40.75, 36.5)], crs="EPSG:4326",
    ).to_crs(3857)  # fmt: skip
    frame.to_file(tmp_path / "made.gpkg", layer="events")
    frame.to_file(tmp_path / "made.gpkg", layer="others")

    verdicts = bring((tmp_path / "made.gpkg").read_bytes(), name="rows.gpkg", source="SOHR")

    assert outcomes(verdicts) == ["accepted"]
    assert kept(backends)[0].geometry.coordinates == pytest.approx((40.75, 36.5))
    assert any("has the layers events, others: events is read" in note for note in bring.notes)


def test_a_workbook_of_two_sheets_says_which_is_read(backends, bring):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["nothing", "here"])
    sheet = book.create_sheet("Events")
    sheet.append(HEAD)
    sheet.append([*ROW[:2], datetime.fromisoformat("2022-01-25"), "Hasakah", 36.5, 40.75, "S"])
    sheet.append([*changed()[:2], 44_587, "Qamishli", None, None, "S"])
    data = io.BytesIO()
    book.save(data)

    with pytest.raises(BadInput, match="No column is recognised"):
        bring(data.getvalue(), name="rows.xlsx")
    assert any("has the sheets Notes, Events: Notes is read" in note for note in bring.notes)
    verdicts = bring(data.getvalue(), name="rows.xlsx", how=HowToRead(sheet="Events"))

    assert outcomes(verdicts) == ["accepted", "accepted"]
    assert [event.date_start.isoformat() for event in kept(backends)] == ["2022-01-25", "2022-01-26"]


ACLED = (
    "event_id_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,assoc_actor_1,actor2,"
    "civilian_targeting,region,country,admin1,location,latitude,longitude,geo_precision,source,notes,"
    "fatalities\n"
    "SYR1,20 January 2022,2022,1,Explosions/Remote violence,Air/drone strike,Group A,Group C; Group D,"
    "Group B,"
    "Civilian targeting,Middle East,Syria,Al-Hasakeh,Hasakah,36.5,40.75,1,SOHR; North Press,"
    '"Aircraft'
    ' struck a depot. Two died.",2\n'
    "SYR2,21 January 2022,2022,2,Battles,Armed clash,A,,B,,Middle East,Syria,Ar-Raqqa,Raqqa,35.95,39.01,3,"
    "SOHR,,0\n"
)


def test_acleds_columns_and_codes_are_ours(backends, bring):
    verdicts = bring(ACLED)

    assert outcomes(verdicts) == ["accepted", "accepted"]
    first, second = kept(backends)
    assert (first.title, first.event_type, first.sub_event_type) == (
        "Aircraft struck a depot",
        "explosions_remote_violence",
        "air_drone_strike",
    )
    assert [(each.name, each.role.value) for each in first.actors] == [
        ("Group A", "side_a"), ("Group C", "associated"), ("Group D", "associated"), ("Group B", "side_b"),
    ]  # fmt: skip
    assert [each.publisher for each in first.sources] == ["SOHR", "North Press"]
    assert (first.geo_precision, first.fatalities_best, first.civilian_targeting) == ("settlement", 2, True)
    assert (first.external_id, first.country_code, first.extra["region"]) == ("SYR1", "SY", "Middle East")
    assert (second.geo_precision, second.uncertainty_m) == ("province", 100_000)
    assert (str(second.date_start), str(second.date_end)) == ("2022-01-18", "2022-01-24")
    assert second.title == "A – B, Raqqa"


def test_ucdps_columns_and_codes_are_ours(backends, bring):
    ged = (
        "id,type_of_violence,side_a,side_b,source_article,source_office,source_date,source_headline,"
        "where_prec,"
        "where_coordinates,adm_1,country,latitude,longitude,date_prec,date_start,date_end,best,high,low\n"
        "412345,3,Group A,Civilians,x,Reuters,2022-01-22,Villagers killed,4,Hasakah,Hasakah,Syria,36.5,"
        "40.75,2,"
        "2022-01-20 00:00:00.000,2022-01-21 00:00:00.000,5,9,4\n"
        "412346,1,Group A,Group B,x,Reuters,2022-01-22,Clashes,6,Syria,,Syria,35.0,38.5,1,2022-01-20,"
        "2022-01-20,"
        "1,1,1\n"
    )

    assert outcomes(bring(ged)) == ["accepted", "accepted"]
    first, second = kept(backends)
    assert (first.event_type, first.geo_precision, first.uncertainty_m) == (
        "violence_against_civilians",
        "province",
        100_000,
    )
    assert (first.fatalities_low, first.fatalities_best, first.fatalities_high) == (4, 5, 9)
    assert (first.external_id, str(first.date_end), str(first.sources[0].published)) == (
        "412345",
        "2022-01-21",
        "2022-01-22",
    )
    assert (second.geo_precision, second.geometry) == ("country", None)


def test_arabic_headings_are_recognised(backends, bring):
    table = "العنوان,نوع الحدث,التاريخ,المكان,المحافظة,المصدر,ملاحظة خاصة\n"
    table += "احتجاج في السوق,احتجاجات,٢٥ كانون الثاني ٢٠٢٢,القامشلي,الحسكة,نورث برس,شيء\n"

    assert outcomes(bring(table)) == ["accepted"]
    event = kept(backends)[0]
    assert (event.event_type, str(event.date_start), event.place_name) == (
        "protests",
        "2022-01-25",
        "القامشلي",
    )
    assert event.extra == {"ملاحظة خاصة": "شيء"}
    assert any("everybody can read it: ملاحظة خاصة." in note for note in bring.notes)


def test_a_column_can_be_said_to_be_a_field_or_none(backends, bring):
    how = HowToRead(maps=(("notes", "internal_note"), ("location", "-")))

    bring(as_csv(changed(notes="seen twice", latitude="36.5", longitude="40.75")), how=how)

    event = kept(backends)[0]
    assert (event.internal_note, event.place_name, event.extra) == (
        "seen twice",
        None,
        {"location": "Hasakah"},
    )


@pytest.mark.parametrize(("theirs", "ours"), [("nothing", "title"), ("notes", "nonsense")])
def test_a_mapping_that_cannot_be_is_refused(bring, theirs, ours):
    with pytest.raises(BadInput) as refused:
        bring(as_csv(ROW), how=HowToRead(maps=((theirs, ours),)))

    assert refused.value.field == "map"


def test_the_order_of_day_and_month_is_the_columns_not_the_rows(backends, bring):
    rows = [
        changed(date="03/04/2021", title="One of them"),
        changed(date="25/04/2021", title="Quite another"),
    ]

    assert outcomes(bring(as_csv(*rows))) == ["accepted", "accepted"]
    assert [str(event.date_start) for event in kept(backends)] == ["2021-04-03", "2021-04-25"]


def test_a_column_that_leaves_the_order_open_is_asked_about(backends, bring):
    data = as_csv(changed(date="03/04/2021"), changed(date="2021-05-06", title="Quite another"))

    asked = bring(data)
    told = bring(data, how=HowToRead(dates="mdy"))

    assert [(each.verdict.value, each.field) for each in asked] == [
        ("invalid", "date_start"),
        ("accepted", None),
    ]
    assert "--dates dmy" in str(asked[0].reason)
    assert any("--dates dmy" in note for note in bring.notes) is False
    assert outcomes(told) == ["accepted", "duplicate"]
    assert {str(event.date_start) for event in kept(backends)} == {"2021-05-06", "2021-03-04"}


def test_nought_nought_is_no_place(backends, bring):
    verdicts = bring(as_csv(changed(latitude="0", longitude="0.0")))

    assert [(each.verdict.value, each.field) for each in verdicts] == [("invalid", "lon")]
    assert kept(backends) == []


def test_exchanged_coordinates_are_asked_about_never_exchanged(backends, bring):
    head = [*HEAD, "country"]
    data = as_csv([*changed(latitude="40.75", longitude="36.5", location="Hasakah"), "Syria"], head=head)

    verdicts = bring(data)

    assert outcomes(verdicts) == ["invalid"]
    assert kept(backends) == []


def test_importing_twice_changes_nothing_even_where_an_event_was_corrected_since(backends, bring):
    data = as_csv(changed(), changed(title="", notes="A shell fell on Manbij today. Two were hurt."))
    bring(data)
    event = kept(backends)[0]
    draft = replace(event.as_draft(), title="A convoy was turned back")
    workflows.edit(event.id, draft, backends, version=1, by="amina")
    revision = backends.store.revision

    verdicts = bring(data)

    assert {(each.verdict.value, each.landed) for each in verdicts} == {("duplicate", True)}
    assert backends.store.revision == revision


def test_the_rows_that_did_not_land_come_back_and_land_once_mended(backends, bring):
    bring(as_csv(changed(location="Derik"), changed(title="Elsewhere, at night"), delimiter=";"))
    text = bring.rejected.read_text("utf-8-sig")
    assert text.splitlines()[0] == ";".join([*HEAD, "verdict", "reason"])

    verdicts = bring(text.replace("Derik", "Amuda"), name="mended.csv")

    assert outcomes(verdicts) == ["accepted"]
    assert not bring.rejected.exists()


def test_a_row_of_only_a_text_is_placed_where_its_event_was(backends, bring):
    table = "text\nThe Aleppo Media Center said warplanes bombed a market in the town of Atarib.\nNothing.\n"

    bare = bring(table, dry_run=True)
    table = (
        table.replace("text\n", "date,text\n")
        .replace("The A", "2022-01-25,The A")
        .replace("Noth", "2022-01-25,Noth")
    )
    verdicts = bring(table, event_type="protests", source="S")

    assert outcomes(bare) == ["invalid", "invalid"]
    assert bare[0].candidates[0]["name"] == "Al-Atarib"
    assert outcomes(verdicts) == ["accepted", "not_found"]
    event = kept(backends)[0]
    assert (event.place_name, event.admin1, event.chosen_by) == ("Atarib", "Aleppo", "gazetteer")
    assert verdicts[0].candidates[0]["place_id"] == event.place_id


def test_what_another_source_says_of_an_event_is_more_on_it(backends, bring):
    bring(
        as_csv(
            changed(notes="Soldiers stopped an aid convoy of ten trucks at the northern gate of the city.")
        )
    )
    first = kept(backends)[0]
    other = changed(
        title="Aid convoy stopped", source="SOHR", date="2022-01-26",
        notes="An aid convoy of ten trucks was stopped by soldiers at the northern gate.",
    )  # fmt: skip

    verdicts = bring(as_csv(other), name="other.csv")
    text = bring.rejected.read_text("utf-8-sig")
    assert [(each.verdict.value, each.id, each.landed) for each in verdicts] == [("more_on", first.id, False)]
    said = bring(text.replace(",more_on,", f",more_on {first.id},"), name="said.csv")

    assert [(each.verdict.value, each.landed) for each in said] == [("more_on", True)]
    event = backends.store.get(first.id)
    assert [(each.publisher, each.says) for each in event.sources] == [
        ("North Press", None),
        ("SOHR", {"date": "2022-01-26"}),
    ]
    assert len(kept(backends)) == 1


def test_or_it_is_another_event_where_somebody_says_so(backends, bring):
    bring(
        as_csv(
            changed(notes="Soldiers stopped an aid convoy of ten trucks at the northern gate of the city.")
        )
    )
    other = changed(
        title="Again",
        source="SOHR",
        notes="Soldiers stopped an aid convoy of ten trucks at the northern gate.",
    )

    bring(as_csv(other), name="other.csv")
    said = bring(bring.rejected.read_text("utf-8-sig").replace(",more_on,", ",accepted,"), name="said.csv")

    assert outcomes(said) == ["accepted"]
    assert len(kept(backends)) == 2


def test_one_register_tells_its_events_apart(backends, bring):
    rows = [*ACLED.splitlines()[:2], ACLED.splitlines()[1].replace("SYR1", "SYR9").replace("SOHR;", "Rudaw;")]

    assert outcomes(bring("\n".join(rows))) == ["accepted", "accepted"]


def test_a_verdict_as_json_keeps_its_keys(bring):
    verdict = bring(as_csv(changed(location="Derik")))[0].as_json()

    assert list(verdict) == ["row", "verdict", "id", "field", "reason", "candidates"]
    assert json.dumps(verdict)


def test_features_of_another_program_are_read_by_the_names_of_their_properties(backends, bring):
    head, first, _ = csv.reader(io.StringIO(ACLED))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [40.75, 36.5]},
            "properties": dict(zip(head, first, strict=True)) | changed,
        }
        for changed in ({"extent": [1, 2]}, {"event_id_cnty": "SYR3", "event_date": "2022-02-30"})
    ]

    verdicts = bring(json.dumps({"type": "FeatureCollection", "features": features}), name="acled.geojson")

    assert [(each.verdict.value, each.field) for each in verdicts] == [
        ("accepted", None),
        ("invalid", "date_start"),
    ]
    event = kept(backends)[0]
    assert (event.sub_event_type, event.external_id, event.extra["extent"]) == (
        "air_drone_strike",
        "SYR1",
        "[1, 2]",
    )
    (returned,) = json.loads(bring.rejected.read_text("utf-8"))["features"]
    assert returned.pop("rejected")["verdict"] == "invalid"
    assert returned == features[1]


def test_what_did_not_land_of_a_layer_comes_back_with_its_shape(backends, bring, tmp_path):
    frame = geopandas.GeoDataFrame(
        {"title": ["A convoy was stopped"], "event_type": ["protests"], "date": ["2022-02-30"]},
        geometry=[Point(40.75, 36.5)], crs="EPSG:4326",
    )  # fmt: skip
    frame.to_file(tmp_path / "made.gpkg")

    bring((tmp_path / "made.gpkg").read_bytes(), name="rows.gpkg", source="SOHR")
    mended = bring.rejected.read_text("utf-8-sig").replace("2022-02-30", "2022-01-30")
    verdicts = bring(mended, name="mended.csv", source="SOHR")

    assert outcomes(verdicts) == ["accepted"]
    assert kept(backends)[0].geometry.coordinates == (40.75, 36.5)

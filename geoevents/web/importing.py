"""Bring a file in: choose or paste it, see its columns and a verdict for every row, then import it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, flash, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from geoevents.errors import BadInput, GeoEventsError, TooLarge
from geoevents.messages import Message
from geoevents.spreadsheets.encodings import OFFERED
from geoevents.web import error_pages, headers, languages, links, reading, words, writers, writing
from geoevents.web.import_form import ImportForm, fields_offered
from geoevents.web.uploads import Checked, Upload, Uploads
from geoevents.workflows.imports import ImportOptions, import_rows, open_rows
from geoevents.workflows.rejected_rows import place_for_rejected
from geoevents.workflows.row_files import RowFile

bp = Blueprint("importing", __name__)

# More would keep a reader waiting for minutes, and the command line shows how far it is.
MOST_ROWS = 10_000
A_PAGE = 100
VERDICTS = {
    "accepted": Message("Accepted"),
    "ambiguous": Message("Several places"),
    "not_found": Message("Place not found"),
    "invalid": Message("Not valid"),
    "duplicate": Message("Here already"),
    "more_on": Message("More on an event"),
}


@bp.get("/import")
def new() -> ResponseReturnValue:
    writers.require_writer()
    return _choose()


@bp.post("/import")
def upload() -> ResponseReturnValue:
    """A file, or rows that were pasted: kept for an hour, and looked at."""
    writers.require_writer()
    writing.must_be_form()
    sent, pasted = request.files.get("file"), request.form.get("pasted", "")
    if sent is not None and sent.filename:
        given = _uploads().add(sent.filename, sent.read())
    elif pasted.strip():
        given = _uploads().add(_name_of(pasted), pasted.replace("\r\n", "\n").encode("utf-8", "replace"))
    else:
        return _choose(Message("No file was chosen and nothing was pasted."), status=422)
    try:
        with given.as_file() as path:
            next(iter(open_rows(path, ImportForm.of({}).how(), reading.backends().taxonomy).rows()), None)
    except GeoEventsError as error:
        # What cannot be read yet may only lack the name of its encoding, or of its columns.
        if error.field not in ("encoding", "map"):
            return _choose(error.message, status=_status(error), pasted=pasted)
    return links.go(links.link("importing.look", token=given.token))


@bp.get("/import/<token>")
def look(token: str) -> ResponseReturnValue:
    """What would happen, row by row; what is said of the file can be changed and looked at again."""
    writers.require_writer()
    given = _given(token)
    if given.done is not None:
        return links.go(links.link("importing.done", token=token))
    form, file = ImportForm.of(request.args), None
    try:
        with given.as_file() as path:
            file = open_rows(path, form.how(file_headings(given, form)), reading.backends().taxonomy)
            found = _rehearsed(given, file, form)
    except GeoEventsError as error:
        return _page("importing/look.html", status=_status(error), given=given, form=form, file=file,
                     wrong=languages.in_words(error.message), **_rows_of(None))  # fmt: skip
    return _page("importing/look.html", given=given, form=form, file=file, wrong=None, **_rows_of(found))


@bp.post("/import/<token>")
def bring(token: str) -> ResponseReturnValue:
    writers.require_writer()
    writing.must_be_form()
    given, form = _given(token), ImportForm.of(request.form)
    with given.lock:
        # A button pressed twice imports once.
        if given.done is None:
            with given.as_file() as path:
                file = open_rows(path, form.how(file_headings(given, form)), reading.backends().taxonomy)
                rejected = place_for_rejected(path)
                options = _options(form, rejected=rejected)
                verdicts = tuple(import_rows(file, options, reading.backends()))
                kept = rejected.read_bytes() if rejected.exists() else None
                given.done = Checked(verdicts, kept, rejected.name)
    landed = sum(verdict.landed for verdict in given.done.verdicts)
    flash(languages.in_words(
        Message("{count} row landed.", plural="{count} rows landed.", count=landed)
    ))  # fmt: skip
    return links.go(links.link("importing.done", token=token))


@bp.get("/import/<token>/done")
def done(token: str) -> ResponseReturnValue:
    writers.require_writer()
    given = _given(token)
    if given.done is None:
        return links.go(links.link("importing.look", token=token))
    return _page("importing/done.html", given=given, **_rows_of(given.done))


@bp.get("/import/<token>/rejected")
def rejected(token: str) -> ResponseReturnValue:
    """The rows that did not land, to be mended and imported again."""
    writers.require_writer()
    given = _given(token)
    if given.done is None or given.done.rejected is None:
        raise NotFound
    mimetype = "text/csv" if given.done.rejected_name.endswith(".csv") else "application/geo+json"
    answer = Response(given.done.rejected, mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=given.done.rejected_name)
    return headers.keep_private(answer)


def file_headings(given: Upload, form: ImportForm) -> tuple[str, ...]:
    """The headings of a table as it is read without any mapping."""
    if not form.maps_anything:
        return ()
    with given.as_file() as path:
        return open_rows(path, form.how(), reading.backends().taxonomy).headings or ()


def _rehearsed(given: Upload, file: RowFile, form: ImportForm) -> Checked:
    key = (form.key, reading.count_of_changes())
    if key not in given.checked:
        options = replace(_options(form), dry_run=True)
        verdicts = []
        for verdict in import_rows(file, options, reading.backends()):
            verdicts.append(verdict)
            if len(verdicts) > MOST_ROWS:
                raise TooLarge(
                    Message(
                        "The file has more than {limit} rows, the most that the browser takes."
                        " Bring it in with `geoevents import FILE`.",
                        limit=MOST_ROWS,
                    )
                )
        given.checked = {key: Checked(tuple(verdicts))}
    return given.checked[key]


def _options(form: ImportForm, **more: Any) -> ImportOptions:
    # One batch: all of it is kept, or nothing.
    return ImportOptions(
        by=writers.BY,
        source=form.source,
        event_type=form.event_type,
        how=form.how(),
        batch=MOST_ROWS + 1,
        **more,
    )


def _rows_of(found: Checked | None) -> dict[str, Any]:
    """One page of verdicts: those that need somebody first, then the others."""
    verdicts = found.verdicts if found else ()
    only = request.args.get("verdict", "")
    shown = [each for each in verdicts if not only or each.verdict.value == only]
    if not only:
        shown.sort(key=lambda each: (each.landed, each.row))
    pages = max(1, -(-len(shown) // A_PAGE))
    asked = request.args.get("page", "1")
    page = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1
    return {
        "counts": Counter(each.verdict.value for each in verdicts),
        "rows": shown[(page - 1) * A_PAGE : page * A_PAGE],
        "matched": len(shown), "number": page, "pages": pages, "only": only, "total": len(verdicts),
        "landing": sum(each.landed for each in verdicts),
    }  # fmt: skip


def _choose(*notes: object, status: int = 200, pasted: str = "") -> Response:
    said = [languages.in_words(note) for note in notes]
    return _page("importing/new.html", status=status, said=said, pasted=pasted)


def _page(template: str, *, status: int = 200, **values: Any) -> Response:
    taxonomy = reading.backends().taxonomy
    types = [(each.code, each.label(languages.labels())) for each in taxonomy]
    page = render_template(
        template, path=request.path, types=types, most_rows=MOST_ROWS, self_link=_self_link,
        label_of=words.place_label, verdict_label=lambda name: languages.in_words(VERDICTS[name]),
        fields=fields_offered(), encodings=OFFERED, **values,
    )  # fmt: skip
    return headers.keep_private(make_response(page, status))


def _self_link(**more: object) -> str:
    """This page with other rows."""
    kept = [(name, text) for name, text in request.args.items() if name not in ("page", "verdict")]
    pairs = [*kept, *((name, value) for name, value in more.items() if value)]
    return f"{request.path}?{urlencode(pairs)}" if pairs else request.path


def _given(token: str) -> Upload:
    given = _uploads().get(token)
    if given is None:
        raise NotFound
    return given


def _uploads() -> Uploads:
    found = current_app.extensions.setdefault("geoevents.uploads", Uploads())
    assert isinstance(found, Uploads)
    return found


def _name_of(pasted: str) -> str:
    return "pasted.geojson" if pasted.lstrip().startswith("{") else "pasted.csv"


def _status(error: GeoEventsError) -> int:
    return 422 if isinstance(error, BadInput) else error_pages.status_of(error)

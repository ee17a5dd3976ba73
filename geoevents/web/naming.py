"""The names a team has decided: looked through, accepted, forgotten; packs of them in and out."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, request
from flask.typing import ResponseReturnValue

from geoevents.decisions import Decision, Standing
from geoevents.errors import BadInput, NotAllowed, TooLarge
from geoevents.folding import fold
from geoevents.messages import Message
from geoevents.web import headers, languages, links, reading, words, writers, writing
from geoevents.workflows.names_packs import (
    Names,
    RowSaid,
    accept,
    accepted,
    bring_in,
    forgotten,
    pack_lines,
    summed_up,
    take_back,
)

bp = Blueprint("names", __name__)

_MOST_SHOWN = 200


@bp.get("/names")
def show() -> ResponseReturnValue:
    return _page()


@bp.get("/names.csv")
def download() -> ResponseReturnValue:
    """The pack: with own=1 also the places that no gazetteer has."""
    own = request.args.get("own") == "1"
    lines = pack_lines(_names(), reading.backends().public, own=own)
    answer = Response(b"".join(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="names.csv"'
    return headers.keep_private(answer)


@bp.post("/names")
def bring() -> ResponseReturnValue:
    """A pack that was chosen as a file: every row is told, and only offered."""
    names = _names()
    writing.must_be_form()
    sent = request.files.get("pack")
    if sent is None or not sent.filename:
        return _page(Message("No file was chosen. Choose a names pack (CSV) and send it again."), status=422)
    house = reading.backends()
    called = request.form.get("called") or sent.filename.removesuffix(".csv")
    try:
        said = bring_in(sent.read(), called, names, house.gazetteer, now=house.now())
    except (BadInput, TooLarge) as error:
        return _page(error.message, status=422)
    return _page(summed_up(said), rows=[each for each in said if each.reason is not None])


@bp.post("/names/accept")
def stand_for() -> ResponseReturnValue:
    names = _names()
    writing.must_be_form()
    count = accept(names, request.form.get("what", ""))
    return _back(accepted(count))


@bp.post("/names/forget")
def forget() -> ResponseReturnValue:
    names = _names()
    writing.must_be_form()
    count = take_back(names, request.form.get("what", ""))
    return _back(forgotten(count))


def _names() -> Names:
    """Raises NotAllowed for who may not write: what a team knows is nobody else's."""
    if not writers.is_writer_here():
        raise NotAllowed(
            Message("Decided names are for those who may write: open this page on the machine itself.")
        )
    names = reading.backends().names
    if names is None:
        raise NotAllowed(Message("This server keeps no names of a team."))
    return names


def _page(*notes: object, status: int = 200, rows: list[RowSaid] | None = None) -> Response:
    decided = _names().all()
    q = request.args.get("q", "").strip()
    found = [each for each in reversed(decided) if _speaks_of(each, fold(q))]
    packs = {each.pack: _offers(decided, each.pack) for each in decided if each.pack}
    page = render_template(
        "names.html",
        decided=found[:_MOST_SHOWN],
        matched=len(found),
        count=len(decided),
        packs=packs,
        said=[languages.in_words(note) for note in notes],
        failed=status != 200,
        rows=rows or [],
        q=q,
        Standing=Standing,
        day_of=languages.day,
        label_of=words.place_label,
        path=request.path,
    )
    answer = make_response(page, status)
    return headers.keep_private(answer)


def _speaks_of(decision: Decision, folded: str) -> bool:
    return folded in fold(f"{decision.name} {decision.place.label} {decision.pack or ''}")


def _offers(decided: tuple[Decision, ...], pack: str) -> int:
    return sum(each.pack == pack and each.standing is Standing.OFFERED for each in decided)


def _back(note: Message) -> Response:
    flash(languages.in_words(note))
    return links.go(links.link("names.show"))

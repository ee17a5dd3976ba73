"""Saved maps: shown at their own address and in frames of other pages; listed, made and changed by form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geoevents.cartography.frame import Caption
from geoevents.errors import BadInput, ViewExists
from geoevents.messages import Message
from geoevents.views import View
from geoevents.web import (
    asking,
    caching,
    error_pages,
    headers,
    languages,
    links,
    mapping,
    oembed,
    reading,
    standing,
    writers,
    writing,
)
from geoevents.web.view_form import ViewForm
from geoevents.workflows import map_views

bp = Blueprint("views", __name__)


@bp.get("/m/<slug>")
def show(slug: str) -> ResponseReturnValue:
    view = _view(slug)
    return mapping.map_answer(_caption(view, discovery=oembed.discovery(_address(view))))


@bp.get("/embed")
def embed() -> ResponseReturnValue:
    """The map alone, for frames of the pages that a setting names; the one address that may stand in one."""
    slug = request.args.get("view", "").strip()
    if slug:
        view = _view(slug)
        said = _caption(view, is_embedded=True, whole=links.link("views.show", slug=view.slug))
    else:
        asked = asking.by_page()
        if asked.must_move:
            return links.go(links.link("views.embed", asked))
        said = Caption(is_embedded=True, whole=links.link("browse.map_page", asked))
    g.may_be_framed = True
    return mapping.map_answer(said, ancestors=current_app.config["GEOEVENTS_EMBED_ANCESTORS"])


@bp.get("/views")
def every() -> ResponseReturnValue:
    asking.view_of()
    saved = map_views.views_of(reading.backends())
    shown = [(view, *_said(view)) for view in saved.all()]
    problem = saved.problem.message if saved.problem and writers.may_write() else None
    return caching.html(_page("views/list.html", views=shown, problem=problem))


@bp.get("/views/new")
def new() -> ResponseReturnValue:
    writers.require_writer()
    return _form(ViewForm.blank(request.args))


@bp.post("/views")
def create() -> ResponseReturnValue:
    writers.require_writer()
    writing.must_be_form()
    form = ViewForm.sent(request.form)
    try:
        house = reading.backends()
        view = map_views.add_view(form.view(house.now()), house, form.stand())
    except (BadInput, ViewExists) as error:
        return _form(form.blamed(error), error_pages.status_of(error))
    return _done(view, Message("Saved. This is the address of the map."))


@bp.get("/views/<slug>/edit")
def edit(slug: str) -> ResponseReturnValue:
    writers.require_writer()
    return _form(ViewForm.of(_view(slug)))


@bp.post("/views/<slug>")
def change(slug: str) -> ResponseReturnValue:
    writers.require_writer()
    writing.must_be_form()
    form = ViewForm.sent(request.form, base=_view(slug))
    try:
        view = map_views.change_view(slug, reading.backends(), texts=form.texts(), stand=form.stand())
    except BadInput as error:
        return _form(form.blamed(error), error_pages.status_of(error))
    return _done(view, Message("Changed."))


@bp.post("/views/<slug>/delete")
def delete(slug: str) -> ResponseReturnValue:
    writers.require_writer()
    map_views.remove_view(slug, reading.backends())
    flash(languages.in_words(Message("The saved map is gone; its events are untouched.")))
    return links.go(links.link("views.every"))


def _view(slug: str) -> View:
    return map_views.views_of(reading.backends()).get(slug)


def _caption(view: View, **more: Any) -> Caption:
    title, caption, credit = _said(view)
    return Caption(
        title=title,
        caption=caption,
        credit=credit,
        notes=standing.notes_of(view),
        # Of a frozen map its events are asked for, not those that answer its question now.
        query=f"view={view.slug}" if view.frozen else view.query,
        at=request.path,
        position=str(view.position) if view.position else None,
        **more,
    )


def _said(view: View) -> tuple[tuple[str, str] | None, ...]:
    return tuple(view.text(name, languages.labels()) for name in ("title", "caption", "credit"))


def _form(form: ViewForm, status: int = 200) -> Response:
    answer = Response(_page("views/form.html", form=form), status, mimetype="text/html")
    return headers.keep_private(answer)


def _done(view: View, note: Message) -> Response:
    flash(languages.in_words(note))
    return links.go(links.link("views.every") + f"#{view.slug}")


def _page(template: str, **values: Any) -> str:
    return render_template(template, path=request.path, url_of=_address, **values)


def _address(view: View) -> str:
    """The address to pass on: whole, in no language."""
    return url_for("views.show", slug=view.slug, _external=True)

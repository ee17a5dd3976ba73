"""A page as a browser without scripts has it: its form's fields, its links, its words."""

from __future__ import annotations

from html.parser import HTMLParser


class Page(HTMLParser):
    """
    `fields` is what its form would send: (name, value) in order, radios and options as they are chosen.

    `links` are the addresses of all <a>, `text` is what a reader sees, `errors` the sentences by field id.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.fields: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.errors: dict[str, list[str]] = {}
        self.attributes: dict[str, str | None] = {}
        self._words: list[str] = []
        self._select: tuple[str, list[str]] | None = None
        self._area: str | None = None
        self._error: str | None = None
        self._in_form = False
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._words).split())

    def value(self, name: str) -> str:
        return next(value for each, value in self.fields if each == name)

    def sent(self, **changed: str) -> dict[str, str | list[str]]:
        """What sending the form posts, with some fields typed over."""
        posted: dict[str, str | list[str]] = {}
        for name, value in self.fields:
            earlier = posted.get(name)
            posted[name] = (
                value if earlier is None else [*([earlier] if isinstance(earlier, str) else earlier), value]
            )
        return posted | changed

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self.attributes = found
        if tag == "form":
            self._in_form = found.get("id") == "event-form"
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if tag == "p" and found.get("class") == "error":
            self._error = (found.get("id") or "").split("-error")[0]
        if self._in_form:
            self._field(tag, found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        if tag == "p":
            self._error = None
        if tag == "textarea":
            self._area = None
        if tag == "select" and self._select:
            name, chosen = self._select
            self.fields.append((name, chosen[-1] if chosen else ""))
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            name, so_far = self.fields[-1]
            self.fields[-1] = (name, so_far + (data.removeprefix("\n") if not so_far else data))
            return
        self._words.append(data)
        if self._error:
            self.errors.setdefault(self._error, []).append(data)

    def _field(self, tag: str, found: dict[str, str | None]) -> None:
        name = found.get("name") or ""
        kind = found.get("type") or "text"
        if tag == "input" and (kind not in ("radio", "checkbox") or "checked" in found):
            self.fields.append((name, found.get("value") or ""))
        elif tag == "textarea":
            self.fields.append((name, ""))
            self._area = name
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select and ("selected" in found or not self._select[1]):
            self._select[1].append(found.get("value") or "")

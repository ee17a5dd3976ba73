"""A refusal that says what to do next, where it is easily forgotten."""

from __future__ import annotations

import pytest

from tests.web.asking import keep, refusal
from tests.web.conftest import Site


@pytest.mark.parametrize("view", ["", "?view=internal"])
def test_an_event_that_is_not_there_may_be_in_the_list(site: Site, view: str) -> None:
    status, _, said = refusal(site.writer.get(f"/events/zzzzzzzzzz.geojson{view}"))

    assert (status, said) == (
        404,
        "There is no event zzzzzzzzzz. Check the id, or look for the event in the list.",
    )


def test_a_form_without_its_version_is_opened_again(site: Site) -> None:
    event_id = keep(site)

    answer = site.writer.post(
        f"/events/{event_id}/undo", data={"version": ""}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 422
    assert "Open the event again and send its form from there." in answer.get_data(as_text=True)

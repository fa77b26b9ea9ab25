"""The other three languages on a phone, and a Spanish-speaking delegate's walk through her papers."""

import pytest

from mandates.models import WorkingGroup
from tests.browser.conftest import Opener
from tests.browser.test_pages import PUBLIC, found_by_axe

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["es", "fr", "pt"])
def test_every_page_is_sound_on_a_phone_in_every_language(
    live_group: WorkingGroup, visit: Opener, language: str
) -> None:
    window = visit(width=390, locale=language)
    faults: list[tuple[object, ...]] = []

    for address in PUBLIC:
        page = window.go(address)
        assert page.get_attribute("html", "lang") == language
        faults += [(address, *fault) for fault in found_by_axe(page)]
        faults += [(address, width, by) for width in (390, 320) if (by := window.runs_over(width))]

    assert faults == []
    assert window.complaints == []


def test_delegate_walks_from_home_to_her_papers_in_spanish(live_group: WorkingGroup, visit: Opener) -> None:
    window = visit(width=390, locale="en")
    page = window.go("/")

    page.get_by_role("button", name="Español").click()
    page.get_by_role("link", name="Grupo de Trabajo encargado de preparar la MISPA IV").first.click()
    page.get_by_role("link", name="Calendario", exact=True).click()
    page.get_by_role("link", name="Reunión 1", exact=True).click()

    heading = page.get_by_role("heading", level=1).inner_text()
    assert " ".join(heading.split()) == "Jueves, 5 de septiembre de 2013"
    assert page.get_by_text("Elección de las Vicepresidencias del Grupo de Trabajo").is_visible()

    page.get_by_role("link", name="Plan de trabajo", exact=True).click()
    paper = page.get_by_role("link", name="PDF de esta edición").get_attribute("href")
    answer = page.request.get(window.base + str(paper))

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].endswith('_es.pdf"')

    page.get_by_role("link", name="Calendario", exact=True).click()
    feed = page.get_by_role("link", name="Archivo iCalendar").get_attribute("href")

    assert "Elección" in page.request.get(window.base + str(feed)).text().replace("\r\n ", "")

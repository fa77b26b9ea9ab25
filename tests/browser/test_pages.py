"""Every reading page in a real browser: nothing for axe, nothing in the console, nothing that scrolls sideways."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from mandates.models import Mandate, RegisteredSymbol, WorkingGroup
from tests import factories
from tests.browser.conftest import Opener, Visit

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC = [
    "/",
    "/mispa-iv/",
    "/mispa-iv/work-plan/",
    "/mispa-iv/work-plan/editions/",
    "/mispa-iv/calendar/",
    "/mispa-iv/calendar/2013/09/",
    "/mispa-iv/delegations/",
    "/mispa-iv/meetings/1/",
    "/mispa-iv/meetings/6/",
    "/mispa-iv/process/",
    "/mispa-iv/documents/",
    "/documents/mispa-ii-doc-9-09/",
    "/resolutions/cp-res-1014-1915-13/",
    "/resolutions/ag-res-2629-xli-o-11/",
    "/areas/secretariat-for-multidimensional-security/",
]
WRITTEN = [
    "/mispa-iv/",
    "/mispa-iv/work-plan/",
    "/mispa-iv/work-plan/draft/",
    "/mispa-iv/work-plan/draft/issue/",
    "/mispa-iv/translations/?state=all&kind=mandate",
    "/mispa-iv/work-plan/editions/1/release/",
    "/mispa-iv/calendar/",
    "/mispa-iv/meetings/1/",
    "/resolutions/ag-res-2809-xliii-o-13/",
    "/areas/general-secretariat/",
    "/symbols/",
]


def found_by_axe(page: Page, rules: list[str] = RULES) -> Iterator[tuple[str, str]]:
    """Rules that are broken, and where."""
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    for broken in Axe().run(page, options=options).response["violations"]:
        for node in broken["nodes"]:
            yield broken["id"], node["html"]


def faults_of(window: Visit) -> Iterator[tuple[Any, ...]]:
    """In both widths: all rules in the light colours, and those of colour in the dark ones."""
    for width in (1280, 390):
        if by := window.runs_over(width):
            yield width, "runs over by", by
        window.colours("dark")
        yield from ((width, "dark", *fault) for fault in found_by_axe(window.page, ["color-contrast"]))
        window.colours("light")
        yield from ((width, "light", *fault) for fault in found_by_axe(window.page))
    if by := window.runs_over(320):
        yield 320, "runs over by", by


def single_pages() -> list[str]:
    mandate = Mandate.objects.filter(row__position=1000).order_by("position")[1]
    pending = RegisteredSymbol.objects.get(printed="MISPA/INF. /08")
    return [f"/mandates/{mandate.pk}/", f"/documents/{pending.pk}/"]


def test_every_page_is_sound_in_both_widths_and_schemes(live_group: WorkingGroup, visit: Opener) -> None:
    secretary = factories.member(live_group, "secretariat")
    faults: list[tuple[Any, ...]] = []

    for user, addresses in ((None, [*PUBLIC, *single_pages()]), (secretary, WRITTEN)):
        window = visit(user)
        for address in addresses:
            window.go(address)
            faults += [(address, *fault) for fault in faults_of(window)]
        faults += [(str(user), "console", said) for said in window.complaints]

    assert faults == []


def test_axe_would_find_something(visit: Opener) -> None:
    page = visit().page
    page.set_content("<main><img src='data:,'></main>")

    assert "image-alt" in {rule for rule, _html in found_by_axe(page)}


def test_page_that_is_not_there_is_sound(live_group: WorkingGroup, visit: Opener) -> None:
    window = visit(width=390)

    page = window.go("/mispa-iv/meetings/99/", status=404)

    assert "This group has no meeting 99." in page.inner_text("main")
    assert list(found_by_axe(page)) == []
    assert (window.runs_over(320), window.runs_over(390)) == (0, 0)


def test_plan_is_a_table_for_assistive_technology_in_every_width(live_group: WorkingGroup, visit: Opener) -> None:
    window = visit(width=390)

    page = window.go("/mispa-iv/work-plan/")

    table = page.get_by_role("table", name="Work plan: resolution, mandates, area responsible")
    assert table.get_by_role("row").count() == 4
    assert table.get_by_role("rowheader").count() == 3
    assert table.get_by_role("cell").count() == 6


def test_note_and_its_call_lead_to_each_other(live_group: WorkingGroup, visit: Opener) -> None:
    window = visit()
    page = window.go("/mispa-iv/work-plan/")

    page.locator("#call-6").click()
    assert page.url.endswith("#note-6")
    page.get_by_role("link", name="Back to the call of note 6").click()

    assert page.url.endswith("#call-6")


def test_secretary_moves_a_mandate_by_keyboard_without_script(live_group: WorkingGroup, visit: Opener) -> None:
    window = visit(factories.member(live_group, "secretariat"), java_script_enabled=False)
    page = window.go("/mispa-iv/work-plan/draft/")
    first = Mandate.objects.filter(row__position=1000).order_by("position")[0]
    item = page.locator(f"#mandate-{first.pk}")

    item.locator("summary").focus()
    page.keyboard.press("Enter")
    item.get_by_role("button", name="Move down").press("Enter")

    assert page.locator(f"#mandate-{first.pk} .n").inner_text() == "2"

"""The month by keyboard, as the grid pattern of WAI-ARIA has it; and the same month without a script."""

from datetime import date

import pytest
from playwright.sync_api import Page

from mandates.models import WorkingGroup
from tests import factories
from tests.browser.conftest import Opener
from tests.browser.test_pages import faults_of
from tests.writing import made

pytestmark = pytest.mark.browser

MONTH = "/mispa-iv/calendar/2013/09/"


def focused(page: Page) -> str:
    """The day on which the focus is, or in which it is."""
    return str(page.evaluate("document.activeElement.closest('td')?.id ?? ''"))


def press(page: Page, *keys: str) -> str:
    for key in keys:
        page.keyboard.press(key)
    return focused(page)


def test_month_is_walked_through_by_keys(live_group: WorkingGroup, visit: Opener) -> None:
    second_slot = date(2013, 9, 19)
    made(factories.MeetingFactory, group=live_group, number=7, starts_on=second_slot, ends_on=second_slot)
    window = visit()
    page = window.go(MONTH)
    grid = page.get_by_role("grid", name="September 2013")
    assert grid.get_by_role("gridcell").count() == 35
    assert page.locator(".grid [tabindex='0']").count() == 1

    page.locator(".grid [tabindex='0']").focus()
    assert focused(page) == "day-2013-09-05"
    assert press(page, "ArrowRight") == "day-2013-09-06"
    assert press(page, "ArrowDown", "ArrowLeft") == "day-2013-09-12"
    assert press(page, "Home") == "day-2013-09-08"
    assert press(page, "End") == "day-2013-09-14"
    assert press(page, "Shift+Home") == "day-2013-09-01"
    assert page.locator(".grid [tabindex='0']").count() == 1

    # A day with two meetings: in and out again.
    page.locator("#day-2013-09-12").focus()
    assert press(page, "ArrowDown") == "day-2013-09-19"
    assert page.evaluate("document.activeElement.tagName") == "TD"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.innerText").startswith("Meeting 2")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.innerText").startswith("Meeting 7")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "day-2013-09-19"
    assert list(faults_of(window)) == []

    # Beyond the days that are shown, and to the same day of another month.
    window.page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("#day-2013-09-12").focus()
    with page.expect_navigation():
        page.keyboard.press("PageUp")
    page.wait_for_function("document.activeElement.closest('td')?.id === 'day-2013-08-12'")
    page.locator("#day-2013-08-31").focus()
    with page.expect_navigation():
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.closest('td')?.id === 'day-2013-09-01'")
    page.locator("#day-2013-09-05 .ev").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/mispa-iv/meetings/1/")
    assert window.complaints == []


def test_month_works_without_a_script(live_group: WorkingGroup, visit: Opener) -> None:
    wide = visit(java_script_enabled=False)
    page = wide.go(MONTH)
    page.locator(".grid .ev").first.press("Enter")
    assert page.url.endswith("/mispa-iv/meetings/1/")

    narrow = visit(width=390, java_script_enabled=False)
    page = narrow.go(MONTH)
    assert not page.locator(".grid .ev").first.is_visible()
    page.locator("#day-2013-09-19 .to-list").click()
    assert page.url.endswith("#line-1")
    assert "Meeting 2" in page.locator("#line-1").inner_text()


def test_year_leads_to_its_months(live_group: WorkingGroup, visit: Opener) -> None:
    page = visit(width=390).go("/mispa-iv/calendar/")

    page.get_by_role("link", name="November: 1 meeting").click()

    assert page.url.endswith("/mispa-iv/calendar/2013/11/")
    assert page.get_by_role("heading", name="November 2013").is_visible()

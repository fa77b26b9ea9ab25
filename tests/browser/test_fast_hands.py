"""The secretariat works by mouse, finger and keys: what is dragged, moved, added and pasted is saved."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from mandates.models import Mandate, PlanRow, WorkingGroup
from mispa.ground.models import ChangeSet
from tests import factories
from tests.browser.conftest import Opener
from tests.browser.test_pages import faults_of

pytestmark = pytest.mark.browser


def row_of(group: WorkingGroup) -> PlanRow:
    row: PlanRow = group.plan.rows.order_by("position")[1]
    return row


def mandates(row: PlanRow) -> list[Any]:
    return list(Mandate.objects.standing().filter(row=row).order_by("position", "id"))


def drag(page: Page, grip: Locator, target: Locator) -> None:
    """Take a line by its handle, and let it go above another."""
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), target.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 8, end["y"] + 2, steps=4)
    page.mouse.up()


def test_mandate_is_dragged_on_the_page_of_the_working_text(live_group: WorkingGroup, visit: Opener) -> None:
    row = row_of(live_group)
    before = mandates(row)
    window = visit(factories.member(live_group, "secretariat"))
    page = window.go("/mispa-iv/work-plan/draft/")
    lines = page.locator(f"#row-{row.pk} .mand > li")

    with page.expect_navigation():
        drag(page, lines.nth(2).locator(".grip"), lines.nth(1))

    assert mandates(row) == [before[0], before[2], before[1], *before[3:]]
    assert page.locator(".notes").inner_text() == "The order is saved."


def test_table_is_written_by_keys_alone(live_group: WorkingGroup, visit: Opener) -> None:
    row = row_of(live_group)
    window = visit(factories.member(live_group, "secretariat"))
    before, count = mandates(row), ChangeSet.objects.count()
    page = window.go("/mispa-iv/work-plan/draft/mandates/")
    page.fill("[name=reason]", "read again")

    page.focus(f"[name='{before[0].pk}-text']")
    page.keyboard.press("Alt+ArrowDown")
    assert page.evaluate("document.activeElement.name") == f"{before[0].pk}-text"
    page.keyboard.press("Control+Enter")
    page.keyboard.insert_text("Count the boats.")
    with page.expect_navigation():
        page.keyboard.press("Control+s")

    after = mandates(row)
    assert [str(one.text) for one in after][:3] == [str(before[1].text), str(before[0].text), "Count the boats."]
    assert [one.pk for one in after[3:]] == [one.pk for one in before[2:]]
    assert ChangeSet.objects.count() == count + 1
    assert list(faults_of(window)) == []
    assert window.complaints == []


def test_list_is_pasted_looked_at_and_saved(live_group: WorkingGroup, visit: Opener) -> None:
    row = row_of(live_group)
    before = mandates(row)
    window = visit(factories.member(live_group, "secretariat"), width=390)
    page = window.go("/mispa-iv/work-plan/draft/")
    part = page.locator(f"#row-{row.pk}")

    part.get_by_role("link", name="Paste a list").click()
    page.fill("#id_pasted", f"• Count the boats\n  on the river.\n• {before[0].text}")
    page.get_by_role("button", name="Show what will be saved").click()
    page.get_by_role("button", name="Save all").click()

    assert [str(one.text) for one in mandates(row)] == [
        *(str(one.text) for one in before),
        "Count the boats on the river.",
    ]


def test_order_is_changed_without_a_script(live_group: WorkingGroup, visit: Opener) -> None:
    row = row_of(live_group)
    before = mandates(row)
    window = visit(factories.member(live_group, "secretariat"), java_script_enabled=False)
    page = window.go(f"/rows/{row.pk}/mandates/order/")

    page.fill(f"[name='place-{before[4].pk}']", "1")
    page.get_by_role("button", name="Save this order").click()

    assert mandates(row) == [before[4], *before[:4]]

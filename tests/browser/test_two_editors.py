"""Two people at one mandate in two browsers, and one whose session, tab or patience ends: nothing typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from mandates.models import Mandate, WorkingGroup
from mispa.ground.models import ChangeSet, KeptDraft
from tests import factories
from tests.browser.conftest import Opener
from tests.browser.test_pages import faults_of

pytestmark = pytest.mark.browser


@pytest.fixture
def mandate(live_group: WorkingGroup) -> Mandate:
    return Mandate.objects.earliest("row__position", "position")


@pytest.fixture
def address(mandate: Mandate) -> str:
    return f"/mandates/{mandate.pk}/edit/"


def save(page: Page, name: str = "Save") -> None:
    page.fill("#id_reason", "asked for at the meeting")
    page.get_by_role("button", name=name, exact=True).click()


def text_of(mandate: Mandate) -> str:
    return str(Mandate.objects.get(pk=mandate.pk).text)


@pytest.mark.both_databases
def test_two_editors_of_one_mandate_keep_both_or_see_both(
    live_group: WorkingGroup, mandate: Mandate, address: str, visit: Opener
) -> None:
    ana, luis = (visit(factories.member(live_group, role)) for role in ("secretariat", "chair"))
    hers, his = ana.go(address), luis.go(address)

    hers.fill("#id_paragraph", "4")
    hers.fill("#id_text-en", "To measure each river.")
    save(hers)
    his.select_option("#id_progress", "under way")
    his.fill("#id_text-en", "To measure each lake.")
    save(his)

    expect(his.locator("h1")).to_have_text("Others saved before you")
    expect(his.locator(".pair").first).to_contain_text("To measure each river.")
    assert his.input_value("#id_text-en") == "To measure each lake."
    assert his.input_value("#id_paragraph") == "4"
    his.fill("#id_text-en", "To measure each river and each lake.")
    his.get_by_role("button", name="Save this", exact=True).click()

    expect(his.locator(".notes")).to_contain_text("Saved.")
    saved = Mandate.objects.get(pk=mandate.pk)
    assert (str(saved.text), saved.paragraph) == ("To measure each river and each lake.", "4")
    assert saved.progress == "under way"
    assert not KeptDraft.objects.exists()
    assert [complaint for complaint in luis.complaints if "409" not in complaint] == []


def test_session_that_ends_while_typing_brings_the_words_back(
    live_group: WorkingGroup, mandate: Mandate, address: str, visit: Opener
) -> None:
    ana = factories.member(live_group, "secretariat")
    ana.set_password("waters run deep")
    ana.save()
    window = visit(ana)
    page = window.go(address)
    page.fill("#id_text-en", "To measure each river.")
    other = window.page.context.new_page()
    other.goto(window.base)
    other.get_by_role("button", name="Sign out").first.click()

    save(page)
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    page.fill("#id_username", ana.username)
    page.fill("#id_password", "waters run deep")
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_text("This is what you typed on")).to_be_visible()
    assert page.input_value("#id_text-en") == "To measure each river."
    assert text_of(mandate) != "To measure each river."
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".notes")).to_contain_text("Saved.")
    assert text_of(mandate) == "To measure each river."


def test_tab_that_was_closed_is_offered_again(
    live_group: WorkingGroup, mandate: Mandate, address: str, visit: Opener
) -> None:
    window = visit(factories.member(live_group, "secretariat"))
    before = ChangeSet.objects.count()
    page = window.go(address)
    page.fill("#id_text-en", "To measure each river.")
    line = page.locator("[data-keep]")
    expect(line).to_contain_text("Kept on the server at", timeout=8000)
    page.fill("#id_text-en", "To measure each river and lake.")

    page.close(run_before_unload=True)  # within the seconds after the last key
    window.page = window.page.context.new_page()
    window.page.wait_for_timeout(500)
    page = window.go(address)

    expect(page.get_by_text("1 form not saved").first).to_be_visible()
    assert list(faults_of(window)) == []
    page.get_by_role("link", name="Take it up", exact=True).click()
    assert page.input_value("#id_text-en") == "To measure each river and lake."
    assert ChangeSet.objects.count() == before
    save(page)
    expect(page.locator(".notes")).to_contain_text("Saved.")
    assert text_of(mandate) == "To measure each river and lake."
    assert not KeptDraft.objects.exists()
    assert window.complaints == []


def test_old_words_are_never_put_beside_the_state_of_now(
    live_group: WorkingGroup, mandate: Mandate, address: str, visit: Opener
) -> None:
    ana, luis = (visit(factories.member(live_group, role)) for role in ("secretariat", "chair"))
    never_cached = {"cache-control": "no-store"}
    ana.page.route(
        "**/edit/", lambda route: route.fulfill(response=(got := route.fetch()), headers=got.headers | never_cached)
    )
    hers, his = ana.go(address), luis.go(address)
    hers.fill("#id_text-en", "To measure each river.")
    expect(hers.locator("[data-keep]")).to_contain_text("Kept on the server at", timeout=8000)
    hers.get_by_role("link", name="Leave without saving").click()
    hers.wait_for_url("**/draft/**")
    his.fill("#id_text-en", "To measure each lake.")
    save(his)
    expect(his.locator(".notes")).to_contain_text("Saved.")

    hers.go_back()

    expect(hers.locator("#id_text-en")).to_have_value("To measure each lake.")
    hers.get_by_role("link", name="Take it up", exact=True).click()
    assert hers.input_value("#id_text-en") == "To measure each river."
    save(hers)
    expect(hers.locator("h1")).to_have_text("Others saved before you")


def test_words_that_come_back_after_they_were_saved_are_not_kept_again(
    live_group: WorkingGroup, address: str, visit: Opener
) -> None:
    page = visit(factories.member(live_group, "secretariat")).go(address)
    page.fill("#id_text-en", "To measure each river.")
    save(page)
    expect(page.locator(".notes")).to_contain_text("Saved.")

    page.go_back()
    expect(page.locator("#id_text-en")).to_have_value("To measure each river.")
    page.get_by_role("link", name="Leave without saving").click()
    page.wait_for_url("**/draft/**")
    page.wait_for_timeout(500)

    assert not KeptDraft.objects.exists()


def test_server_that_does_not_answer_is_said_under_the_form(
    live_group: WorkingGroup, address: str, visit: Opener
) -> None:
    page = visit(factories.member(live_group, "secretariat")).go(address)
    page.route("**/accounts/drafts/keep/", lambda route: route.abort())

    page.fill("#id_text-en", "To measure each river.")

    expect(page.locator("[data-keep]")).to_contain_text("is not kept at the moment", timeout=8000)

"""From a draft to the adopted text and its corrigendum, by the people whose acts they are; on both databases."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from documents.models import Adoption
from mandates.models import Body, Mandate, Resolution, ResponsibleArea, WorkingGroup
from meetings.models import City, Meeting, Room, Topic
from mispa.ground.changes import changes
from mispa.ground.models import User
from mispa.ground.text import Text
from tests import factories
from tests.browser.conftest import Opener, Visit
from tests.browser.test_pages import faults_of
from tests.documents.papers import PROFILES, failures

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]

PLAN = "/mispa-iv/work-plan/"
WRONG, RIGHT = "Informar al Consejo Permanente (herrata).", "Informar al Consejo Permanente."


def press(page: Page, name: str) -> None:
    """A click alone does not wait for a slow answer, and what is printed takes its time."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def reword(window: Visit, mandate: Mandate, language: str, wording: str) -> None:
    """The secretariat changes one wording of a mandate in the working text."""
    page = window.go(f"/mandates/{mandate.pk}/edit/?#id_text-{language}")
    page.fill(f"#id_text-{language}", wording)
    page.fill("#id_reason", "asked for at the meeting")
    press(page, "Save")


def record(page: Page, act: str, button: str) -> None:
    """What is recorded of the meeting of September 5, from the page of an edition."""
    if act:
        follow(page, act)
    page.get_by_label("Meeting", exact=True).select_option(label="Meeting 1, September\xa05, 2013")
    page.get_by_label("Day", exact=True).fill("September 5, 2013")
    press(page, button)


def test_from_draft_to_adoption_and_corrigendum(live_group: WorkingGroup, visit: Opener, tmp_path: Path) -> None:
    mandate = Mandate.objects.latest("row__position", "position")
    secretary = factories.member(live_group, "secretariat")
    officer = factories.member(live_group, "vice-chair")
    User.objects.filter(pk=officer.pk).update(first_name="Ana", last_name="Ruiz")
    desk, chair, public = visit(secretary), visit(officer), visit(width=390)

    # Edition 1 is considered; comments lead to edition 2, which is opened to the delegations and considered.
    record(desk.go(f"{PLAN}editions/1/"), "Record a consideration", "Record the consideration")
    reword(desk, mandate, "es", WRONG)
    page = desk.go(f"{PLAN}draft/issue/")
    page.fill("#id_reason", "after the first reading")
    press(page, "Issue and seal this text")
    follow(page, "Release this edition")
    page.get_by_label("the delegations").check()
    page.get_by_label("Consent of the chair").fill("by telephone")
    page.get_by_label("Reason").fill("for the meeting")
    press(page, "Release this edition")
    record(page, "Record a consideration", "Record the consideration")
    public.go(f"{PLAN}editions/2/", status=404)

    # At the gavel, from the page on the screen of the vice chair acting.
    page = chair.go(f"{PLAN}editions/2/")
    assert list(faults_of(chair)) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    other_tab = page.context.new_page()
    other_tab.goto(chair.base + f"{PLAN}editions/2/")
    record(page, "", "Record the adoption")
    assert "The adoption is recorded." in page.inner_text("main")
    page.go_back()
    assert page.get_by_role("button", name="Record the adoption").count() == 0
    press(other_tab, "Record the adoption")
    assert "is recorded already, by Ana Ruiz" in other_tab.inner_text("main")
    adoption = Adoption.objects.get()
    assert (adoption.presiding_role, adoption.edition.number, str(adoption.on)) == ("vice-chair", 2, "2013-09-05")

    # Everybody reads the adopted text, and takes its files.
    page = public.go(PLAN)
    line = "Considered at the meeting of September 5, 2013 and adopted at the meeting of September 5, 2013"
    said = " ".join(page.inner_text("main").split())
    assert line in said
    assert "DRAFT" not in said
    assert list(faults_of(public)) == []
    files = {address: body(public, address) for address in addresses(public)}
    assert {address.partition("?")[0].rpartition(".")[2] for address in files} == {"pdf", "docx", "ics", "json"}
    check_papers(files, tmp_path, WRONG)

    # A corrigendum to the Spanish text.
    reword(desk, mandate, "es", RIGHT)
    page = desk.go(f"{PLAN}editions/2/correct/")
    page.get_by_role("checkbox").check()
    page.get_by_label("Consent of the chair").fill("by telephone")
    page.get_by_label("Reason").fill("misprint in the Spanish translation")
    assert list(faults_of(desk)) == []
    press(page, "Issue the corrigendum")
    corrected = {address: body(public, address) for address in addresses(public)}
    assert all("/editions/2/corr/1" in address for address in corrected)
    check_papers(corrected, tmp_path, RIGHT)
    assert list(faults_of(public)) == []

    # Whatever is renamed afterwards, every file stays as it was.
    rename_everything()
    assert {address: body(public, address) for address in files} == files
    assert {address: body(public, address) for address in corrected} == corrected
    for window in (desk, public):
        window.complaints = [one for one in window.complaints if "404" not in one]
        assert window.complaints == []


def addresses(window: Visit) -> list[str]:
    """All files that the page of exports offers of the text in force."""
    page = window.go(f"{PLAN}export/")
    links = page.locator("article.sheet a").evaluate_all("found => found.map(one => one.getAttribute('href'))")
    kinds = (".pdf", ".docx", ".json", ".ics")
    return [one for one in links if "/editions/" in one and one.partition("?")[0].endswith(kinds)]


def body(window: Visit, address: str) -> bytes:
    answer = window.page.request.get(window.base + address)
    assert answer.status == 200
    return answer.body()


def check_papers(files: dict[str, bytes], folder: Path, spanish: str) -> None:
    """Four languages, each valid as PDF/A-3a and PDF/UA-1."""
    papers = {address: content for address, content in files.items() if ".pdf" in address}
    assert sorted(address[-2:] for address in papers) == ["en", "es", "fr", "pt"]
    for address, content in papers.items():
        file = folder / "paper.pdf"
        file.write_bytes(content)
        assert [fault for profile in PROFILES for fault in failures(file, profile)] == [], address
    (as_json,) = (content for address, content in files.items() if address.endswith(".json"))
    assert spanish in as_json.decode()


def rename_everything() -> None:
    """Every name that the plan prints of something beside itself."""
    things: dict[Any, str] = {
        Body: "name",
        WorkingGroup: "name",
        ResponsibleArea: "name",
        Resolution: "title",
        Room: "name",
        City: "name",
        Mandate: "text",
        Topic: "text",
    }
    with changes(by=None, reason="renamed for a test", source="command"):
        for model, name in things.items():
            for thing in model.objects.all():
                setattr(thing, name, Text.of(f"Renamed {thing.pk}"))
                thing.save()
        for group in WorkingGroup.objects.all():
            group.short_name = group.place = Text.of("Renamed")
            group.save()
        for meeting in Meeting.objects.exclude(title=None):
            meeting.title = Text.of("Renamed")
            meeting.save()

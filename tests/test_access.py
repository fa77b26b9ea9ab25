"""Who gets which answer at which address: one table, every address, every role."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from documents.mailing import token_for
from meetings.life import Verb
from tests import world as worlds
from tests.world import CALENDAR, ROLES, World, url_names

pytestmark = pytest.mark.django_db

# Who is let in.
EVERYBODY = frozenset(ROLES)
SIGNED_IN = EVERYBODY - {"anonymous"}
READERS = frozenset({"delegate", "secretariat", "chair", "vice-chair", "administrator"})  # of what is circulated
EDITORS = frozenset({"secretariat", "chair", "vice-chair"})
CHAIRS = frozenset({"chair", "vice-chair"})
SECRETARIAT = frozenset({"secretariat"})
DELEGATE = frozenset({"delegate"})
HISTORY = EDITORS | {"administrator"}
# The neighbour edits in another group; what all groups share is hers as well.
SHARED_EDITORS = EDITORS | {"neighbour"}
SHARED_HISTORY = SHARED_EDITORS | {"administrator"}
ROOM_KEEPERS = frozenset({"secretariat", "neighbour", "administrator"})
NOBODY: frozenset[str] = frozenset()

ANSWERS = {
    "let in": {200, 302, 400, 409},
    "refused": {403},
    "not there": {404},
    "sign in": {302},  # to the sign-in page
    "no such act": {405},
}
Where = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Page:
    """An address, who gets it, who may post to it (None: nobody can), and what the others are told.

    `hides`: who may not see the object is not told that it is there. `is_open`: the page itself asks for no account.
    """

    of: Where = lambda world: {}
    read: frozenset[str] = EVERYBODY
    write: frozenset[str] | None = None
    hides: bool = False
    is_open: bool = True


def of_rivers(world: World) -> dict[str, Any]:
    return {"group": "rivers"}


def finding(world: World) -> dict[str, Any]:
    return {"group": "rivers", "kind": "no-meeting", "about": str(world.mandate.pk)}


def of_lakes(world: World) -> dict[str, Any]:
    return {"group": "lakes"}


def edition(number: int) -> Where:
    return lambda world: {"group": "rivers", "number": number}


def corrigendum(number: int) -> Where:
    return lambda world: {"group": "rivers", "number": number, "corrigendum": 1}


def waiting(world: World) -> dict[str, Any]:
    """A file of the secretariat; other editors are told that it waits no longer."""
    return {"group": "rivers", "pk": world.waiting.pk}


def imported(world: World) -> dict[str, Any]:
    return {"group": "rivers", "number": 1}


def seal(number: int) -> Where:
    return lambda world: {"seal": world.editions[number].sha256}


def by_id(name: str) -> Where:
    return lambda world: {"pk": getattr(world, name).pk}


def by_symbol(name: str) -> Where:
    return lambda world: {"slug": getattr(world, name).symbol.slug}


def file_of(name: str) -> Where:
    return lambda world: {"pk": getattr(world, name).pk, "name": getattr(world, name).file_name}


def its_file(name: str) -> Where:
    return lambda world: {"pk": world.files[name].pk}


def its_file_by_name(name: str) -> Where:
    return lambda world: {"pk": world.files[name].pk, "name": world.files[name].name}


def paper(name: str) -> Where:
    return lambda world: {"pk": getattr(world, name).document_id}


def typed(name: str) -> Where:
    return lambda world: {"printed": getattr(world, name).symbol.canonical}


def resolution(world: World) -> dict[str, Any]:
    return {"slug": world.row.resolution.symbol.slug}


def area(world: World) -> dict[str, Any]:
    return {"slug": world.row.assignments.earliest("position").area.slug}


def topic(world: World) -> dict[str, Any]:
    return {"pk": world.meeting.topics.earliest("position").pk}


def room(world: World) -> dict[str, Any]:
    return {"pk": world.meeting.room_id}


def draft(world: World) -> dict[str, Any]:
    return {"draft": world.draft.pk}


def mails(world: World) -> dict[str, Any]:
    return {"group": "rivers", "number": world.bundle.pk}


def meeting(number: int) -> Where:
    return lambda world: {"group": "rivers", "number": number}


def day(when: date) -> Where:
    return lambda world: {"group": "rivers", "day": when}


def month(first: date) -> Where:
    return lambda world: {"group": "rivers", "month": first}


def private(of: Where, read: frozenset[str], write: frozenset[str] | None = None) -> Page:
    return Page(of, read, write, is_open=False)


def writing(noun: str, of: Where, editors: frozenset[str], historians: frozenset[str], moves: bool = False) -> Any:
    verbs = ["edit", "withdraw", "restore", "revert", *(["move"] if moves else [])]
    pages = {f"{noun}-{verb}": private(of, editors, editors) for verb in verbs}
    return pages | {f"{noun}-history": private(of, historians)}


def change(world: World) -> dict[str, Any]:
    return {"group": "rivers", "number": world.change_set}


CIRCULATED = Page(edition(2), READERS, hides=True)
LAKES = frozenset({"neighbour", "administrator"})

TABLE: dict[str, Page] = {
    "healthz": Page(),
    "pages:home": Page(),
    "pages:overview": Page(of_rivers),
    "pages:overview of a hidden group": Page(of_lakes, LAKES, hides=True),
    # people
    "accounts:sign-in": Page(write=EVERYBODY),
    "accounts:sign-out": Page(read=NOBODY, write=EVERYBODY),
    "accounts:language": Page(read=NOBODY, write=EVERYBODY),
    "accounts:account": private(lambda world: {}, SIGNED_IN, SIGNED_IN),
    "accounts:password": private(lambda world: {}, SIGNED_IN, SIGNED_IN),
    "accounts:draft-list": private(lambda world: {}, SIGNED_IN),
    "accounts:draft-detail": Page(draft, SECRETARIAT, hides=True, is_open=False),
    "accounts:draft-discard": Page(draft, NOBODY, SECRETARIAT, hides=True, is_open=False),
    "accounts:draft-keep": Page(read=NOBODY, write=EVERYBODY),
    # the plan
    "documents:plan-detail": Page(of_rivers),
    "documents:plan-pdf": Page(of_rivers),
    "documents:plan-docx": Page(of_rivers),
    "documents:plan-json": Page(of_rivers),
    "documents:plan-export": Page(of_rivers),
    "documents:plan-export of a hidden group": Page(of_lakes, LAKES, hides=True),
    "documents:plan-detail of a hidden group": Page(of_lakes, LAKES, hides=True),
    "documents:plan-pdf of a hidden group": Page(of_lakes, LAKES, hides=True),
    "documents:draft-detail": private(of_rivers, HISTORY),
    "documents:draft-pdf": private(of_rivers, HISTORY),
    "documents:draft-docx": private(of_rivers, HISTORY),
    "documents:draft-json": private(of_rivers, HISTORY),
    "documents:plan-import": private(of_rivers, EDITORS, EDITORS),
    "documents:import-preview": private(waiting, EDITORS, EDITORS),
    "documents:import-detail": private(imported, HISTORY),
    "documents:translations": private(of_rivers, HISTORY),
    "documents:translations of a hidden group": Page(of_lakes, LAKES, hides=True, is_open=False),
    # what is done by what, and what is missing
    "documents:coverage": Page(of_rivers),
    "documents:coverage-csv": Page(of_rivers),
    "documents:coverage-json": Page(of_rivers),
    "documents:coverage of a hidden group": Page(of_lakes, LAKES, hides=True),
    "documents:timeline": Page(of_rivers),
    "documents:timeline of a hidden group": Page(of_lakes, LAKES, hides=True),
    "documents:gap-list": private(of_rivers, HISTORY),
    "documents:gap-list of a hidden group": Page(of_lakes, LAKES, hides=True, is_open=False),
    "documents:gaps-csv": private(of_rivers, HISTORY),
    "documents:gaps-json": private(of_rivers, HISTORY),
    "documents:gap-detail": private(finding, HISTORY),
    **{f"documents:gap-{verb}": private(finding, EDITORS, EDITORS) for verb in ("give", "accept")},
    "documents:gap-ask": private(finding, NOBODY, EDITORS),
    "documents:mandate-papers": private(by_id("mandate"), EDITORS, EDITORS),
    "documents:topic-papers": private(topic, EDITORS, EDITORS),
    "documents:edition-create": private(of_rivers, SECRETARIAT, SECRETARIAT),
    "documents:edition-list": Page(of_rivers),
    "documents:edition-detail": Page(edition(1)),
    "documents:edition-detail, circulated": CIRCULATED,
    "documents:edition-detail, issued": Page(edition(3), HISTORY, hides=True),
    "documents:edition-detail, not yet": Page(edition(9), NOBODY, hides=True),
    "documents:edition-pdf": Page(edition(1)),
    "documents:edition-pdf, circulated": CIRCULATED,
    "documents:edition-pdf, issued": Page(edition(3), HISTORY, hides=True),
    "documents:edition-json": Page(edition(1)),
    "documents:edition-json, circulated": CIRCULATED,
    "documents:edition-json, issued": Page(edition(3), HISTORY, hides=True),
    "documents:edition-docx": Page(edition(1)),
    "documents:edition-docx, circulated": CIRCULATED,
    "documents:edition-docx, issued": Page(edition(3), HISTORY, hides=True),
    "documents:edition-ics": Page(edition(1)),
    "documents:edition-ics, circulated": CIRCULATED,
    "documents:edition-release": private(edition(1), EDITORS, EDITORS),
    "documents:edition-consider": private(edition(1), EDITORS, EDITORS),
    "documents:edition-adopt": private(edition(1), EDITORS, EDITORS),
    "documents:edition-confirm": private(edition(1), CHAIRS, CHAIRS),
    "documents:edition-correct": private(edition(1), SECRETARIAT, SECRETARIAT),
    **{f"documents:corrigendum-{what}": Page(corrigendum(1)) for what in ("detail", "pdf", "docx", "json", "ics")},
    "documents:corrigendum-detail, circulated": Page(corrigendum(2), READERS, hides=True),
    "documents:corrigendum-pdf, circulated": Page(corrigendum(2), READERS, hides=True),
    "documents:corrigendum-detail, not yet": Page(corrigendum(3), NOBODY, hides=True),
    "documents:mandate-detail": Page(by_id("mandate")),
    # what changed, and who is told
    "documents:changes": Page(of_rivers),
    "documents:changes of a hidden group": Page(of_lakes, LAKES, hides=True),
    "documents:changes-atom": Page(of_rivers),
    "documents:changes-atom of a hidden group": Page(of_lakes, LAKES, hides=True),
    "documents:changes-read": private(of_rivers, NOBODY, SIGNED_IN),
    "documents:mail-list": private(of_rivers, HISTORY),
    "documents:mail-release": private(mails, NOBODY, EDITORS),
    "documents:mail-hold": private(mails, NOBODY, EDITORS),
    "documents:following": private(lambda world: {}, SIGNED_IN, SIGNED_IN),
    "documents:following-stop": Page(lambda world: {"token": token_for(world.delegate, world.rivers)}, write=EVERYBODY),
    "documents:group-follow": private(of_rivers, NOBODY, READERS),
    "documents:group-follow of a hidden group": Page(of_lakes, NOBODY, LAKES, hides=True, is_open=False),
    "documents:meeting-follow": private(meeting(1), NOBODY, READERS),
    "documents:meeting-follow, proposed": Page(meeting(3), NOBODY, EDITORS, hides=True, is_open=False),
    "documents:document-follow": private(paper("paper"), NOBODY, READERS),
    "documents:document-follow, limited": Page(paper("limited"), NOBODY, READERS, hides=True, is_open=False),
    # what was done
    "documents:history": private(of_rivers, HISTORY),
    "documents:history of a hidden group": Page(of_lakes, LAKES, hides=True, is_open=False),
    "documents:history-csv": private(of_rivers, HISTORY),
    "documents:history-csv of a hidden group": Page(of_lakes, LAKES, hides=True, is_open=False),
    "documents:history-json": private(of_rivers, HISTORY),
    "documents:change-set-detail": private(change, HISTORY),
    "documents:change-set-undo": private(change, EDITORS, EDITORS),
    "documents:withdrawn-list": private(of_rivers, HISTORY),
    "documents:search": Page(),
    # seals
    "documents:verify": Page(write=EVERYBODY),
    "documents:verify-seal": Page(seal(1)),
    "documents:verify-seal, circulated": Page(seal(2), READERS, hides=True),
    "documents:verify-seal, issued": Page(seal(3), HISTORY, hides=True),
    # meetings
    "documents:calendar": Page(of_rivers),
    "documents:calendar-month": Page(month(date(2013, 9, 1))),
    "documents:calendar-month of a hidden group": Page(
        lambda world: {"group": "lakes", "month": date(2013, 9, 1)}, LAKES, hides=True
    ),
    "documents:delegation-list": Page(of_rivers),
    "documents:delegation-list of a hidden group": Page(of_lakes, LAKES, hides=True),
    "documents:calendar-ics": Page(of_rivers),
    "documents:calendar-ics of a hidden group": Page(of_lakes, LAKES, hides=True),
    "documents:meeting-ics": Page(meeting(1)),
    "documents:meeting-ics, proposed": Page(meeting(3), EDITORS, hides=True),
    "documents:meeting-ics, withdrawn": Page(meeting(4), NOBODY, hides=True),
    "documents:personal-feed": private(lambda world: {}, SIGNED_IN, SIGNED_IN),
    "documents:personal-ics": Page(lambda world: {"token": CALENDAR}),
    "documents:personal-ics, wrong": Page(lambda world: {"token": "0"}, NOBODY, hides=True),
    "documents:calendar-pdf": Page(of_rivers),
    "documents:calendar-json": Page(of_rivers),
    "documents:meeting-detail": Page(meeting(1)),
    "documents:meeting-detail, proposed": Page(meeting(3), EDITORS, hides=True),
    "documents:meeting-detail, withdrawn": Page(meeting(4), NOBODY, hides=True),
    "documents:meetings-on": Page(day(date(2013, 9, 5))),
    "documents:meetings-on, proposed": Page(day(date(2013, 9, 12)), NOBODY, hides=True),
    "documents:process": Page(of_rivers),
    "documents:meeting-papers-pdf": Page(meeting(1)),
    "documents:meeting-papers-pdf, proposed": Page(meeting(3), EDITORS, hides=True),
    "documents:meeting-business-pdf": Page(meeting(1)),
    "documents:meeting-business-pdf, proposed": Page(meeting(3), EDITORS, hides=True),
    # papers, resolutions, areas, symbols
    "documents:document-list": Page(of_rivers),
    "documents:register-pdf": Page(of_rivers),
    "documents:register-pdf of a hidden group": Page(of_lakes, LAKES, hides=True),
    "documents:register-csv": private(of_rivers, HISTORY),
    "documents:register-json": private(of_rivers, HISTORY),
    "documents:register-import": private(of_rivers, SECRETARIAT, SECRETARIAT),
    "documents:document-create": private(of_rivers, SECRETARIAT, SECRETARIAT),
    **writing("documents:document", paper("paper"), SECRETARIAT, HISTORY),
    "documents:revision-create": private(paper("paper"), SECRETARIAT, SECRETARIAT),
    **writing("documents:revision", by_id("paper"), SECRETARIAT, HISTORY),
    "documents:revision-file": Page(its_file_by_name("paper")),
    "documents:revision-file, limited": Page(its_file_by_name("limited"), READERS, hides=True),
    "documents:revision-file, not issued": Page(its_file_by_name("unissued"), HISTORY, hides=True),
    "documents:revision-file, unpublished": Page(its_file_by_name("unpublished"), READERS, hides=True),
    "documents:file-create": private(by_id("paper"), SECRETARIAT, SECRETARIAT),
    **writing("documents:file", its_file("paper"), SECRETARIAT, HISTORY),
    "documents:revision-issue": private(by_id("paper"), SECRETARIAT, SECRETARIAT),
    "documents:numbering-list": private(of_rivers, HISTORY),
    "documents:numbering-create": private(of_rivers, SECRETARIAT, SECRETARIAT),
    **writing("documents:numbering", by_id("numbering"), SECRETARIAT, HISTORY),
    "documents:document-detail": Page(by_symbol("paper")),
    "documents:document-detail, limited": Page(by_symbol("limited"), READERS, hides=True),
    "documents:document-detail, not issued": Page(by_symbol("unissued"), HISTORY, hides=True),
    "documents:document-detail, unpublished": Page(by_symbol("unpublished"), READERS, hides=True),
    "documents:resolution-detail": Page(resolution),
    "documents:area-detail": Page(area),
    "documents:symbol-list": private(lambda world: {}, SHARED_HISTORY),
    "documents:symbol-lookup": Page(typed("paper")),
    "documents:symbol-lookup, not issued": Page(typed("unissued"), HISTORY, hides=True),
    "documents:symbol-lookup, limited": Page(typed("limited"), READERS, hides=True),
    # what delegations contribute
    "documents:contribution-list": Page(of_rivers),
    "documents:contribution-list of a hidden group": Page(of_lakes, LAKES, hides=True),
    **{f"documents:contributions-{what}": Page(of_rivers) for what in ("csv", "json", "pdf")},
    "documents:contributions-json of a hidden group": Page(of_lakes, LAKES, hides=True),
    "documents:contributions-pdf of a hidden group": Page(of_lakes, NOBODY, hides=True),  # nothing is accepted there
    "documents:contribution-create": private(of_rivers, DELEGATE, DELEGATE),
    "documents:contribution-detail": Page(by_id("published")),
    "documents:contribution-detail, a draft": Page(by_id("written"), DELEGATE, hides=True),
    "documents:contribution-detail, submitted": Page(by_id("submitted"), HISTORY, hides=True),
    "documents:contribution-detail, for members": Page(by_id("compiled"), READERS, hides=True),
    "documents:contribution-file": Page(file_of("compiled"), READERS, hides=True),
    **{
        f"documents:contribution-{verb}": Page(by_id("written"), DELEGATE, DELEGATE, hides=True, is_open=False)
        for verb in ("edit", "attach", "submit", "take-back", "withdraw", "restore", "revert")
    },
    "documents:contribution-history": Page(by_id("written"), DELEGATE, hides=True, is_open=False),
    "documents:contribution-history, submitted": Page(by_id("submitted"), HISTORY, hides=True, is_open=False),
    "documents:contribution-history, accepted": private(by_id("published"), HISTORY),
    "documents:contribution-withdraw, accepted": private(by_id("published"), SECRETARIAT, SECRETARIAT),
    "documents:contribution-restore, accepted": private(by_id("published"), SECRETARIAT, SECRETARIAT),
    "documents:contribution-accept": private(by_id("published"), SECRETARIAT, SECRETARIAT),
    "documents:contribution-return": private(by_id("published"), SECRETARIAT, SECRETARIAT),
    # writing the plan
    "mandates:group-settings": private(of_rivers, HISTORY, HISTORY),
    "mandates:group-settings of a hidden group": Page(of_lakes, LAKES, LAKES, hides=True, is_open=False),
    "mandates:delegation-order": private(of_rivers, EDITORS, EDITORS),
    "mandates:mandate-table": private(of_rivers, EDITORS, EDITORS),
    "mandates:area-table": private(of_rivers, EDITORS, EDITORS),
    "mandates:row-order": private(of_rivers, EDITORS, EDITORS),
    "mandates:row-paste": private(of_rivers, EDITORS, EDITORS),
    "mandates:mandate-order": private(by_id("row"), EDITORS, EDITORS),
    "mandates:mandate-paste": private(by_id("row"), EDITORS, EDITORS),
    "mandates:row-create": private(of_rivers, EDITORS, EDITORS),
    "mandates:note-create": private(of_rivers, EDITORS, EDITORS),
    "mandates:mandate-create": private(by_id("row"), EDITORS, EDITORS),
    **writing("mandates:row", by_id("row"), EDITORS, HISTORY, moves=True),
    **writing("mandates:mandate", by_id("mandate"), EDITORS, HISTORY, moves=True),
    **writing("mandates:paragraph", by_id("paragraph"), EDITORS, HISTORY, moves=True),
    **writing("mandates:note", by_id("note"), EDITORS, HISTORY),
    # writing what all groups share
    "mandates:resolution-create": private(lambda world: {}, SHARED_EDITORS, SHARED_EDITORS),
    **writing("mandates:resolution", resolution, SHARED_EDITORS, SHARED_HISTORY),
    "mandates:area-create": private(lambda world: {}, SHARED_EDITORS, SHARED_EDITORS),
    **writing("mandates:area", area, SHARED_EDITORS, SHARED_HISTORY),
    "meetings:room-list": private(lambda world: {}, SHARED_HISTORY),
    "meetings:room-create": private(lambda world: {}, ROOM_KEEPERS, ROOM_KEEPERS),
    **writing("meetings:room", room, ROOM_KEEPERS, SHARED_HISTORY),
    # writing the calendar
    "meetings:meeting-create": private(of_rivers, EDITORS, EDITORS),
    "meetings:topic-create": private(meeting(1), EDITORS, EDITORS),
    "meetings:topic-table": private(of_rivers, EDITORS, EDITORS),
    "meetings:topic-paste": private(meeting(1), EDITORS, EDITORS),
    "meetings:topic-order": private(meeting(1), EDITORS, EDITORS),
    "meetings:group-next": private(of_rivers, EDITORS, EDITORS),
    **writing("meetings:meeting", meeting(1), EDITORS, HISTORY),
    **{f"meetings:meeting-{verb}": private(meeting(1), EDITORS, EDITORS) for verb in Verb},
    **writing("meetings:topic", topic, EDITORS, HISTORY, moves=True),
}
# A paragraph goes into a section, which the address names behind the question mark.
QUERY = dict.fromkeys(("mandates:paragraph-create", "mandates:paragraph-order"), "?section=background")
TABLE |= dict.fromkeys(QUERY, private(of_rivers, EDITORS, EDITORS))
# What is brought back is as it was in the change-set that the address names: here in the latest of all.
QUERY |= {entry: "?to=999999999" for entry in TABLE if entry.endswith("-revert")}


@pytest.fixture(scope="module")
def world(module_db: None) -> World:
    return worlds.build()


def address(entry: str, world: World) -> str:
    name = entry.split(",")[0].split(" of ")[0]
    return reverse(name, kwargs=TABLE[entry].of(world)) + QUERY.get(name, "")


def meaning(answer: Any) -> str:
    """An answer in the words of the table."""
    if answer.status_code == 302 and answer.url.startswith(reverse("accounts:sign-in")):
        return "sign in"
    return next((word for word, codes in ANSWERS.items() if answer.status_code in codes), str(answer.status_code))


def expected(page: Page, role: str, audience: frozenset[str] | None) -> str:
    if role == "anonymous" and not page.is_open:
        return "sign in"
    if audience is None or (audience == NOBODY and page.write):
        return "no such act"
    if role in audience:
        return "let in"
    return "not there" if page.hides else "refused"


def test_the_table_has_every_address_and_no_other():
    assert {entry.split(",")[0].split(" of ")[0] for entry in TABLE} == set(url_names())


def test_every_address_leads_to_its_own_page(world):
    names = {entry: entry.split(",")[0].split(" of ")[0] for entry in TABLE}

    assert {entry: resolve(address(entry, world).split("?")[0]).view_name for entry in TABLE} == names


def test_an_area_may_be_called_like_a_page_of_a_group(world):
    assert {resolve(f"/areas/{word}/").view_name for word in ("calendar", "process", "documents", "work-plan")} == {
        "documents:area-detail"
    }


@pytest.mark.parametrize("entry", TABLE)
def test_each_role_is_answered_as_the_table_says(entry, world):
    page = TABLE[entry]

    with CaptureQueriesContext(connection) as queries:
        answers = {role: meaning(world.client(role).get(address(entry, world))) for role in ROLES}

    assert answers == {role: expected(page, role, page.read) for role in ROLES}
    # A paper that no edition keeps is made when it is asked for and found again in this table: nobody's work is in it.
    of_others = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) (?!"documents_rendering")')
    assert [query["sql"] for query in queries if of_others.match(query["sql"])] == []


@pytest.mark.parametrize("entry", TABLE)
def test_each_role_may_post_only_where_the_table_says(entry, world):
    page = TABLE[entry]

    answers = {role: meaning(world.client(role).post(address(entry, world))) for role in ROLES}

    assert answers == {role: expected(page, role, page.write) for role in ROLES}


@pytest.mark.parametrize("role", ROLES)
def test_the_administration_is_for_the_administrator_alone(role, world):
    pages = [
        "/admin/",
        "/admin/ground/user/",
        "/admin/mandates/membership/",
        "/admin/mandates/workinggroup/",
        "/admin/x/",
    ]

    answers = [world.client(role).get(page) for page in pages]

    let_in = [answer.status_code == 200 for answer in answers]
    assert let_in == [role == "administrator"] * 4 + [False]
    if role != "administrator":
        to_sign_in = {(302, "/admin/login/"), (302, "/accounts/sign-in/")}
        assert {(answer.status_code, answer.url.split("?")[0]) for answer in answers} <= to_sign_in


def test_the_administrator_changes_no_text_and_deletes_nothing(world):
    client = world.client("administrator")

    index = client.get("/admin/").text
    deletions = [client.post(f"/admin/mandates/workinggroup/{world.rivers.pk}/delete/").status_code]
    fields = client.get(f"/admin/mandates/workinggroup/{world.rivers.pk}/change/").context["adminform"].form.fields

    assert {
        name for name in ("mandate", "paragraph", "planrow", "edition", "release", "meeting") if f"/{name}/" in index
    } == set()
    assert deletions == [403]
    assert set(fields) == {"timezone", "is_public", "reason"}

"""Every page on a phone in four languages, and a Spanish-speaking delegate's walk through her papers."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils.dates import MONTHS, WEEKDAYS

from documents.actions import consider_plan
from documents.mailing import token_for
from documents.models import Contribution, Edition, NumberPattern, Revision, RevisionFile, WaitingFile
from documents.printing import files
from mandates.models import Delegation, Mandate, Pillar, WorkingGroup
from meetings.models import Meeting, Room
from mispa.ground.models import ChangeSet, KeptDraft, User
from mispa.ground.text import LanguagesField, Text
from tests import factories
from tests.browser.conftest import Opener, Visit
from tests.browser.test_pages import found_by_axe
from tests.documents.papers import pages_of
from tests.test_access import QUERY
from tests.test_languages import catalogue
from tests.test_pseudo_locale import of_calendar, of_word
from tests.world import brought, url_names
from tests.writing import made

pytestmark = pytest.mark.browser

# Files, and what is only sent to.
NO_PAGES = (
    *("-pdf", "-docx", "-json", "-ics", "-csv", "-atom", "-file", "-lookup", "healthz"),
    *("accounts:sign-out", "accounts:language", "draft-keep", "draft-discard"),
    *("-follow", "changes-read", "mail-release", "mail-hold", "gap-give", "gap-accept", "gap-ask"),
)
# Of contributions: what the secretariat does with those that are handed in. The rest is for their delegation.
BY_SECRETARIAT = ("contribution-accept", "contribution-return")
# Addresses with a question, and those of what is not there or not allowed, with the answer that they get.
ASKING = {
    "/mispa-iv/translations/?state=all&kind=mandate": 200,
    "/mispa-iv/work-plan/?as_of=2013-08-31": 200,
    "/mispa-iv/work-plan/draft/?as_of=2013-08-31": 200,
    "/mispa-iv/calendar/?as_of=2013-08-31": 200,
    "/mispa-iv/work-plan/?as_of=yesterday": 404,
    "/mispa-iv/work-plan/editions/1/": 200,
    "/mispa-iv/work-plan/editions/3/": 200,
    "/mispa-iv/meetings/6/": 200,
    "/mispa-iv/meetings/99/": 404,
    "/symbols/MISPA": 404,
    "/verify/?seal=12": 400,
}
OF_CHAIR = {
    "/mispa-iv/work-plan/": 200,
    "/mispa-iv/work-plan/editions/3/": 200,
    "/mispa-iv/work-plan/editions/3/adopt/": 200,
    "/mispa-iv/work-plan/editions/2/confirm/": 200,
    "/mispa-iv/meetings/1/": 200,
    "/mispa-iv/work-plan/draft/issue/": 403,
}
OF_ADMINISTRATOR = {
    "/": 200,
    "/mispa-iv/": 200,
    "/mispa-iv/work-plan/draft/": 200,
    "/mispa-iv/translations/": 200,
    "/mispa-iv/meetings/1/history/": 200,
    "/symbols/": 200,
    "/rooms/": 200,
    "/accounts/": 200,
}
OF_STRANGERS = {
    "/": 200,
    "/mispa-iv/": 200,
    "/mispa-iv/work-plan/": 200,
    "/mispa-iv/work-plan/export/": 200,
    "/mispa-iv/work-plan/editions/": 200,
    "/mispa-iv/work-plan/editions/2/corr/1/": 200,
    "/mispa-iv/calendar/": 200,
    "/mispa-iv/meetings/1/": 200,
    "/mispa-iv/process/": 200,
    "/mispa-iv/documents/": 200,
    "/documents/mispa-ii-doc-9-09/": 200,
    "/resolutions/ag-res-2629-xli-o-11/": 200,
    "/areas/secretariat-for-multidimensional-security/": 200,
    "/verify/": 200,
    "/accounts/sign-in/": 200,
    "/nothing/here/": 404,
}


def example(name: str, part: str, group: WorkingGroup) -> Any:
    """Something that stands in this part of an address."""
    meeting = Meeting.objects.get(group=group, number=1)
    row = group.plan.rows.earliest("position")
    paper = Revision.objects.get(symbol__slug="mispa-iii-doc-9-11-rev-2")
    noun = name.partition(":")[2].partition("-")[0]
    objects = {
        "row": row,
        "mandate": row if name.endswith(("-create", "-paste", "-order")) else row.mandates.earliest("position"),
        "paragraph": group.plan.paragraphs.earliest("position"),
        "note": group.plan.notes.earliest("id"),
        "topic": meeting.topics.earliest("position"),
        "room": Room.objects.earliest("id"),
        "import": WaitingFile.objects.get(),
        "document": paper.document,
        "revision": paper.document if name.endswith("-create") else paper,
        "numbering": NumberPattern.objects.get(group=group),
        "file": paper if name.endswith("-create") else RevisionFile.objects.get(),
        "contribution": Contribution.objects.get(state="submitted" if name.endswith(BY_SECRETARIAT) else "draft"),
    }
    change_set = ChangeSet.objects.filter(source="page").latest("pk").pk
    numbers = dict.fromkeys(("documents:change-set-detail", "documents:change-set-undo"), change_set)
    slugs = {"document": paper.symbol.slug, "area": "general-secretariat"}
    return {
        "group": group.slug,
        "number": numbers.get(name, 2 if "edition" in name or "corrigendum" in name else 1),
        "corrigendum": 1,
        "day": date(2013, 9, 5),
        "month": date(2013, 9, 1),
        "seal": Edition.objects.get(number=2, corrigendum=0).sha256,
        "kind": "no-meeting",
        "about": row.mandates.earliest("position").pk,
        "draft": KeptDraft.objects.get().pk,
        "token": token_for(KeptDraft.objects.get().user, group),
        "pk": getattr(objects.get(noun), "pk", None),
        "slug": slugs.get(noun, row.resolution.symbol.slug),
    }[part]


def is_of_delegate(name: str) -> bool:
    return name.startswith("documents:contribution-") and not name.endswith(BY_SECRETARIAT)


def every_page(group: WorkingGroup, *, of_delegate: bool = False) -> Iterator[str]:
    for name, parts in url_names().items():
        if is_of_delegate(name) == of_delegate and not name.endswith(NO_PAGES):
            address = reverse(name, kwargs={part: example(name, part, group) for part in parts})
            yield address + QUERY.get(name, "")


@pytest.fixture
def decided(live_group: WorkingGroup, monkeypatch: pytest.MonkeyPatch) -> WorkingGroup:
    """An edition that is adopted and corrected, and a draft that is newer. The papers are of no interest here."""
    monkeypatch.setattr(files, "made", lambda inputs: b"%PDF-1.7")
    chair = factories.member(live_group, "chair")
    meeting = Meeting.objects.get(group=live_group, number=1)
    mandate = Mandate.objects.filter(row__plan__group=live_group).latest("row__position", "position")
    factories.reword(mandate, deadline_words=Text.of("before the fourth meeting of ministers"))
    adopted = factories.issue(live_group, "public")
    consider_plan(edition=adopted, meeting=meeting, topic=None, on=factories.ON, note="", by=chair)
    factories.adopt(adopted, meeting, chair)
    factories.reword(mandate, text=mandate.text.with_wording("pt", "Informar o Conselho Permanente."))
    factories.correct(adopted, by=None, language="pt")
    factories.reword(mandate, paragraph="12")
    factories.issue(live_group, "public")
    made(factories.NumberPatternFactory, group=live_group)
    return live_group


def faults_on_a_phone(window: Visit, pages: dict[str, int], language: str, axe: bool) -> Iterator[tuple[object, ...]]:
    """What is wrong on these pages; the rules of `axe` concern what is alike in all languages, and take long."""
    for address, status in pages.items():
        page, answer = window.page, window.page.goto(window.base + address)
        if answer is None or answer.status != status:
            yield address, "is answered with", answer and answer.status
        if page.get_attribute("html", "lang") != language:
            yield address, "is not in", language
        if axe:
            yield from ((address, *fault) for fault in found_by_axe(page))
        yield from ((address, width, by) for width in (320, 390) if (by := window.runs_over(width)))
    expected = {status for status in pages.values() if status != 200}
    yield from (("console", said) for said in window.complaints if not any(str(one) in said for one in expected))


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt"])
def test_every_page_is_sound_on_a_phone_in_every_language(decided: WorkingGroup, visit: Opener, language: str) -> None:
    chair = User.objects.get(username="chair")
    secretary = factories.member(decided, "secretariat")
    host = Delegation.objects.get(group=decided, code="CO")
    delegate = factories.UserFactory(username="delegate")
    made(factories.MembershipFactory, group=decided, user=delegate, role="delegate", delegation=host)
    for state in ("draft", "submitted"):
        made(factories.ContributionFactory, delegation=host, pillar=Pillar.objects.earliest("position"), state=state)
    paper = Revision.objects.get(symbol__slug="mispa-iii-doc-9-11-rev-2")
    made(factories.RevisionFileFactory, revision=paper)
    factories.KeptDraftFactory(user=secretary)
    brought(decided, secretary)
    administrator = factories.UserFactory(username="administrator", is_staff=True, is_superuser=True)
    of_secretariat = dict.fromkeys(every_page(decided), 200) | {"/mispa-iv/work-plan/editions/2/confirm/": 403} | ASKING
    faults: list[tuple[object, ...]] = []

    for person, pages in (
        (None, OF_STRANGERS),
        (secretary, of_secretariat),
        (delegate, dict.fromkeys(every_page(decided, of_delegate=True), 200)),
        (chair, OF_CHAIR),
        (administrator, OF_ADMINISTRATOR),
    ):
        window = visit(person, width=390, locale=language)
        faults += faults_on_a_phone(window, pages, language, axe=language == "en" or person is None)

    assert faults == []


# The walk ----------------------------------------------------------------

# What stands in another language is told by its attribute; the rest is in that of the page.
SAID_IN_SPANISH = """() => {
  const page = document.documentElement.cloneNode(true);
  page.querySelectorAll('script, style, body [lang]:not([lang=es])').forEach(one => one.remove());
  const spoken = ['aria-label', 'title', 'alt'];
  const others = [...page.querySelectorAll('*')].flatMap(one => spoken.map(name => one.getAttribute(name) || ''));
  return [page.textContent, ...others].join(' | ');
}"""
IN_FILES = r"(?: ?EN\b| \[en\]| \[inglés\])"  # the mark behind a wording in English
CUT = re.compile(r"[*_]|\[\^[^\]]+\]|%\(\w+\)[sd]|%[sd]|<[^>]+>|\n")
LONGEST = 6


def flat(words: str) -> str:
    return " ".join(words.split())


def only_english() -> set[str]:
    """What no Spanish page says: our words, Django’s names of days and months, and wordings of the Group."""
    pairs = [(one.id, one.string) for one in catalogue("es") if isinstance(one.id, str)]
    pairs += [(str(name), "") for names in (MONTHS, WEEKDAYS) for name in names.values()]
    for model in apps.get_models():
        for column in (one for one in model._meta.concrete_fields if isinstance(one, LanguagesField)):
            for text in model._default_manager.exclude(**{column.name: None}).values_list(column.name, flat=True):
                pairs.append((text.wordings["en"], text.wordings.get("es", "")))
    spanish = flat(" ".join(own for _english, own in pairs))
    pieces = {flat(piece) for english, _own in pairs for piece in CUT.split(english)}
    return {one for one in pieces if len(re.findall(r"[^\W\d_]", one)) > 3 and one not in spanish}


def english_in(words: str, phrases: set[str]) -> list[str]:
    """The phrases, or six words in a row of longer ones, that stand there without a mark."""
    words = flat(re.sub(r"https?://\S+", " ", words))
    for phrase in sorted((one for one in phrases if one in words), key=len, reverse=True):
        words = re.sub(re.escape(phrase) + IN_FILES, " ", words)
    rows = {
        " ".join(split[place : place + LONGEST])
        for split in map(str.split, phrases)
        for place in range(max(1, len(split) - LONGEST + 1))
    }
    return [one for one in sorted(rows) if one in words and re.search(rf"(?<!\w){re.escape(one)}(?!\w)", words)]


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


def test_no_english_word_is_on_the_way_of_a_spanish_speaking_delegate(live_group: WorkingGroup, visit: Opener) -> None:
    delegate, delegation = factories.UserFactory(username="delegada"), Delegation.objects.get(code="UY")
    made(factories.MembershipFactory, group=live_group, user=delegate, role="delegate", delegation=delegation)
    window = visit(delegate, width=390, locale="es")
    phrases, found = only_english(), {}

    def look(what: str) -> None:
        found[what] = english_in(window.page.evaluate(SAID_IN_SPANISH), phrases)

    def file(link: str) -> bytes:
        address = window.page.get_by_role("link", name=link, exact=True).get_attribute("href")
        return window.page.request.get(window.base + str(address)).body()

    page = window.go("/")
    look("home")
    page.get_by_role("link", name="Grupo de Trabajo encargado de preparar la MISPA IV").first.click()
    look("overview")
    page.get_by_role("link", name="Calendario", exact=True).click()
    look("calendar")
    page.get_by_role("link", name="Reunión 1", exact=True).click()
    look("meeting")
    found["calendar file"] = english_in(" ".join(of_calendar(file("Archivo de calendario"))), phrases)
    page.get_by_role("link", name="Plan de trabajo", exact=True).click()
    look("work plan")
    found["PDF"] = english_in(" ".join(pages_of(file("PDF de esta edición"))), phrases)
    found["Word"] = english_in(" ".join(of_word(file("Word"))), phrases)

    assert len(phrases) > 500
    assert {what: words for what, words in found.items() if words} == {}

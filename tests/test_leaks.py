"""What is not for a reader reaches her nowhere: no page, file, refusal, redirect or header has a word of it."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import product
from typing import Any
from zipfile import ZipFile

import pypdf
import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from documents.mailing import token_for
from documents.models import Contribution, Document, Edition, NumberPattern, Revision, RevisionFile, WaitingFile
from mandates.models import Mandate, Note, Paragraph, PlanRow, RegisteredSymbol, ResponsibleArea, WorkingGroup
from meetings.models import Meeting, Room, Topic
from mispa.ground.models import ChangeSet, KeptDraft, User
from tests import world as worlds
from tests.world import (
    CALENDAR,
    CIRCULATED,
    COMPILED,
    DRAFTED,
    HANDED_IN,
    HIDDEN,
    ISSUED,
    KEPT,
    LIMITED,
    PERSON,
    PROPOSED,
    REASON,
    SHARED,
    UNISSUED,
    UNPUBLISHED,
    WITHDRAWN,
    WORKING,
    World,
    url_names,
)

pytestmark = pytest.mark.django_db

WORDS = {CIRCULATED, HIDDEN, ISSUED, KEPT, LIMITED, PERSON, PROPOSED, REASON, SHARED}
WORDS |= {COMPILED, DRAFTED, HANDED_IN, UNISSUED, UNPUBLISHED, WITHDRAWN, WORKING}
FOR: dict[str, set[str]] = {
    "anonymous": set(),
    "outsider": set(),
    "delegate": {CIRCULATED, COMPILED, DRAFTED, LIMITED, SHARED, UNPUBLISHED},
    "secretariat": WORDS - {DRAFTED, HIDDEN},
    # Who edits in one group reads the history of what all groups share, and nothing of another group.
    "neighbour": {HIDDEN, PERSON, REASON, SHARED, WITHDRAWN},
    "administrator": WORDS - {DRAFTED, KEPT},  # row history
}
OBJECTS = {
    "row": PlanRow,
    "contribution": Contribution,
    "document": Document,
    "revision": Revision,
    "file": RevisionFile,
    "numbering": NumberPattern,
    "mandate": Mandate,
    "paragraph": Paragraph,
    "note": Note,
    "topic": Topic,
    "room": Room,
}


OTHERS = {  # than their names say
    "mandates:mandate-create": PlanRow,
    "documents:revision-create": Document,
    "documents:revision-file": RevisionFile,
    "documents:file-create": Revision,
}


@pytest.fixture(scope="module")
def world(module_db: None) -> World:
    return worlds.build()


def slugs(name: str) -> list[str]:
    if "area" in name:
        return [*ResponsibleArea.objects.values_list("slug", flat=True)]
    named = "resolution" if "resolution" in name else "revision"
    symbols = RegisteredSymbol.objects.filter(**{f"{named}__isnull": False})
    return [symbol.slug or str(symbol.pk) for symbol in symbols]


def values(name: str, part: str) -> list[Any]:
    """Everything that may stand in a part of an address, seen or unseen, and something that never was."""
    noun = name.split(":")[1].split("-")[0]
    if part == "group":
        return ["rivers", "lakes", "nowhere"]
    if part == "number" and noun == "change":
        every = [*ChangeSet.objects.order_by("pk").values_list("pk", flat=True)]
        return [*every[::3], every[-1]]  # some of each time
    if part == "number":
        return [1, 2, 3, 4, 5]
    if part == "corrigendum":
        return [1]
    if part == "day":
        return [*filter(None, Meeting.objects.values_list("starts_on", flat=True).distinct())]
    if part == "month":
        return [*dict.fromkeys(day.replace(day=1) for day in values("documents:meetings-on", "day"))]
    if part == "printed":
        return [symbol.printed or "AG/RES. 2735" for symbol in RegisteredSymbol.objects.all()]
    if part == "seal":
        return [*Edition.objects.values_list("sha256", flat=True), "0" * 64]
    if part == "draft":
        return [*KeptDraft.objects.values_list("pk", flat=True)]
    if name == "documents:personal-ics":
        return [CALENDAR, "0"]
    if part == "token":
        people = User.objects.order_by("pk")
        return [token_for(people[0], group) for group in WorkingGroup.objects.order_by("slug")] + ["0"]
    if part == "kind":
        return ["no-meeting", "symbol-to-check"]
    if part == "name":
        return ["paper.txt" if noun == "revision" else "wells.txt"]
    if part == "about":
        subjects = [str(pk) for pk in Mandate.objects.order_by("id").values_list("pk", flat=True)]
        return [subjects[0], subjects[-1], "es"]
    if part == "pk" and noun == "import":
        return [*WaitingFile.objects.values_list("pk", flat=True)]
    if part == "pk":
        model = OTHERS.get(name) or OBJECTS[noun]
        every = [*dict.fromkeys(model.history.order_by("history_id").values_list("id", flat=True))]
        return every if len(every) < 7 else [*every[::3], every[-1]]  # of many, some of each time
    return slugs(name)


def addresses() -> Iterator[tuple[str, bool]]:
    """All addresses, and whether one is the first of its name."""
    for name, parts in url_names().items():
        for place, address in enumerate(product(*(values(name, part) for part in parts))):
            yield reverse(name, kwargs=dict(zip(parts, address, strict=True))), place == 0


@cache
def words_of_pdf(content: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)


@cache
def words_of_docx(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as parts:
        texts = [parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))]
    return " ".join(texts)


def everything_said(answer: HttpResponse) -> str:
    content = answer.getvalue()
    read = {b"%PDF": words_of_pdf, b"PK\x03\x04": words_of_docx}.get(content[:4], bytes.decode)
    body = read(content)
    return f"{body} {dict(answer.headers)} {answer.cookies}".casefold()


@pytest.mark.parametrize("role", FOR)
def test_a_reader_meets_what_is_for_her_and_nothing_else(role, world):
    client = world.client(role)
    met: dict[str, str] = {}

    for address, is_first in addresses():
        answers = [client.get(address)]
        if is_first and role != "secretariat" and address != "/accounts/sign-out/":
            answers.append(client.post(address))
        for said in map(everything_said, answers):
            met |= {word: address for word in WORDS - set(met) if word.casefold() in said}

    assert {word: met[word] for word in set(met) - FOR[role]} == {}
    assert FOR[role] - set(met) == set()


@pytest.mark.parametrize("role", FOR)
def test_no_question_behind_an_address_opens_more(role, world):
    questions = (f"?as_of={timezone.now():%Y-%m-%d}", "?since=2000-01-01&state=all&lang=es&page=1")
    pages = [name for name, parts in url_names().items() if parts == ("group",) and not name.endswith(("pdf", "docx"))]
    client = world.client(role)
    met: dict[str, str] = {}

    for name, slug, question in product(pages, ("rivers", "lakes"), questions):
        address = reverse(name, args=[slug]) + question
        said = everything_said(client.get(address))
        met |= {word: address for word in WORDS - set(met) if word.casefold() in said}

    assert {word: met[word] for word in set(met) - FOR[role]} == {}

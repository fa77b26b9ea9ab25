"""Every word of ours goes through gettext: with a made-up catalogue that marks what it gives, nothing stands unmarked.

The walk of `test_access` is gone once more, by every role, in a language in which the Group has written next to
nothing. What is left outside the marks must be the Group’s own content, or no language at all.
"""

import gettext
import io
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import django as django_package
import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db.models import CharField, TextField
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import trans_real

from documents.actions import confirm_adoption, consider_plan
from documents.models import Rendering
from documents.printing import rendering
from documents.printing.pdf import layout
from documents.reading.grid import EDGE, NAMES, fitted
from mandates.models import Note, RegisteredSymbol
from mispa.ground.changes import changes
from mispa.ground.models import User
from mispa.ground.text import LANGUAGES, LanguagesField, Text
from mispa.ground.zones import zones
from tests import factories as make
from tests import world as worlds
from tests.conftest import signed_in
from tests.test_access import TABLE, address
from tests.world import ROLES, World, url_names
from tests.writing import opened

pytestmark = pytest.mark.django_db

ROOT = Path(settings.BASE_DIR)
# What a message does not say itself: places that are filled in, tags and entities.
FILLED_IN = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]*>|&\w+;)")
MARKED = re.compile("⟦[^⟦⟧]*⟧|[⁰¹²³⁴-⁹]+/")  # calls of notes stand within what people wrote
LETTER = re.compile(r"[^\W\d_]")
NO_LANGUAGE = re.compile(
    r"""
    https?://\S+
    | [\w-]+\.(pdf|docx|ics|json)\b
    | \b[0-9a-f]{8}[0-9a-f-]*[ivx]*\b                # digits of a seal or key, and what is counted on from one
    | \[(en|es|fr|pt)\]                              # a mark in the calendar file
    | \b(mispa|PDF|JSON|CSV|Word|ICS|SHA-256|UTC|GMT|E[SD]T|EN|ES|FR|PT)\b
    | ^(Tab|Alt|Ctrl|Enter|S)$                       # as they are engraved on keys
    | \b([IVXLCDM]+|[ivx]+)\b                        # ministerial meetings are counted in Roman numerals
    | (\bseries-\d+|^|(?<=\s))-[cdilmvx]+\b           # so are series, in their addresses
    | \b(AG|CP|GT)/[\w./-]*\d                       # symbols, also those that are free
    | \b(rev|corr|add)\.\ \d+
    | \{(n|yy|yyyy)\}                                # places in a pattern of symbols
    | \b[0-9]+(T[0-9]+)?Z?\b
    """,
    re.VERBOSE,
)


# The made-up catalogue ---------------------------------------------------


def marked(message: str) -> str:
    """Each run of words in marks of its own, so that what is filled in stands outside."""
    pieces = FILLED_IN.split(message)
    return "".join(
        piece if place % 2 or not LETTER.search(piece) else f"⟦{piece}⟧" for place, piece in enumerate(pieces)
    )


class Marking(gettext.NullTranslations):
    """A catalogue with every message in it; it remembers for what it was asked."""

    def __init__(self, language: str, asked: set[str]) -> None:
        super().__init__()
        self.language, self.asked = language, asked

    def to_language(self) -> str:
        return self.language

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        context, _separator, words = message.rpartition(trans_real.CONTEXT_SEPARATOR)
        return words if context.startswith("format of") else marked(words)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)


@pytest.fixture(scope="module")
def asked() -> Iterator[set[str]]:
    """All four languages are made up while this module runs; what is asked of them is gathered here."""
    messages = set[str]()
    patch = pytest.MonkeyPatch()
    before = translation.get_language()
    for language in LANGUAGES:
        patch.setitem(vars(trans_real)["_translations"], language, Marking(language, messages))
    patch.setattr(trans_real, "_default", Marking("en", messages))
    translation.activate("en")
    yield messages
    patch.undo()
    translation.activate(before)


@pytest.fixture(scope="module")
def printed() -> Iterator[list[str]]:
    """The HTML of the papers that were made."""
    found: list[str] = []

    def kept(*args: Any, **options: Any) -> str:
        found.append(render_to_string(*args, **options))
        return found[-1]

    patch = pytest.MonkeyPatch()
    patch.setattr(layout, "render_to_string", kept)
    yield found
    patch.undo()


@pytest.fixture(scope="module")
def world(module_db: None, asked: set[str], printed: list[str]) -> World:
    made = worlds.build()
    for person in User.objects.all():  # “secretariat” is a name here, and a word of ours
        person.username = f"nutzer{person.pk}"
        person.save()
    return made


# What is seen ------------------------------------------------------------


class Words(HTMLParser):
    """What a page says to eyes and ears, piece by piece."""

    SAID = {"aria-label", "title", "alt", "placeholder", "label", "data-group", "data-foot", "aria-roledescription"}

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.is_silent = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.is_silent = tag in {"script", "style"}
        given = dict(attrs)
        self.pieces += [value for name, value in attrs if name in self.SAID and value]
        if tag == "input" and given.get("type") not in {"hidden", "checkbox", "radio"}:
            self.pieces.append(given.get("value") or "")
        if tag == "meta" and given.get("name") in {"author", "description"}:
            self.pieces.append(given["content"])

    def handle_endtag(self, tag: str) -> None:
        self.is_silent = False

    def handle_data(self, data: str) -> None:
        if not self.is_silent:
            self.pieces.append(data)


# A wording in pieces, as `mispa.ground.diff` cuts it: only what it says for screen readers is ours.
DIFFERENCE = re.compile(r"(?s)<(p|div) class=\"says\"[^>]*>((?:(?!</\1>).)*<(?:ins|del)>(?:(?!</\1>).)*)</\1>")
FOR_SCREEN_READERS = re.compile(r"<span class=\"vh\">[^<]*</span>")


def of_html(html: str) -> list[str]:
    words = Words()
    words.feed(DIFFERENCE.sub(lambda found: "".join(FOR_SCREEN_READERS.findall(found[2])), html))
    return words.pieces


def of_word(content: bytes) -> list[str]:
    with ZipFile(io.BytesIO(content)) as parts:
        xml = "".join(parts.read(name).decode() for name in parts.namelist() if name.startswith(("word/", "docProps")))
    lines = re.findall(r"(?s)<w:p[ >].*?</w:p>", xml)
    said = ["".join(of_html(line)) for line in lines]
    return said + re.findall(r"<(?:dc:title|dc:creator|dc:description|cp:\w*[sS]tatus|cp:keywords)>([^<]*)<", xml)


def of_calendar(content: bytes) -> list[str]:
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    said = [line.partition(":")[2] for line in lines if re.match("(SUMMARY|DESCRIPTION|LOCATION|NAME|X-WR)", line)]
    return [one.replace("\\,", ",").replace("\\;", ";") for line in said for one in line.split("\\n")]


def of_feed(content: bytes) -> list[str]:
    """Titles are plain; a summary is HTML."""
    parts = [(part.tag.rpartition("}")[2], part.text or "") for part in ElementTree.fromstring(content).iter()]
    said = [text for tag, text in parts if tag == "title"]
    said += [piece for tag, text in parts if tag == "summary" for piece in of_html(text)]
    return [line for words in said for line in words.split("\n")]


def seen(answer: Any, printed: list[str]) -> list[str]:
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind == "text/html":
        return of_html(answer.content.decode())
    if kind == "text/calendar":
        return of_calendar(answer.content)
    if kind == "application/atom+xml":
        return of_feed(answer.content)
    if kind.endswith("wordprocessingml.document"):
        return of_word(answer.content)
    if kind == "application/pdf":
        return [piece for html in printed for piece in of_html(html)]
    # The columns of a table are the keys of its JSON.
    assert kind in {"application/json", "text/csv", "text/plain", ""}, kind
    return []


# What is not ours --------------------------------------------------------


def content() -> tuple[re.Pattern[str], set[str]]:
    """What people wrote: phrases that may stand anywhere, and single words that may only stand alone."""
    said = set(zones()) | {
        str(info["name_local"]).capitalize() for code, info in LANG_INFO.items() if code in LANGUAGES
    }
    for label in ("ground", "mandates", "meetings", "documents"):
        for model in apps.get_app_config(label).get_models():
            for column in model._meta.concrete_fields:
                if isinstance(column, LanguagesField):
                    for value in model._default_manager.values_list(column.name, flat=True).distinct():
                        said |= set(value.wordings.values()) if isinstance(value, Text) else set()
                elif isinstance(column, CharField | TextField) and not column.choices:
                    said |= {*filter(None, model._default_manager.values_list(column.name, flat=True).distinct())}
    flat = {" ".join(one.split()) for one in said}
    flat |= {piece.strip() for one in flat for piece in re.split(r"\[\^[^\]]+\]", one)}  # a note is called there
    flat |= {f"[^{key}]" for key in Note.objects.values_list("key", flat=True)}
    flat |= {one.partition(" (")[0] for one in RegisteredSymbol.objects.values_list("printed", flat=True)}
    flat |= {one[:length] for one in flat for length in (60, 80)}  # as the names of mandates and paragraphs are cut
    flat |= {fitted(f"1  {one}", NAMES - 3 * EDGE)[3:].removesuffix("…") for one in flat}  # as a drawing cuts them
    flat = {one for one in flat if LETTER.search(one)}
    alone = {one for one in flat if re.fullmatch(r"[a-z_-]+", one)}
    ordered = sorted(flat - alone, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)"), alone


def unmarked(pieces: list[str], phrases: re.Pattern[str], alone: set[str]) -> list[str]:
    found = []
    for piece in dict.fromkeys(pieces):
        words = " ".join(MARKED.sub(" ", piece).split())
        if words in alone:
            continue
        if LETTER.search(NO_LANGUAGE.sub(" ", phrases.sub(" ", words))):
            found.append(piece.strip())
    return found


@pytest.fixture(scope="module")
def theirs(world: World) -> tuple[re.Pattern[str], set[str]]:
    return content()


# The walk ----------------------------------------------------------------


def language_query(where: str) -> str:
    """Files speak the language of their address, and pages that of the reader."""
    return "?lang=pt" if where.endswith((".pdf", ".docx", ".ics", ".atom")) else ""


def answers_to(client: Client, where: str, is_written: bool) -> Iterator[Any]:
    """The page; and what it says to a form without anything in it, and to one with 0 in every field."""
    how: Any = {"headers": {"accept-language": "pt"}}
    page = client.get(where + language_query(where), **how)
    yield page
    if is_written:
        names = set(re.findall(rb'<(?:input|select|textarea)[^>]* name="([\w-]+)"', page.content))
        zeros = dict.fromkeys((name.decode() for name in names - {b"csrfmiddlewaretoken", b"opened_from"}), "0")
        for typed in ({}, zeros):
            yield client.post(where, typed, follow=True, **how)


def of_walk(clients: Iterable[Client], where: str, printed: list[str], is_written: bool = False) -> list[str]:
    printed.clear()
    return [
        piece
        for client in clients
        for answer in answers_to(client, where, is_written)
        for piece in seen(answer, printed)
    ]


@pytest.mark.parametrize("entry", TABLE)
def test_no_word_of_ours_stands_outside_the_catalogue(entry, world, theirs, printed):
    page, where = TABLE[entry], address(entry, world)
    pieces = []

    for role in ROLES:
        pieces += of_walk([world.client(role)], where, printed, is_written=role in (page.write or ()))

    assert unmarked(pieces, *theirs) == []


def test_no_word_of_an_adopted_text_and_of_its_corrigendum_stands_outside(world, printed):
    group, chair = world.rivers, User.objects.get(memberships__role="chair")
    how = {"meeting": world.meeting, "on": make.ON, "note": "", "by": chair}
    adopted = make.issue(group, "public")
    consider_plan(edition=adopted, topic=None, **how)
    adoption = make.adopt(adopted, world.meeting, chair, how="ad referendum")
    pieces = of_walk([world.client("chair")], adopted.get_absolute_url(), printed)
    confirm_adoption(adoption=adoption, **how)
    row = group.plan.rows.earliest("position")
    make.reword(row, title_as_printed=row.title_as_printed.with_wording("fr", "Soin"), symbol_as_printed="AG/RES. 1")
    corrected = make.correct(adopted, by=None)
    worlds._write(group, chair, "Newword")
    newer = make.issue(group, "public")
    clients = [world.client(role) for role in ("delegate", "secretariat", "chair")]
    plan = f"/{group.slug}/work-plan"

    for where in (
        f"/{group.slug}/",
        f"{plan}/",
        f"{plan}/?as_of=2013-09-05",
        f"{plan}/draft/?as_of=2013-09-05T10:00",
        f"{plan}.pdf",
        f"{plan}.docx",
        f"{plan}/export/",
        f"{plan}/editions/",
        *(one.address(what) for one in (corrected, newer) for what in ("pdf", "docx")),
        *(one.get_absolute_url() for one in (adopted, corrected, newer)),
        *(f"/verify/{one.sha256}/" for one in (adopted, corrected, newer)),
        f"/{group.slug}/meetings/1/",
        f"/{group.slug}/calendar/",
        f"/{group.slug}/meetings/2/",
    ):
        pieces += of_walk(clients, where, printed)

    assert unmarked(pieces, *content()) == []


def test_no_word_of_a_conflict_stands_outside(world, theirs):
    """Two people at one mandate and at its withdrawal; and somebody who writes to what is withdrawn."""
    first, second = world.client("secretariat"), world.client("chair")
    where, withdrawal = (f"/mandates/{world.mandate.pk}/{verb}/" for verb in ("edit", "withdraw"))
    mine, theirs_too = opened(first, where), opened(second, where)
    late = opened(second, withdrawal)
    first.post(where, mine | {"text-en": "1", "text-fr": "2", "paragraph": "3", "reason": "444"})
    how = {"headers": {"accept-language": "pt"}}

    conflict = second.post(where, theirs_too | {"text-en": "5", "reason": "666"}, **how)
    changed = second.post(withdrawal, late | {"reason": "777"}, **how)
    first.post(withdrawal, opened(first, withdrawal) | {"reason": "888"})
    gone = second.post(where, theirs_too | {"paragraph": "9", "reason": "999"}, **how)

    assert [conflict.status_code, changed.status_code, gone.status_code] == [409, 409, 409]
    assert unmarked([piece for answer in (conflict, changed, gone) for piece in seen(answer, [])], *theirs) == []


def test_no_word_of_a_refusal_stands_outside(world, theirs):
    how = {"headers": {"accept-language": "pt"}}
    strict = Client(enforce_csrf_checks=True)
    anonymous, chair = world.client("anonymous"), world.client("chair")
    answers = [
        strict.post("/accounts/sign-in/", **how),
        anonymous.get("/nothing/here/", **how),
        anonymous.get("/symbols/12", **how),
        anonymous.get("/symbols/0%2F13", **how),
        anonymous.get("/verify/?seal=0", **how),
        anonymous.get(f"/verify/{'0' * 64}/", **how),
        anonymous.post("/verify/", {"file": io.BytesIO(b"0")}, **how),
        anonymous.get("/rivers/work-plan.pdf?lang=0", **how),
        anonymous.get("/rivers/calendar/?as_of=2013-09-05", **how),
        *(chair.get(f"/rivers/work-plan/?as_of={when}", **how) for when in ("0", "1999-01-01", "9999-01-01")),
        chair.get("/rivers/work-plan/export/?as_of=2013-09-05", **how),
        *(anonymous.post("/accounts/sign-in/", {"username": "0", "password": "0"}, **how) for _attempt in range(11)),
    ]
    for number in (400, 500):
        with translation.override("pt"):
            answers.append(HttpResponse(render_to_string(f"{number}.html")))

    assert answers[-3].status_code == 429
    assert unmarked([piece for answer in answers for piece in seen(answer, [])], *theirs) == []


def test_no_word_of_a_file_that_is_being_made_stands_outside(world, theirs, monkeypatch):
    monkeypatch.setattr(rendering.files, "is_long", lambda text, languages=1: True)
    client, where = world.client("chair"), "/rivers/work-plan/draft.pdf?lang=pt"
    answers = []

    for state in ({}, {"started_at": timezone.now()}, {"page": 2}, {"problem": "0"}):
        Rendering.objects.update(**state)
        answers.append(client.get(where, headers={"accept-language": "pt"}))

    assert [answer.status_code for answer in answers] == [202, 202, 202, 503]
    assert unmarked([piece for answer in answers for piece in seen(answer, [])], *theirs) == []


def test_no_word_of_an_empty_group_stands_outside(world, printed):
    with changes(by=None, reason="made for a test", source="command"):
        group = make.WorkingGroupFactory(slug="empty")
        make.WorkPlanFactory(group=group)
    secretary = signed_in(make.member(group, "secretariat", username="nutzer0"))
    make.issue(group, "public")
    names = {"group": "empty"}
    addresses = [reverse(name, kwargs=names) for name, parts in url_names().items() if set(parts) == {"group"}]

    pieces = [piece for where in addresses for piece in of_walk([Client(), secretary], where, printed)]

    assert unmarked(pieces, *content()) == []


def test_every_message_that_is_asked_for_is_in_a_catalogue(asked, world, printed):
    """Also those whose words are put together only when the page is made."""
    of_walk([world.client("secretariat")], "/rivers/work-plan/draft/", printed)
    django = Path(django_package.__file__).parent
    known = set[str]()
    for file in [ROOT / "locale/es/LC_MESSAGES/django.po", *django.glob("**/locale/en/LC_MESSAGES/django.po")]:
        with file.open("rb") as opened_file:
            for message in read_po(opened_file):
                words = message.id if isinstance(message.id, tuple) else (message.id,)
                context = f"{message.context}{trans_real.CONTEXT_SEPARATOR}" if message.context else ""
                known |= {context + one for one in words}

    assert len(asked) > 50
    assert asked - known == set()

"""Papers are registered, numbered, revised, issued, linked and withdrawn by the secretariat."""

import csv
import threading
from datetime import UTC, date
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from documents.actions import (
    KnownPaper,
    add_revision,
    issue_revision,
    register_paper,
    restore_paper,
    revise_paper,
    revise_revision,
    withdraw_paper,
    withdraw_revision,
)
from documents.actions.following import follow
from documents.actions.registering import NEXT
from documents.models import FROZEN, Document, DocumentLink, NumberPattern, Revision
from documents.models.register import read_pattern
from documents.views.papers import page_of
from mandates.models import Mandate, RegisteredSymbol
from mispa.ground.editing import Conflict, StillNeeded
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories as make
from tests.writing import errors, made, opened, said, send

DAY = date(2013, 9, 5)


@pytest.fixture
def numbered(group):
    return made(make.NumberPatternFactory, group=group)


def register(group: Any, by: Any, symbol: Any = NEXT, **values: Any) -> Document:
    plain: dict[str, Any] = {"title": Text.of("Report on Banks"), "kind": "report", "registered_on": DAY}
    return register_paper(group=group, by=by, reason="came by mail", symbol=symbol, **plain | values)


def symbols_of(document: Document) -> list[str]:
    return [str(one.symbol) for one in document.revisions.order_by("position")]


def issue(revision: Revision, by: Any) -> Revision:
    return issue_revision(revision=revision, by=by, reason="for the meeting", opened_from=latest_change())


def registered(group: Any, by: Any, symbol: Any = NEXT, **values: Any) -> Revision:
    document = register(group, by, symbol, **values)
    return issue(document.revisions.get(), by)


def add(document: Document, by: Any, symbol: str, issued: bool = True, **values: Any) -> Revision:
    revision = add_revision(document=document, by=by, reason="a further state", symbol=symbol, **values)
    return issue(revision, by) if issued else revision


# ---- numbers


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        ("GT/MISPA-IV/doc.{n}/{yy}", "GT/MISPA-IV/doc.{n}/{yy}"),
        ("gt/mispa-iv/DOC {n}/{yy}", "GT/MISPA-IV/doc.{n}/{yy}"),
        ("MISPA IV/INF. {n}/{yy}", "MISPA IV/INF.{n}/{yy}"),
        ("CP/CSH-{n}/{yy}", "CP/CSH-{n}/{yy}"),
        ("CP/CSH/OD {n}/{yy}", "CP/CSH/OD-{n}/{yy}"),
    ],
)
def test_a_pattern_is_kept_in_its_canonical_form(typed, pattern, db):
    assert read_pattern(typed) == pattern


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("GT/MISPA-IV/doc.{n}/13", "each once"),
        ("GT/MISPA-IV/doc.{n}{n}/{yy}", "each once"),
        ("XYZ/doc.{n}/{yy}", "organ"),
        ("AG/RES. {n} (XLIII-O/{yy})", "without session"),
        ("GT/MISPA-IV/doc.{n}/{yy} rev. 1", "without session"),
        ("GT/A{yy}/doc.{n}/13", "ends in number and year"),
        ("GT/A{n}/doc.5/{yy}", "ends in number and year"),
        ("GT/MISPA-IV/doc.1{n}/{yy}", r"“GT/MISPA-IV/doc.1\{n\}/\{yy\}” has a number"),
    ],
)
def test_a_pattern_that_makes_no_symbols_is_refused(typed, says, db):
    with pytest.raises(ValidationError, match=says):
        read_pattern(typed)


def test_numbers_follow_one_another_by_series_and_year(group, secretariat, numbered):
    made(make.NumberPatternFactory, group=group, kind="information", pattern="GT/RIVERS/INF.{n}/{yy}")

    found = [
        register(group, secretariat, kind=kind, registered_on=day)
        for kind, day in [("report", DAY), ("agenda", DAY), ("information", DAY), ("report", date(2014, 1, 2))]
    ]

    assert [symbols_of(one) for one in found] == [
        ["GT/RIVERS/doc.1/13"],
        ["GT/RIVERS/doc.2/13"],
        ["GT/RIVERS/INF.1/13"],
        ["GT/RIVERS/doc.1/14"],
    ]
    assert [one.base for one in found[:2]] == ["GT/RIVERS/doc.1/13", "GT/RIVERS/doc.2/13"]


def test_the_next_number_is_above_all_that_were_ever_taken(group, secretariat, numbered):
    for number in (9, 10):
        register(group, secretariat, f"GT/RIVERS/doc.{number}/13")
    gone = register(group, secretariat, "GT/RIVERS/doc. 11/2013")
    withdraw_paper(document=gone, by=secretariat, reason="entered twice", opened_from=latest_change())
    register(group, secretariat, "GT/RIVERS/doc.12/13 rev. 3")
    register(group, secretariat, "GT/RIVERS-2/doc.77/13")

    assert symbols_of(register(group, secretariat)) == ["GT/RIVERS/doc.13/13"]


def test_above_the_highest_number_there_is_none(group, secretariat, as_secretariat, numbered):
    year = f"{timezone.localdate(timezone=group.zone).year % 100:02}"
    register(group, secretariat, f"GT/RIVERS/doc.99999/{year}")
    page = f"/{group.slug}/documents/new/"
    form = opened(as_secretariat, page) | {"title-en": "Report", "kind": "report", "reason": "came by mail"}

    answer = send(as_secretariat, page, form | {"numbering": "pending"})

    assert "next" not in dict(as_secretariat.get(page).context["form"].fields["numbering"].choices)
    assert answer.status_code == 302
    assert "doc.100000" not in as_secretariat.get(f"/{group.slug}/documents/numbering/").text
    with pytest.raises(ValidationError, match="no number comes after it") as refused:
        register(group, secretariat, registered_on=timezone.localdate(timezone=group.zone))
    assert list(refused.value.message_dict) == ["numbering"]


@pytest.mark.parametrize("year", [1947, 2048])
def test_a_year_that_two_digits_cannot_mean_gets_no_number(year, group, secretariat, numbered):
    with pytest.raises(ValidationError, match="from 1948 to 2047") as refused:
        register(group, secretariat, registered_on=date(year, 9, 5))

    assert list(refused.value.message_dict) == ["registered_on"]


def test_without_a_numbering_there_is_no_next_number(group, secretariat):
    with pytest.raises(ValidationError, match="no numbering"):
        register(group, secretariat)

    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_register_at_once_get_two_numbers():
    group = make.whole_group()
    people = [make.member(group, "secretariat", username=name) for name in ("ana", "luis")]
    made(make.NumberPatternFactory, group=group)
    start = threading.Barrier(len(people))
    failed: list[BaseException] = []

    def work(person: Any) -> None:
        try:
            start.wait(20)
            for _time in range(5):
                register(group, person)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    if connection.vendor == "sqlite":  # the database of tests has one connection: they take turns
        for _time in range(5):
            for person in people:
                register(group, person)
    else:
        threads = [threading.Thread(target=work, args=(person,)) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)

    assert failed == []
    bases = sorted(Document.objects.values_list("base", flat=True), key=lambda one: (len(one), one))
    assert bases == [f"GT/RIVERS/doc.{number}/13" for number in range(1, 11)]


# ---- registering


def test_a_paper_is_entered_with_all_that_the_register_says(group, secretariat):
    area = made(make.ResponsibleAreaFactory)

    document = register(
        group,
        secretariat,
        "gt/rivers/doc 5/2013",
        series_line="oea/ser.k/xlix.4",
        original_languages="en/es",
        distribution="limited",
        area=area.pk,
        dated=date(2013, 9, 1),
    )

    revision = document.revisions.get()
    assert (document.base, revision.symbol.printed) == ("GT/RIVERS/doc.5/13", "gt/rivers/doc 5/2013")
    assert (revision.state, revision.dated) == ("working", date(2013, 9, 1))
    assert (document.series_line, document.get_original_languages_display()) == ("OEA/Ser.K/XLIX.4", "English/Spanish")
    assert document.area == area


@pytest.mark.parametrize(
    ("symbol", "field", "says"),
    [
        ("AG/RES. 3999 (XLVIII-O/18)", "symbol", "no symbol of a paper"),
        ("OEA/Ser.K/XLIX.4", "symbol", "no symbol of a paper"),
        ("my own paper", "symbol", "not a symbol"),
    ],
)
def test_what_is_no_symbol_of_a_paper_is_refused(symbol, field, says, group, secretariat):
    with pytest.raises(ValidationError, match=says):
        register(group, secretariat, symbol)

    assert not Document.objects.exists()
    assert not RegisteredSymbol.objects.filter(revision__isnull=True, resolution__isnull=True).exists()


@pytest.mark.parametrize("role", ["chair", "vice-chair", "delegate"])
def test_only_the_secretariat_registers(role, group, secretariat, numbered):
    revision = registered(group, secretariat)
    person = make.member(group, role)
    how: dict[str, Any] = {"by": person, "reason": "I would like to", "opened_from": latest_change()}

    acts = [
        lambda: register(group, person),
        lambda: revise_paper(document=revision.document, kind="agenda", **how),
        lambda: withdraw_paper(document=revision.document, **how),
        lambda: add_revision(
            document=revision.document, by=person, reason="I would", symbol="GT/RIVERS/doc.1/13 rev. 1"
        ),
        lambda: issue_revision(revision=revision, **how),
    ]

    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def test_another_state_of_a_known_paper_is_offered_as_such(group, secretariat, as_secretariat):
    register(group, secretariat, "GT/RIVERS/doc.5/13")
    with pytest.raises(KnownPaper, match="belongs to GT/RIVERS"):
        register(group, secretariat, "GT/RIVERS/doc.5/13 rev. 1")
    form = opened(as_secretariat, f"/{group.slug}/documents/new/")
    form |= {"title-en": "Second thoughts", "kind": "report", "numbering": "given", "reason": "came by mail"}

    page = send(as_secretariat, f"/{group.slug}/documents/new/", form | {"symbol": "GT/RIVERS/doc 5/13 rev 1"})

    document = Document.objects.get()
    offer = f"/documents/{document.pk}/revisions/new/?symbol=GT%2FRIVERS%2Fdoc.5%2F13%20rev.%201"
    assert f'href="{offer}"' in page.text
    assert "Second thoughts" in page.text
    assert 'value="GT/RIVERS/doc.5/13 rev. 1"' in as_secretariat.get(offer).text


def test_what_has_become_of_the_paper_of_a_symbol_is_said(group, secretariat):
    known = register(group, secretariat, "GT/RIVERS/doc.5/13 rev. 1")
    gone = register(group, secretariat, "GT/RIVERS/doc.6/13")
    withdraw_paper(document=gone, by=secretariat, reason="entered twice", opened_from=latest_change())

    for symbol, says in [
        (str(known.revisions.get().symbol), "is registered already"),
        ("GT/RIVERS/doc.5/13", "Further states of"),
        ("GT/RIVERS/doc.6/13 rev. 3", "which is withdrawn. Restore that paper"),
    ]:
        with pytest.raises(ValidationError, match=says):
            register(group, secretariat, symbol)


def test_a_series_line_is_refused_with_words_of_its_own(group, secretariat):
    with pytest.raises(ValidationError, match="A series line looks like") as refused:
        register(group, secretariat, "GT/RIVERS/doc.5/13", series_line="abc")

    assert "INF.3" not in str(refused.value)


def test_the_symbol_of_a_paper_that_one_may_not_see_is_taken_and_no_more_is_said(group, secretariat):
    lakes = make.whole_group(slug="lakes", is_public=False)
    other = make.member(lakes, "secretariat", username="neighbour")
    registered(lakes, other, "GT/LAKES/doc.1/13", title=Text.of("A secret depth"), distribution="limited")

    for symbol in ("GT/LAKES/doc.1/13", "GT/LAKES/doc.1/13 rev. 1"):
        with pytest.raises(ValidationError, match="taken") as refused:
            register(group, secretariat, symbol)
        assert "secret" not in str(refused.value)


def test_the_form_takes_the_next_number_once_though_it_is_sent_twice(group, secretariat, as_secretariat, numbered):
    page = f"/{group.slug}/documents/new/"
    form = opened(as_secretariat, page)
    form |= {"title-en": "Report on Banks", "kind": "report", "registered_on": "2013-09-05", "reason": "came by mail"}

    first, second = send(as_secretariat, page, form), send(as_secretariat, page, form)
    third = send(as_secretariat, page, form | {"title-en": "Report on Both Banks"})

    assert {answer.url for answer in (first, second, third)} == {"/documents/gt-rivers-doc-1-13/"}
    assert said(second)[-1] == "This was saved already."
    assert str(Document.objects.get().title) == "Report on Both Banks"
    assert RegisteredSymbol.objects.filter(canonical__startswith="GT/RIVERS").count() == 1


def test_the_form_begins_with_the_symbol_for_which_its_address_asks(group, as_secretariat, numbered):
    form = opened(as_secretariat, f"/{group.slug}/documents/new/?symbol=GT/RIVERS/doc.7/13")

    assert (form["symbol"], form["numbering"]) == ("GT/RIVERS/doc.7/13", "given")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"numbering": "given", "symbol": ""}, "symbol"),
        ({"numbering": "pending", "symbol": "GT/RIVERS/doc.1/13"}, "numbering"),
        ({"numbering": "given", "symbol": "next"}, "symbol"),
        ({"title-en": "\u202e\u200b\ufeff\u200d"}, "title"),
        ({"series_line": "GT/RIVERS/doc.1/13"}, "series_line"),
        ({"distribution": "limited", "is_public": "on"}, "is_public"),
        ({"registered_on": "2013-02-30"}, "registered_on"),
        ({"kind": ""}, "kind"),
        ({"reason": ""}, "reason"),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(typed, field, group, secretariat, as_secretariat):
    page = f"/{group.slug}/documents/new/"
    form = opened(as_secretariat, page)
    form |= {"title-en": "Report on Banks", "kind": "report", "reason": "came by mail"} | typed

    answer = send(as_secretariat, page, form)

    assert list(errors(answer)) == [field]
    assert "Report on Banks" in answer.text or field == "title"
    assert not Document.objects.exists()


def test_two_editors_of_a_paper_keep_what_both_wrote(group, secretariat, numbered):
    document = register(group, secretariat)
    seen = latest_change()
    how: dict[str, Any] = {"document": document, "by": secretariat, "reason": "looked again", "opened_from": seen}
    revise_paper(kind="agenda", **how)
    revise_paper(series_line="OEA/Ser.K/XLIX.4", **how)

    with pytest.raises(Conflict):
        revise_paper(kind="schedule", **how)

    document.refresh_from_db()
    assert (document.kind, document.series_line) == ("agenda", "OEA/Ser.K/XLIX.4")


def test_a_pending_paper_gets_its_symbol_in_place(group, secretariat, numbered, client):
    document = register(group, secretariat, "", is_public=True)
    revision = issue(document.revisions.get(), secretariat)
    before = revision.get_absolute_url()

    revise_revision(
        revision=revision,
        by=secretariat,
        reason="number given",
        opened_from=latest_change(),
        symbol="GT/RIVERS/doc.4/13",
    )

    revision = Revision.objects.get()
    assert (revision.document.base, revision.symbol.state) == ("GT/RIVERS/doc.4/13", "in use")
    assert [client.get(page).status_code for page in (before, "/documents/gt-rivers-doc-4-13/")] == [200, 200]


# ---- states of a paper


def test_what_is_issued_is_frozen_in_the_database_too(group, secretariat, numbered):
    revision = registered(group, secretariat)
    statements = [
        "UPDATE documents_revision SET state = 'working'",
        "UPDATE documents_revision SET dated = '2013-01-01'",
        "UPDATE documents_revision SET title = NULL",
        "DELETE FROM documents_revision",
        "UPDATE mandates_registeredsymbol SET canonical = 'GT/RIVERS/doc.9/13' WHERE canonical LIKE 'GT/%'",
        "DELETE FROM mandates_registeredsymbol WHERE canonical LIKE 'GT/%'",
    ]
    for statement in statements:
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(ValidationError, match="stays as it is"):
        revise_revision(
            revision=revision, by=secretariat, reason="a slip", opened_from=latest_change(), dated=date(2013, 1, 1)
        )

    assert Revision.objects.get().state == "issued"


def test_every_freezing_trigger_is_there_after_all_migrations(db):
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE '%_frozen_%'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_frozen_%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}

    assert found == {f"{table}_frozen_{event}" for table in FROZEN for event in ("update", "delete")}


def test_an_issued_text_keeps_the_title_that_it_had(group, secretariat, numbered, client):
    revision = registered(group, secretariat, is_public=True)
    how: dict[str, Any] = {"by": secretariat, "reason": "a better title", "opened_from": latest_change()}

    revise_paper(document=revision.document, title=Text.of("Report on Shores"), **how)

    assert "Report on Banks" in client.get(revision.get_absolute_url()).text


def test_a_working_text_is_for_those_who_prepare_it(group, secretariat, chair, delegate, numbered):
    document = register(group, secretariat, is_public=True)
    people = (secretariat, chair, delegate, AnonymousUser())

    def seen() -> list[bool]:
        return [
            Document.objects.visible_to(one).exists() and Revision.objects.visible_to(one).exists() for one in people
        ]

    before = seen()
    issue(document.revisions.get(), secretariat)

    assert (before, seen()) == ([True, True, False, False], [True] * 4)


def test_a_working_text_of_a_paper_that_all_groups_share_is_for_the_editors_of_any(
    group, secretariat, delegate, as_secretariat
):
    shared = made(make.RevisionFactory, document__group=None, document__base="MISPA/doc.8/08").document
    working = add(shared, secretariat, "MISPA/doc.8/08 rev. 7", issued=False)
    neighbour = make.member(make.whole_group(), "secretariat", username="neighbour")

    seen = [Revision.objects.visible_to(one).filter(pk=working.pk).exists() for one in (neighbour, delegate)]

    assert seen == [True, False]
    assert as_secretariat.get(working.get_absolute_url()).status_code == 200
    since = timezone.localdate(timezone=UTC).isoformat()
    assert as_secretariat.get(working.get_absolute_url() + f"?as_of={since}").status_code == 200


def test_what_was_issued_meanwhile_is_refused_in_words(group, secretariat, numbered):
    first = register(group, secretariat).revisions.get()
    stale = latest_change()
    issue(first, secretariat)
    how: dict[str, Any] = {"by": secretariat, "reason": "again", "opened_from": stale}

    with pytest.raises((ValidationError, Conflict), match="It is issued"):
        issue_revision(revision=first, dated=date(2013, 9, 6), **how)


@pytest.mark.parametrize("typed", [{"dated": "2013-09-04"}, {"symbol": "GT/RIVERS/doc.9/13"}])
def test_going_back_to_the_form_that_registered_what_is_issued_now_is_refused_in_words(
    typed, group, secretariat, as_secretariat
):
    address = f"/{group.slug}/documents/new/"
    form = opened(as_secretariat, address) | {
        "title-en": "Report on Banks",
        "kind": "report",
        "numbering": "given",
        "symbol": "GT/RIVERS/doc.5/13",
        "reason": "came by mail",
    }
    send(as_secretariat, address, form)
    issue(Revision.objects.get(), secretariat)

    answer = send(as_secretariat, address, form | typed)

    assert answer.status_code in {200, 409}
    assert Revision.objects.get().dated is None


def test_a_further_state_writes_its_paper_as_it_stands_now(group, secretariat):
    document = register(group, secretariat, symbol="")
    on_the_page = Document.objects.get(pk=document.pk)
    how: dict[str, Any] = {"by": secretariat, "reason": "clearer", "opened_from": latest_change()}
    revise_paper(document=document, title=Text.of("Report on Shores"), **how)

    add(on_the_page, secretariat, "GT/RIVERS/doc.8/13 rev. 1", issued=False)

    paper = Document.objects.get()
    assert (str(paper.title), paper.base) == ("Report on Shores", "GT/RIVERS/doc.8/13")


@pytest.fixture
def chain(group, secretariat):
    """A paper with two revisions, a corrigendum to each text, an addendum to the paper and its revision, one draft."""
    first = registered(group, secretariat, "GT/RIVERS/doc.5/13", is_public=True, dated=date(2013, 8, 1))
    document = first.document
    for words, day in [
        ("corr. 1", date(2013, 8, 3)),
        ("rev. 1", date(2013, 8, 20)),
        ("rev. 1 corr. 1", date(2013, 8, 21)),
        ("rev. 1 add. 1", date(2013, 8, 22)),
        ("add. 1", date(2013, 8, 23)),
        ("add. 1 rev. 1", date(2013, 8, 24)),
        ("rev. 2", date(2013, 9, 10)),
    ]:
        languages = {"languages": "es/fr"} if words == "corr. 1" else {}
        add(document, secretariat, f"GT/RIVERS/doc.5/13 {words}", dated=day, **languages)
    add(document, secretariat, "GT/RIVERS/doc.5/13 rev. 3", issued=False)
    return document


def lines(page: Any) -> list[tuple[str, str, str]]:
    return [
        (str(link.revision.symbol).removeprefix("GT/RIVERS/doc.5/13").strip(), link.standing, link.meaning)
        for link in page.context["chain"]
    ]


def test_the_page_shows_the_chain_and_what_is_current(chain, client, as_secretariat):
    page = as_secretariat.get("/documents/gt-rivers-doc-5-13/")

    assert lines(page) == [
        ("", "superseded", "first issue"),
        ("corr. 1", "superseded", "corrects the first issue"),
        ("add. 1", "superseded", "adds to the first issue"),
        ("add. 1 rev. 1", "issued", "replaces add. 1"),
        ("rev. 1", "superseded", "replaces the first issue"),
        ("rev. 1 corr. 1", "superseded", "corrects rev. 1"),
        ("rev. 1 add. 1", "superseded", "adds to rev. 1"),
        ("rev. 2", "issued", "replaces rev. 1"),
        ("rev. 3", "draft", "replaces rev. 2"),
    ]
    assert str(page.context["current"].symbol) == "GT/RIVERS/doc.5/13 rev. 2"
    assert "Spanish/French only" in page.text
    assert "rev. 3" not in client.get("/documents/gt-rivers-doc-5-13/").text


def test_a_page_says_which_text_lay_before_a_meeting(chain, group, client):
    topic = group.meetings.get().topics.get()
    made(make.TopicDocumentFactory, topic=topic, document=chain)

    page = client.get("/documents/gt-rivers-doc-5-13/")

    before = {str(link.revision.symbol): link.meetings for link in page.context["chain"] if link.meetings}
    assert before == {"GT/RIVERS/doc.5/13 rev. 1": [group.meetings.get()]}
    assert [str(one) for one in page.context["topics"]] == [str(topic)]


def test_the_next_states_are_offered_and_never_twice_the_same(chain, secretariat, as_secretariat):
    withdraw_revision(
        revision=Revision.objects.get(symbol__canonical="GT/RIVERS/doc.5/13 rev. 3"),
        by=secretariat,
        reason="not needed",
        opened_from=latest_change(),
    )
    page = as_secretariat.get(f"/documents/{chain.pk}/revisions/new/")

    offered = [key.removeprefix("GT/RIVERS/doc.5/13 ") for key, _words in page.context["form"].fields["which"].choices]

    assert offered[-1] == "other"
    assert "rev. 4" in offered
    assert "rev. 2 corr. 1" in offered
    assert "rev. 2 add. 1" in offered
    assert "add. 1 rev. 2" in offered
    assert not {"rev. 3", "rev. 1 corr. 2", "add. 1"} & set(offered)


def test_two_who_enter_the_same_revision_get_one_clear_refusal(group, secretariat, numbered):
    document = register(group, secretariat)
    add(document, secretariat, "GT/RIVERS/doc.1/13 rev. 1", issued=False)

    with pytest.raises(ValidationError, match="taken"):
        add(document, secretariat, "GT/RIVERS/doc.1/13 rev. 1", issued=False)


def test_a_revision_has_a_symbol_of_its_paper(group, secretariat, numbered):
    document = register(group, secretariat)

    with pytest.raises(ValidationError, match="one of its symbols"):
        add(document, secretariat, "GT/RIVERS/doc.2/13 rev. 1")
    with pytest.raises(ValidationError, match="Only a corrigendum"):
        add(document, secretariat, "GT/RIVERS/doc.1/13 rev. 1", languages="es")


# ---- links


def test_links_are_told_on_both_papers(group, secretariat, client, numbered):
    old, new = (registered(group, secretariat, is_public=True, title=Text.of(title)) for title in ("Old", "New"))
    how: dict[str, Any] = {"by": secretariat, "reason": "to say so", "opened_from": latest_change()}

    revise_paper(document=new.document, replaces=(str(old.document_id),), **how)

    pages = [client.get(one.get_absolute_url()).context["linked"] for one in (new, old)]
    assert [(one.words, str(one.papers[0][0])) for (one,) in pages] == [
        ("It replaces", "Old"),
        ("It is replaced by", "New"),
    ]
    with pytest.raises(StillNeeded, match="New"):
        withdraw_paper(document=old.document, by=secretariat, reason="too old", opened_from=latest_change())
    for one in (new, old):
        withdraw_paper(document=one.document, by=secretariat, reason="too old", opened_from=latest_change())
    assert not DocumentLink.objects.standing().exists()


@pytest.mark.parametrize("relation", ["replaces", "corrects", "adds_to"])
def test_two_papers_do_not_replace_one_another(relation, group, secretariat, numbered):
    old, new = register(group, secretariat), register(group, secretariat)
    how: dict[str, Any] = {"by": secretariat, "reason": "to say so"}
    revise_paper(
        document=new, opened_from=latest_change(), refers_to=(str(old.pk),), **{relation: (str(old.pk),)}, **how
    )

    with pytest.raises(ValidationError, match=r"GT/RIVERS/doc.2/13 \w+( to)? this paper already"):
        revise_paper(document=old, opened_from=latest_change(), **{relation: (str(new.pk),)}, **how)

    revise_paper(document=old, opened_from=latest_change(), refers_to=(str(new.pk),), **how)


# ---- the title before it is issued


def test_a_title_is_told_from_its_issuing_on(
    group, secretariat, delegate, client, as_delegate, as_secretariat, numbered
):
    """Everywhere where readers are shown a paper: until then it has the title of what is issued."""
    known = registered(group, secretariat, is_public=True, title=Text.of("Public walrus"))
    how: dict[str, Any] = {"by": secretariat, "reason": "it is being revised"}
    make.issue(group, "delegations")
    other = registered(group, secretariat, is_public=True, title=Text.of("Other paper"))
    revise_paper(document=other.document, opened_from=latest_change(), replaces=(str(known.document_id),), **how)
    mandate = Mandate.objects.get(row__plan=group.plan)
    made(make.MandateDocumentFactory, mandate=mandate, document=known.document)
    topic = group.meetings.get().topics.get()
    made(make.TopicDocumentFactory, topic=topic, document=known.document)
    made(make.TopicMandateFactory, topic=topic, mandate=mandate)
    made(make.MeetingDocumentFactory, meeting=group.meetings.get(), revision=known)
    follow(thing=known.document, user=delegate)
    revise_paper(document=known.document, opened_from=latest_change(), title=Text.of("Secret whale"), **how)
    revise_paper(document=known.document, opened_from=latest_change(), kind="agenda", **how)
    add(known.document, secretariat, "GT/RIVERS/doc.1/13 rev. 1", issued=False)
    pages = [
        f"/{group.slug}/documents/",
        f"/{group.slug}/changes/",
        f"/{group.slug}/changes.atom",
        "/symbols/GT/RIVERS/doc.1/13 rev. 9",
        other.get_absolute_url(),
        known.get_absolute_url(),
        f"/{group.slug}/meetings/1/",
    ]
    of_delegates = [*pages, f"/{group.slug}/coverage/", f"/{group.slug}/coverage.csv", "/accounts/following/"]

    shown = [client.get(page).text for page in pages] + [as_delegate.get(page).text for page in of_delegates]

    assert ["whale" in text for text in shown] == [False] * len(shown)
    assert ["walrus" in text for text in shown] == [True] * len(shown)
    assert "Secret whale" in as_secretariat.get(f"/{group.slug}/documents/").text


# ---- withdrawn


def test_a_withdrawn_state_leads_to_the_page_that_says_so(chain, client, as_secretariat, secretariat):
    revision = chain.revisions.get(symbol__canonical="GT/RIVERS/doc.5/13 rev. 2")
    withdraw_revision(revision=revision, by=secretariat, reason="entered twice", opened_from=latest_change())

    answer = as_secretariat.get(f"/symbols/{revision.symbol}", follow=True)

    assert answer.status_code == 410


def test_after_saving_one_is_led_to_the_current_text(chain, secretariat):
    assert page_of(chain) == "/documents/gt-rivers-doc-5-13-rev-2/"


def test_a_withdrawn_symbol_has_a_page_that_says_so_and_comes_back(
    group, secretariat, client, as_secretariat, numbered
):
    revision = registered(group, secretariat, is_public=True)
    page = revision.get_absolute_url()
    withdraw_paper(document=revision.document, by=secretariat, reason="entered twice", opened_from=latest_change())

    public, own = client.get(page), as_secretariat.get(page)

    assert (public.status_code, own.status_code) == (410, 410)
    assert "stays taken" in public.text
    assert "Report on Banks" not in public.text
    assert "entered twice" in own.text
    assert RegisteredSymbol.objects.get(pk=revision.symbol_id).state == "withdrawn"
    with pytest.raises(ValidationError, match="withdrawn"):
        register(group, secretariat, "GT/RIVERS/doc.1/13")
    restore_paper(document=revision.document, by=secretariat, reason="it is needed", opened_from=latest_change())
    assert client.get(page).status_code == 200
    assert RegisteredSymbol.objects.get(pk=revision.symbol_id).state == "in use"


def test_the_only_text_of_a_paper_goes_with_the_paper(group, secretariat, numbered):
    revision = registered(group, secretariat)

    with pytest.raises(ValidationError, match="Withdraw the paper"):
        withdraw_revision(revision=revision, by=secretariat, reason="entered twice", opened_from=latest_change())


# ---- limited papers


def test_a_limited_paper_is_nowhere_for_others(group, secretariat, client, as_delegate, numbered):
    limited = registered(group, secretariat, title=Text.of("A secret depth"), distribution="limited")
    made(make.TopicDocumentFactory, topic=group.meetings.get().topics.get(), document=limited.document)
    public = registered(group, secretariat, is_public=True)
    how: dict[str, Any] = {"by": secretariat, "reason": "to say so", "opened_from": latest_change()}
    revise_paper(document=public.document, refers_to=(str(limited.document_id),), **how)
    pages = [
        limited.get_absolute_url(),
        f"/symbols/{limited.symbol}",
        f"/symbols/{str(limited.symbol).lower()} rev. 1",
        public.get_absolute_url(),
        f"/{group.slug}/documents/",
        f"/{group.slug}/calendar.json",
        f"/{group.slug}/changes.atom",
        f"/{group.slug}/meetings/1/",
        f"/documents/{limited.document_id}/edit/",
        f"/documents/revisions/{limited.pk}/history/",
    ]

    said_to_all = [client.get(page, follow=True).text for page in pages]

    assert [
        ("secret" in text, "doc.1/13" in text.replace("/symbols/GT/RIVERS/doc.1/13", "")) for text in said_to_all[3:]
    ] == [(False, False)] * len(pages[3:])
    assert not any("secret" in text for text in said_to_all)
    assert "secret" in as_delegate.get(pages[0]).text


# ---- numbering


def test_numbering_is_a_setting_with_pages_of_its_own(group, secretariat, as_secretariat):
    page = f"/{group.slug}/documents/numbering/new/"
    form = opened(as_secretariat, page) | {"pattern": "GT/RIVERS/doc. {n}/{yy}", "reason": "as agreed"}

    answer = send(as_secretariat, page, form)
    again = send(
        as_secretariat, page, opened(as_secretariat, page) | {"pattern": "GT/X/doc.{n}/{yy}", "reason": "more"}
    )

    assert answer.url == f"/{group.slug}/documents/numbering/"
    assert NumberPattern.objects.get().pattern == "GT/RIVERS/doc.{n}/{yy}"
    assert errors(again) == {"kind": ["Papers of this kind are numbered already; edit that numbering."]}
    assert "GT/RIVERS/doc.1/" in as_secretariat.get(answer.url).text


# ---- the register as files


def test_the_register_is_a_table_and_json_for_those_who_keep_it(chain, group, as_secretariat, as_delegate):
    table = as_secretariat.get(f"/{group.slug}/documents.csv")
    papers = as_secretariat.get(f"/{group.slug}/documents.json").json()["papers"]

    rows = list(csv.DictReader(StringIO(table.content.decode("utf-8-sig"))))
    (paper,) = [one for one in papers if one["symbol"] == chain.base]
    assert {row["symbol"]: row["superseded by"] for row in rows if row["paper"] == chain.base} == {
        text["symbol"]: text["superseded_by"] or "" for text in paper["texts"]
    }
    assert [text["symbol"] for text in paper["texts"] if text["is_current"]] == ["GT/RIVERS/doc.5/13 rev. 2"]
    assert as_delegate.get(f"/{group.slug}/documents.csv").status_code == 403
    for kind in ("csv", "json"):
        assert as_secretariat.get(f"/{group.slug}/documents.{kind}?as_of=2013-09-05").status_code == 404

"""The search: what it finds, in which order, for whom, and that its index follows every change. On both databases."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from documents.models import Revision, SearchEntry
from documents.searching.finding import Found, Narrowing, search
from documents.searching.reader import Reader
from documents.searching.sources import KINDS
from documents.searching.tables import near
from documents.searching.words import excerpt, key_of, marked, read, stem_of
from mandates.models import Mandate, PlanRow
from mandates.symbols import REGISTERED
from meetings.models import Meeting, Room, Topic
from mispa.ground.changes import changes
from mispa.ground.text import Text
from tests import factories as make
from tests.writing import made

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def find(typed: str, user: Any = NOBODY, reads: str = "en", page: Any = 1, **narrowing: Any) -> Found:
    with override(reads):
        return search(Reader(user), read(typed, REGISTERED), Narrowing(**narrowing), page)


def titles(found: Found) -> list[str]:
    return ["".join(piece.text for piece in hit.title) for hit in found.hits]


def kinds(found: Found) -> list[str]:
    return [hit.kind for hit in found.hits]


def paper(title: Text | str, symbol: str | None = None, **values: Any) -> Revision:
    """An issued paper, open to everybody, in a change-set of its own."""
    wording = title if isinstance(title, Text) else Text.of(title)
    with changes(by=None, reason="made for a test", source="command"):
        more = {"symbol": make.DocumentSymbolFactory(canonical=symbol, printed=symbol)} if symbol else {}
        revision: Revision = make.RevisionFactory(
            document__title=wording, **{f"document__{k}": v for k, v in values.items()}, **more
        )
        revision.document.base = revision.symbol.canonical
        revision.document.save()
    return revision


# ---- words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Reunión  de Ministros", "reunion de ministros"),
        ("L’Œuvre, à Liège", "l oeuvre a liege"),
        ("re\u0301union", "reunion"),
        ("see MISPA-III/doc. 9/2011", "see mispa iii doc 9 11"),
        ("AG/RES 2735 (XLII-O/12)", "ag res 2735 xlii o 12"),
        ("mañana_y_hoy", "manana y hoy"),
        ("Съезд 会議 ١٢", "съезд 会議 ١٢"),
        ('\0 " * () &|!<->:', ""),
    ],
)
def test_words_are_compared_without_case_accents_and_the_spelling_of_symbols(text, words):
    assert key_of(text, REGISTERED) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("meeting", "meetings"),
        ("country", "countries"),
        ("resolucion", "resoluciones"),
        ("reuniao", "reunioes"),
        ("mandato", "mandatos"),
        ("ministre", "ministres"),
        ("adopted", "adoption"),
    ],
)
def test_forms_of_a_word_share_a_stem(one, other):
    assert one.startswith(stem_of(other))
    assert other.startswith(stem_of(one))


def test_a_short_word_keeps_its_ending():
    assert stem_of("dias") == "dias"


@pytest.mark.parametrize(
    "typed", ["MISPA III/doc.9/11 rev. 2", "mispa-iii/DOC 9/2011 Rev.2", "MISPA III / doc. 9/11 rev 2"]
)
def test_a_symbol_is_read_however_it_is_spelt(typed):
    query = read(typed, REGISTERED)

    assert [asked.canonical for asked in query.symbols] == ["MISPA III/doc.9/11 rev. 2"]
    assert [word.text for word in query.words] == ["mispa", "iii", "doc", "9", "11"]


def test_the_last_word_may_be_unfinished_and_a_number_before_it_is_not():
    query = read("res 27 secur", REGISTERED)

    assert [(word.text, word.is_whole) for word in query.words] == [("res", False), ("27", True), ("secur", False)]


@pytest.mark.parametrize("length", [10, 240, 400])
def test_an_excerpt_is_part_of_the_text_with_the_words_marked(length):
    text = "It begins with other things. " * 12 + "The réunion was held <b>in</b> Medellín. " + "And it went on. " * 12
    pieces = excerpt(text, read("reunion medellin", REGISTERED), length)
    shown = "".join(piece.text for piece in pieces)

    assert "réunion" in [piece.text for piece in pieces if piece.is_met]
    assert shown.strip("… ") in text
    assert len(shown) <= length + 20


def test_the_pieces_of_a_text_are_the_text():
    text = "Réunion d’experts à Santiago"
    pieces = marked(text, read("experts reunion", REGISTERED))

    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.is_met] == ["Réunion", "experts"]


# ---- what is found


def test_a_paper_is_found_by_its_symbol_in_any_spelling_and_by_its_title(mispa_iv):
    spain = "MISPA III/doc.9/11 rev. 2"

    for typed in (
        "MISPA-III/doc.9/11",
        "MISPA III/doc. 9/11 rev. 2",
        "mispa iii/doc 9/2011",
        "document of Port of Spain",
        "Documento de Puerto España",
        "document de port d'espagne",
    ):
        assert find(typed).hits[0].symbol == spain, typed


def test_each_kind_is_found_and_leads_to_its_page(mispa_iv):
    how = {"delegation": mispa_iv.delegations.first(), "title": "Wardens", "state": "accepted", "may_be_public": True}
    made(make.ContributionFactory, **how)
    found = {hit.kind: hit for typed in ("2735", "meeting", "election", "wardens") for hit in find(typed).hits}

    assert set(found) == set(KINDS)
    assert all(Client().get(hit.url).status_code == 200 for hit in found.values())


@pytest.mark.parametrize("typed", ["PRÉSIDENCE", "presidence", "présid", "vice-présidence"])
def test_accents_and_case_do_not_matter_and_a_word_may_be_unfinished(db, typed):
    paper(Text.of("The chair", fr="La vice-présidence"))

    assert titles(find(typed)) == ["The chair"]


def test_all_words_must_be_there_in_one_language(db):
    paper(Text.of("Rivers and lakes", es="Ríos y lagos"))

    assert find("lagos rios").number == 1
    assert find("rivers lagos").number == 0


def test_the_title_is_in_the_language_of_the_reader_and_the_excerpt_in_that_of_the_words(db):
    paper(Text.of("Depth of rivers", es="Profundidad de los ríos"))

    (hit,) = find("profundidad", reads="en").hits
    assert titles(find("profundidad", reads="en")) == ["Depth of rivers"]
    assert (hit.title_language, hit.excerpt_language) == ("en", "es")
    assert "".join(piece.text for piece in hit.excerpt) == "Profundidad de los ríos"
    (hit,) = find("profundidad", reads="es").hits
    assert (hit.title_language, hit.excerpt) == ("es", [])


def test_a_thing_is_found_once_however_many_of_its_wordings_have_the_words(db):
    paper(Text.of("Plan 2013", es="Plan 2013", fr="Plan 2013", pt="Plan 2013"))

    assert find("plan 2013").number == 1


def test_of_the_states_of_a_paper_the_one_asked_for_is_found_else_the_latest(db):
    first = paper("Depth of rivers", "CP/doc.77/13")
    with changes(by=None, reason="made for a test", source="command"):
        symbol = make.DocumentSymbolFactory(canonical="CP/doc.77/13 rev. 1", slug="cp-doc-77-13-rev-1")
        make.RevisionFactory(document=first.document, symbol=symbol, position=2)

    assert [hit.symbol for hit in find("CP/doc.77/13").hits] == ["CP/doc.77/13"]
    assert [hit.symbol for hit in find("CP/doc.77/13 rev. 1").hits] == ["CP/doc.77/13 rev. 1"]
    assert [hit.symbol for hit in find("CP/doc.77/13 rev. 9").hits] == ["CP/doc.77/13 rev. 1"]
    assert [hit.symbol for hit in find("depth").hits] == ["CP/doc.77/13 rev. 1"]


def test_the_order_is_symbol_phrase_all_words_and_the_latest_first(db):
    for title in ("Banks of great rivers", "Rivers, their banks", "Great rivers and banks", "River banks"):
        paper(title)
    paper("Cites CP/doc.1/13 and other rivers", "CP/doc.2/13")
    paper("Something else", "CP/doc.1/13")

    assert titles(find("CP/doc.1/13")) == ["Something else", "Cites CP/doc.1/13 and other rivers"]
    assert titles(find("great rivers"))[0] == "Great rivers and banks"
    assert titles(find("rivers banks")) == [
        "Great rivers and banks",
        "Rivers, their banks",
        "Banks of great rivers",
        "River banks",
    ]


def test_a_word_of_a_meeting_is_found_beside_its_title(group):
    found = find("ruben dario")

    assert kinds(found) == ["meeting"]
    assert [piece.text for piece in found.hits[0].excerpt if piece.is_met] == ["Rubén", "Darío"]


# ---- filters and pages


def test_a_search_is_narrowed_by_kind_group_year_language_and_status(group):
    lakes = made(make.WorkingGroupFactory, slug="lakes")
    paper(Text.of("Depths of lakes", es="Depths"), "CP/doc.5/12", group=lakes)
    with changes(by=None, reason="made for a test", source="command"):
        meeting = make.MeetingFactory(group=group, number=9, status="cancelled")
        make.TopicFactory(meeting=meeting, text=Text.of("Depths again"))

    assert kinds(find("depth")) == ["document", "topic", "topic"]
    assert kinds(find("depth", kind="topic")) == ["topic", "topic"]
    assert kinds(find("depth", group="lakes")) == ["document"]
    assert kinds(find("depth", year=2012)) == ["document"]
    assert kinds(find("depth", language="es")) == ["document"]
    assert titles(find("depth", status="topic:cancelled")) == ["Depths again"]
    assert kinds(find("depth", status="document:issued", group="lakes")) == ["document"]
    assert find("depth", status="document:working").number == 0


def test_pages_follow_each_other_without_gaps(db):
    with changes(by=None, reason="made for a test", source="command"):
        for number in range(45):
            make.RevisionFactory(document__title=Text.of(f"Rivers {number}"))

    pages = [titles(find("rivers", page=page)) for page in (1, 2, 3)]
    assert list(map(len, pages)) == [20, 20, 5]
    assert len({title for page in pages for title in page}) == 45
    assert pages == [titles(find("rivers", page=page)) for page in (1, 2, 3)]
    assert find("rivers").number == 45


def test_what_cannot_be_compared_is_said(db, monkeypatch):
    monkeypatch.setattr("documents.searching.finding.LOOKED_AT", 3)
    for number in range(4):
        paper(f"Rivers {number}")

    found = find("rivers")
    assert (found.number, found.is_more) == (3, True)
    assert titles(found)[0] == "Rivers 3"


# ---- who finds what


@pytest.mark.parametrize("how", ["consensus", "ad referendum"])
def test_a_draft_after_the_adopted_text_is_found_by_who_writes_it_only(group, secretariat, chair, delegate, how):
    mandate = Mandate.objects.get()
    make.reword(mandate, text=Text.of("Measure the adoptedword."))
    edition = make.issue(group, "public")
    make.adopt(edition, group.meetings.get(), chair, how=how)
    make.reword(mandate, text=Text.of("Measure the draftword."))
    make.issue(group, "delegations")

    before = how == "consensus"
    assert find("adoptedword", delegate).number == before
    assert find("draftword", delegate).number == (not before)
    assert find("draftword").number == 0
    assert find("adoptedword").number == 1
    assert (find("draftword", secretariat).number, find("adoptedword", secretariat).number) == (1, 0)


def test_a_limited_paper_is_found_by_no_part_of_it_nor_by_a_slip(db):
    paper("Plan of the hiddenriver", "CP/doc.66/13", distribution="limited", is_public=False)

    for typed in ("hiddenriver", "hiddenrivr", "CP/doc.66/13", "cp 66", "plan"):
        assert find(typed).number == 0, typed


def test_a_group_that_is_hidden_again_hides_what_was_found(group):
    assert find("depth").number
    make.reword(group, is_public=False)

    assert find("depth").number == 0
    assert find("ruben").number == 0


# ---- the index


def entries() -> list[Any]:
    names = ("kind", "thing", "part", "edition", "group", "language", "year", "symbol", "title", "text", "title_words")
    return sorted(map(repr, SearchEntry.objects.values_list(*names, "text_words")))


def test_the_index_follows_every_change(group):
    mandate, topic, meeting = Mandate.objects.get(), Topic.objects.get(), Meeting.objects.get(kind="session")
    secretary = make.member(group, "secretariat")

    for thing, name in ((mandate, "text"), (topic, "text"), (meeting, "title")):
        old = getattr(thing, name)
        make.reword(thing, **{name: Text.of(f"The {name} of a zebra")})
        (found,) = titles(find("zebra", secretary))
        assert found.removeprefix("Meeting 1: ") == f"The {name} of a zebra"
        make.reword(thing, is_withdrawn=True)
        assert find("zebra", secretary).number == 0
        make.reword(thing, is_withdrawn=False)
        assert find("zebra", secretary).number == 1
        make.reword(thing, **{name: old})
        assert find("zebra", secretary).number == 0


def test_what_hangs_on_another_thing_is_written_anew_with_it(group):
    make.reword(Room.objects.get(), name=Text.of("Zebra Room"))
    assert kinds(find("zebra")) == ["meeting"]

    row = PlanRow.objects.get()
    secretary = make.member(group, "secretariat")
    make.reword(row, is_withdrawn=True)
    assert "mandate" not in kinds(find("depth", secretary))
    make.reword(row, is_withdrawn=False)
    assert "mandate" in kinds(find("depth", secretary))

    one = paper("Depth of lakes", "CP/doc.81/13")
    make.reword(one.symbol, printed="CP/doc. zebra")
    assert kinds(find("zebra")) == ["document", "meeting"]


def test_an_entry_that_changes_keeps_its_place(db):
    one = paper("Depth of lakes")
    before = SearchEntry.objects.get(part=one.pk).pk
    make.reword(one.document, title=Text.of("Breadth of lakes"))

    assert SearchEntry.objects.get(part=one.pk).pk == before


def test_a_change_that_is_refused_leaves_no_trace(db):
    one = paper("Depth of lakes")
    before = entries()

    def give_up() -> None:
        with changes(by=None, reason="given up", source="command"):
            one.document.title = Text.of("Depth of zebras")
            one.document.save()
            raise ValidationError("no")

    with pytest.raises(ValidationError):
        give_up()

    assert entries() == before
    assert find("zebras").number == 0


def test_the_index_made_anew_is_the_one_that_was_kept(mispa_iv):
    kept = entries()

    call_command("index_search", verbosity=0, stdout=StringIO())
    assert entries() == kept

    SearchEntry.objects.filter(language="es").delete()
    SearchEntry.objects.filter(language="fr").update(title="?", title_words="zebra")
    stray = {"kind": "document", "thing": mispa_iv.pk, "part": mispa_iv.pk, "language": "en", "title_words": "zebra"}
    SearchEntry.objects.create(**stray)
    told = StringIO()
    call_command("index_search", stdout=told)
    assert entries() == kept
    assert find("zebra").number == 0
    assert f"entries: {len(kept)}" in told.getvalue()


def test_what_stood_there_before_the_search_is_indexed_by_the_migration_that_makes_it(db):
    paper("Depth of lakes")
    kept = entries()
    known = MigrationLoader(None).disk_migrations
    SearchEntry.objects.all().delete()

    emit_post_migrate_signal(0, False, "default", plan=[(known["documents", "0009_register"], False)])
    assert entries() == []
    emit_post_migrate_signal(0, False, "default", plan=[(known["documents", "0010_search"], True)])
    assert entries() == []
    emit_post_migrate_signal(0, False, "default", plan=[(known["documents", "0010_search"], False)])

    assert entries() == kept


# ---- near misses: where the database can tell


@pytest.mark.parametrize("typed", ["Medelin", "hemispherc securty"])
def test_a_slip_finds_what_is_like_it(db, typed):
    paper("Hemispheric security after Medellín")
    paper("Nothing of the kind")

    found = find(typed)
    if connection.vendor == "postgresql":
        assert found.is_near
        assert titles(found) == ["Hemispheric security after Medellín"]
    else:
        assert (found.number, found.is_near) == (0, False)


def test_without_trigrams_there_are_no_near_misses(db, monkeypatch):
    paper("Hemispheric security")
    monkeypatch.setattr("documents.searching.tables._has_trigrams", lambda: False)

    assert list(near(SearchEntry.objects.all(), read("hemispherc", REGISTERED))) == []


# ---- whatever is typed


HOSTILE = [
    '"',
    "'; DROP TABLE documents_searchentry; --",
    "a* OR b* NOT c NEAR(d e)",
    "title_words:depth",
    "& | ! <-> ( ) :*",
    "depth & ",
    "\\ % _ depth%",
    "de\0pth",
    "\0",
    "the of and",
    "de la los",
    "Съезд",
    "会議 문서",
    "اجتماع ١٢",
    "क्षेत्रीय सुरक्षा",
    "🏞 depth",
    "\u202edepth\u202c",
    "<script>alert(1)</script>",
    "a" * 300,
    " ".join(map(str, range(80))),
    "AG/RES. 9 (X-O/80) " * 10,
    "/" * 250,
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_has_an_answer_and_is_still_there(group, typed):
    answer = Client().get("/search/", {"q": typed})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    if "\0" not in typed:
        assert answer.context["form"]["q"].value() == typed


def test_too_much_is_refused_in_words_and_kept(group):
    answer = Client().get("/search/", {"q": "depth " * 1_700})

    assert answer.context["form"].errors["q"] == ["Search for fewer words: at most 300 letters."]
    assert answer.context["form"]["q"].value() == "depth " * 1_700
    assert answer.context["found"] is None


@pytest.mark.parametrize("typed", ['"*"', "\0", "…", "()"])
def test_signs_alone_are_no_words(group, typed):
    errors = Client().get("/search/", {"q": typed}).context["form"].errors["q"]

    assert errors in (["Write a word, a number or a symbol."], ["Write what you look for."])


@pytest.mark.parametrize(
    "query", ["kind=x", "group=lakes", "year=12", "year=x", "language=de", "status=meeting:x", "status=:"]
)
def test_a_choice_that_there_is_not_is_said(group, query):
    answer = Client().get(f"/search/?q=depth&{query}")

    assert answer.context["form"].errors[query.split("=")[0]]
    assert answer.context["found"] is None


@pytest.mark.parametrize("page", ["0", "99", "x", ""])
def test_a_page_that_there_is_not_is_the_nearest(group, page):
    assert Client().get(f"/search/?q=depth&page={page}").context["found"].hits


def test_words_in_titles_are_escaped(db):
    paper("Depth <img src=x onerror=alert(1)> & rivers")

    page = Client().get("/search/?q=depth+onerror").content.decode()
    assert "<mark>Depth</mark> &lt;img src=x <mark>onerror</mark>=alert(1)&gt; &amp; rivers" in page


# ---- the page


def test_every_page_has_the_box_and_the_search_page_has_one(group):
    assert 'action="/search/"' in Client().get("/rivers/").content.decode()
    page = Client().get("/search/").content.decode()
    assert page.count('name="q"') == 1
    assert "Accents and the spelling of symbols do not matter." in page


def test_nothing_found_says_what_to_do(group):
    page = Client().get("/search/?q=zebra&kind=topic").content.decode()

    assert "Nothing that you may see has these words." in page
    assert "choose “any”" in page


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt"])
def test_the_page_speaks_the_language_of_its_reader(mispa_iv, language):
    client = Client(headers={"accept-language": language})

    assert client.get("/search/?q=mispa").status_code == 200


def test_a_search_asks_the_database_as_often_for_many_as_for_few(group):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            Client().get("/search/?q=depth")
        return len(asked)

    with changes(by=None, reason="made for a test", source="command"):
        make.RevisionFactory(document__title=Text.of("Depth"), document__group=group)
    few = queries()
    with changes(by=None, reason="made for a test", source="command"):
        for number in range(30):
            make.RevisionFactory(document__title=Text.of(f"Depth {number}"), document__group=group)
            meeting = make.MeetingFactory(group=group, number=100 + number)
            make.TopicFactory(meeting=meeting, text=Text.of("Depth"))
    many = queries()

    assert many <= few  # the first page has papers only

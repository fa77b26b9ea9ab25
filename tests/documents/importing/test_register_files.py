"""The register is read back in from its JSON and its CSV, also after a spreadsheet had it: once, and whole or not."""

import csv
import json
from copy import deepcopy
from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Prefetch
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.actions import add_revision, issue_revision, register_paper, revise_paper, withdraw_paper
from documents.actions.importing import NothingToImport
from documents.actions.importing_register import RegisterRefused, State, import_register
from documents.importing import register_file
from documents.importing.register_file import NoRegister, read_register
from documents.models import Document, Revision
from documents.reading.register import COLUMNS, as_json, as_rows
from documents.views import register_import
from mandates.models import ResponsibleArea, registered_organs
from mispa.ground.csv_files import as_csv, as_meant, harmless
from mispa.ground.models import ChangeSet
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories as make
from tests.writing import errors, made

HEAD = "symbol,title,kind"


@pytest.fixture
def delegations(group):
    return made(make.DelegationFactory, group=group, code="CO", name=Text.of("Colombia"))


@pytest.fixture
def others(delegations, group):
    """What stands beside a register: an area that submits papers."""
    return made(
        make.ResponsibleAreaFactory, slug="water", name=Text.of("Secretariat for Water", es="Secretaría del Agua")
    )


def papers_of(group: Any) -> Any:
    found = Document.objects.standing().filter(group=group).order_by("base", "id")
    states = Revision.objects.standing().select_related("symbol").order_by("position", "id")
    return found.select_related("delegation", "area").prefetch_related(
        Prefetch("revisions", states),
    )


def exported(group: Any) -> dict[str, Any]:
    papers: dict[str, Any] = json.loads(json.dumps({"group": group.slug, "papers": as_json(papers_of(group), group)}))
    return papers


def table(group: Any) -> bytes:
    return as_csv(COLUMNS, as_rows(papers_of(group), group))


def read_in(content: bytes | dict[str, Any], group: Any, by: Any, **how: Any) -> Any:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    register = read_register(data, "en", registered_organs())
    return import_register(group=group, register=register, by=by, reason="from a file", **how)


def refused(content: bytes | dict[str, Any], group: Any, by: Any) -> list[tuple[str, str]]:
    before = ChangeSet.objects.count()
    with pytest.raises(RegisterRefused) as caught:
        read_in(content, group, by)
    assert ChangeSet.objects.count() == before
    return [(fault.place, fault.sentence) for fault in caught.value.report.faults]


def fill(group: Any, by: Any) -> None:
    """Papers in every state, with what can go wrong on the way through a file."""
    how: dict[str, Any] = {"group": group, "by": by, "reason": "came by mail", "kind": "report"}

    def issue(revision: Revision) -> None:
        issue_revision(revision=revision, by=by, reason="for the meeting", opened_from=latest_change())

    first = register_paper(
        **how,
        symbol="gt/rivers/doc 1/13",
        title=Text("es", {"es": "=Informe; “uno”", "en": "=Report; “one”"}, {"en": "0123456789ab"}),
        dated=date(2013, 9, 2),
        registered_on=date(2013, 9, 1),
        series_line="OEA/Ser.K/XLIX.4",
        original_languages="en/es",
        delegation=group.delegations.get().pk,
        is_public=True,
    )
    issue(first.revisions.get())
    revise_paper(document=first, by=by, reason="renamed", opened_from=latest_change(), title=Text.of("Report on Banks"))
    for more, languages in (("rev. 1", ""), ("rev. 1 corr. 1", "es")):
        symbol = f"GT/RIVERS/doc.1/13 {more}"
        issue(add_revision(document=first, by=by, reason="a further state", symbol=symbol, languages=languages))
    second = register_paper(
        **how, symbol="MISPA/INF. /08", title=Text.of("Input\nof ’experts’"), distribution="limited", area=_area()
    )
    third = register_paper(**how, symbol="", title=Text.of("-1 + 1"))
    links: dict[str, Any] = {"replaces": [str(second.pk)], "refers_to": [str(third.pk), str(second.pk)]}
    revise_paper(document=first, by=by, reason="linked", opened_from=latest_change(), **links)


def _area() -> Any:
    return ResponsibleArea.objects.get(slug="water").pk


def of_another_place(group: Any, by: Any) -> tuple[dict[str, Any], bytes]:
    """The files of a register that is here no longer, as if it were that of another installation."""
    with transaction.atomic():
        fill(group, by)
        files = exported(group), table(group)
        transaction.set_rollback(True)
    return files


# ---- round trips


def test_what_is_written_as_json_comes_back_as_it_was_with_its_ids(group, secretariat, others):
    file, _table = of_another_place(group, secretariat)
    assert not Document.objects.exists()

    report = read_in(file, group, secretariat)

    assert exported(group) == file
    assert report.count(State.NEW) == 3
    assert ChangeSet.objects.filter(reason="from a file", source="import", by=secretariat).count() == 1
    with pytest.raises(NothingToImport):
        read_in(file, group, secretariat)


def test_what_is_written_as_a_table_comes_back_also_from_a_spreadsheet(group, secretariat, others):
    file, content = of_another_place(group, secretariat)
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    saved = StringIO()
    csv.writer(saved, delimiter=";", lineterminator="\r\n").writerows(rows)

    read_in(saved.getvalue().encode("utf-8-sig"), group, secretariat)

    again = exported(group)
    for one, before in zip(again["papers"], file["papers"], strict=True):
        for text in one["texts"]:  # how old a translation is, a table does not say
            text["title"] = text["title"] and {**text["title"], "from": None}
        for text in before["texts"]:
            text["title"] = text["title"] and {**text["title"], "from": None}
    assert again == file
    for content in (table(group), saved.getvalue().encode("utf-16")):
        with pytest.raises(NothingToImport):
            read_in(content, group, secretariat)


@settings(deadline=None)
@given(st.text(st.sampled_from("=-\N{FULLWIDTH EQUALS SIGN}';\t\r\n \"ax")))
def test_a_cell_that_was_made_harmless_is_meant_as_it_was(cell):
    assert as_meant(harmless(cell)) == cell


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "'=1+1", " -2", "\t=1", "x;=1+1", 'x; "=1+1', "x\n@y", "a\t+1", "a;b;\N{FULLWIDTH EQUALS SIGN}1", ";;=1"],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_spreadsheet_finds_a_formula_whatever_it_separates_by(cell, separator):
    content = as_csv(["number", "title"], [{"number": 1, "title": cell}]).decode("utf-8-sig")

    found = [one for row in csv.reader(StringIO(content, newline=""), delimiter=separator) for one in row]

    assert [one for one in found if one.lstrip(" \t").startswith(tuple("=+-@\N{FULLWIDTH EQUALS SIGN}"))] == []


@pytest.mark.parametrize("cell", ["plain", "'quoted'", "", "'", "a; b", "Input\r\nof -1", "one\n\ntwo", "a-b=c"])
def test_a_cell_without_a_formula_stays_as_it_is(cell):
    assert harmless(cell) == cell


# ---- what differs


def test_what_differs_is_revised_and_what_is_left_out_stays(group, secretariat, others):
    fill(group, secretariat)
    file = exported(group)
    first = next(one for one in file["papers"] if one["symbol"])
    file["papers"] = [deepcopy(first)]
    paper = file["papers"][0]
    paper |= {"kind": "agenda", "delegation": None, "area": "water", "registered_on": "2013-09-03"}
    paper["title"] |= {"es": "Informe sobre las orillas"}
    paper["links"] = [one for one in paper["links"] if one["relation"] == "replaces"]
    paper["texts"].append({"symbol": "GT/RIVERS/doc.1/13 rev. 2", "state": "working", "dated": "2013-09-09"})

    report = read_in(file, group, secretariat)

    document = Document.objects.get(base="GT/RIVERS/doc.1/13")
    assert (document.kind, str(document.area), document.delegation) == ("agenda", "Secretariat for Water", None)
    assert document.title.wordings["es"] == "Informe sobre las orillas"
    assert [str(one.symbol) for one in document.revisions.filter(state="working")] == ["GT/RIVERS/doc.1/13 rev. 2"]
    # The papers that the file does not hold are none that it could leave out.
    assert document.links.filter(is_withdrawn=False).count() == 3
    assert Document.objects.standing().filter(group=group).count() == 3
    assert report.count(State.CHANGED) == 1
    assert "kind: report → agenda" in report.outcomes[0].done


def test_a_working_text_is_issued_on_the_day_that_the_file_names(group, secretariat):
    lines = [f"{HEAD},state,issued on,dated", "GT/RIVERS/doc.7/13,Depths,report,working,,"]
    read_in("\n".join(lines).encode(), group, secretariat)
    lines[1] = "GT/RIVERS/doc.7/13,Depths,report,issued,2013-09-05,2013-09-04"

    read_in("\n".join(lines).encode(), group, secretariat)

    revision = Revision.objects.get(symbol__canonical="GT/RIVERS/doc.7/13")
    assert (revision.state, revision.issued_on, revision.dated) == ("issued", date(2013, 9, 5), date(2013, 9, 4))
    assert str(revision.title) == "Depths"


def test_a_table_by_hand_needs_three_columns_and_registers_once(group, secretariat):
    content = (
        f"sep=;\r\n{HEAD.replace(',', ';')}\r\n"
        "GT/RIVERS/doc.1/13;Banks;report\r\n"
        "GT/RIVERS/doc.1/13 rev. 1;Banks;report\r\n"
        ";Depths;agenda\r\n"
        "MISPA/INF. /08;Experts;information\r\n"
    ).encode()

    read_in(content, group, secretariat)

    assert Document.objects.filter(group=group).count() == 3
    assert Revision.objects.get(symbol__printed="MISPA/INF. /08").symbol.review == "no number"
    with pytest.raises(NothingToImport):
        read_in(content, group, secretariat)


def test_papers_that_are_only_cited_and_that_of_the_plan_are_left_out(group, secretariat):
    make.issue(group, "public", symbol="GT/RIVERS/doc.9/13")
    file = exported(group)
    file["papers"][0] |= {"kind": "report"}
    cited = {"own": False, "symbol": "CP/doc.1/13", "title": {"original": "en", "en": "Elsewhere"}, "kind": "report"}
    file["papers"].append(cited | {"texts": [{"symbol": "CP/doc.1/13"}]})

    report = read_in(file, group, secretariat, only_try=True)

    assert [one.state for one in report.outcomes] == [State.LEFT_OUT, State.LEFT_OUT]
    assert not report.has_work


def pending(title: str, **of_paper: Any) -> dict[str, Any]:
    """A paper without a symbol as a file has it."""
    return {"title": {"original": "en", "en": title}, "kind": "report", "texts": [{}], **of_paper}


def test_texts_and_papers_that_look_alike_stay_apart(group, secretariat):
    ids = [str(uuid4()) for _number in range(4)]
    alike = [pending("Depths", id=pk, texts=[{"id": text}]) for pk, text in (ids[:2], ids[2:])]
    file = {"papers": [*alike, pending("Banks", texts=[{"dated": "2013-09-01"}, {"dated": "2013-09-02"}])]}

    read_in(file, group, secretariat)
    with pytest.raises(NothingToImport):
        read_in(file, group, secretariat)
    by_hand = refused({"papers": [pending("Depths")]}, group, secretariat)

    assert Document.objects.filter(id__in=[UUID(ids[0]), UUID(ids[2])]).count() == 2
    days = Revision.objects.filter(document__title__en="Banks").order_by("position").values_list("dated", flat=True)
    assert list(days) == [date(2013, 9, 1), date(2013, 9, 2)]
    assert [sentence[:27] for _place, sentence in by_hand] == ["Several papers here are cal"]


def test_a_line_without_an_id_is_not_taken_for_what_another_line_names(group, secretariat):
    read_in({"papers": [pending("Banks")]}, group, secretariat)
    there = Document.objects.get()
    file = {"papers": [pending("Banks", kind="agenda"), pending("Banks", id=str(there.pk))]}

    read_in(file, group, secretariat)

    assert Document.objects.get(pk=there.pk).kind == "report"
    assert Document.objects.exclude(pk=there.pk).get().kind == "agenda"


def test_papers_that_print_the_same_half_of_a_symbol_are_read_back(group, secretariat):
    how: dict[str, Any] = {"group": group, "by": secretariat, "reason": "came by mail", "kind": "information"}
    with transaction.atomic():
        for title in ("Input", "Output"):
            register_paper(**how, symbol="MISPA/INF. /08", title=Text.of(title))
        files = exported(group), table(group)
        transaction.set_rollback(True)

    read_in(files[0], group, secretariat)

    assert Document.objects.filter(group=group).count() == 2
    for file in files:
        with pytest.raises(NothingToImport):
            read_in(file, group, secretariat)


def test_a_title_that_comes_with_its_translation_makes_it_no_older(group, secretariat):
    lines = ["symbol,title,title es,title fr,kind", "GT/RIVERS/doc.1/13,Banks,Orillas,Rives,report"]
    read_in("\n".join(lines).encode(), group, secretariat)
    lines[1] = "GT/RIVERS/doc.1/13,Beds,Lechos,Rives,report"

    read_in("\n".join(lines).encode(), group, secretariat)

    title = Document.objects.get().title
    assert {code: title.state_in(code) for code in ("es", "fr")} == {"es": "complete", "fr": "stale"}


def test_what_nobody_can_see_comes_in_by_no_cell(group, secretariat):
    lines = [
        "symbol,title,title es,kind,refers to",
        "GT/RIVERS/doc.1/13,Banks,\u202eOri\0llas,report,MISPA/INF.3/08\u200b",
        "MISPA/INF.3/08,Depths,,report,",
    ]
    read_in("\n".join(lines).encode(), group, secretariat)
    title = {"original": "en", "en": "Beds", "es": "Lechos", "fr": "\u200b", "from": {"es": "\0", "pt": "0" * 12}}
    paper = {"title": title, "kind": "report", "texts": [{"symbol": "GT/RIVERS/doc.2/13"}]}
    read_in({"papers": [paper]}, group, secretariat)

    first, second, third = Document.objects.order_by("base")
    assert first.title.wordings["es"] == "Orillas"
    assert first.links.get().other == third
    assert second.title.to_json() == {"original": "en", "en": "Beds", "es": "Lechos"}


# ---- what is refused


def test_one_text_under_two_spellings_is_said_to_stand_twice(group, secretariat):
    texts = [{"symbol": "GT/RIVERS/doc.1/13"}, {"as_printed": "gt/rivers/doc 1/13"}]
    again = pending("Beds", texts=[{"as_printed": "GT/RIVERS/DOC.1/13"}])

    faults = refused({"papers": [pending("Banks", texts=texts), again]}, group, secretariat)

    assert ("paper 1, text 2", "“GT/RIVERS/doc.1/13” stands in paper 1, text 1 already.") in faults
    assert all("already" in sentence for _place, sentence in faults)


def test_a_link_to_a_paper_that_cannot_be_told_is_never_one_to_another(group, secretariat):
    read_in({"papers": [pending("Depths")]}, group, secretariat)
    elsewhere = str(uuid4())
    cited = pending("Elsewhere", id=elsewhere, own=False)
    links = [{"relation": "refers to", "id": elsewhere}]

    [(place, sentence)] = refused({"papers": [cited, pending("Banks", links=links)]}, group, secretariat)

    assert (place, sentence.partition(" here")[0]) == ("paper 2", f"There is no paper “{elsewhere}”")


def test_a_text_that_is_none_is_refused_with_all_that_is_right(group, secretariat):
    faults = refused({"papers": [pending("x", texts=["x"])]}, group, secretariat)

    assert faults == [("paper 1, text 1", "Here an object in braces is expected.")]


FROZEN: dict[str, tuple[Any, str]] = {
    "dated": ("2013-09-30", "date of the text: 2013-09-02 → 2013-09-30"),
    "issued_on": ("2013-09-30", "issued on: "),
    "concerns": ("fr", "languages that it concerns: – → fr"),
    "title": ({"original": "en", "en": "Another"}, "→ Another"),
    "as_printed": ("GT/RIVERS/doc. 1/13", "→ GT/RIVERS/doc. 1/13"),
    "state": ("working", "What is issued stays so"),
}


def test_what_is_issued_does_not_change(group, secretariat, others):
    fill(group, secretariat)

    for name, (value, says) in FROZEN.items():
        file = exported(group)
        paper = next(one for one in file["papers"] if one["symbol"])
        paper["texts"][0][name] = value
        [(place, sentence)] = refused(file, group, secretariat)
        assert place.endswith("text 1")
        assert says in sentence
        assert "issued" in sentence


BAD: list[tuple[dict[str, str], str]] = [
    ({"kind": "novel"}, "“novel” is none of: work plan, agenda"),
    ({"kind": ""}, "kind: a paper has one"),
    ({"title": ""}, "title: a paper has one"),
    ({"submitted by": "Atlantis"}, "no delegation and no area “Atlantis”"),
    ({"symbol": "AG/RES. 2735 (XLII-O/12)"}, "no symbol of a paper"),
    ({"symbol": "next"}, "“next” is not a symbol"),
    ({"symbol": "GT/LAKES/doc.1/13"}, "taken"),
    ({"symbol": "GT/RIVERS/doc.6/13"}, "withdrawn here"),
    ({"dated": "9/5/2013"}, "Write days like 2013-09-05"),
    ({"state": "issued", "issued on": "2199-01-01"}, "not in the future"),
    ({"dated": "0001-01-01"}, "Write a year from 1900"),
    ({"title es": "x" * 3000}, "longer"),
    ({"refers to": "x" * 3000}, "longer"),
    ({"original": "en/xx"}, "names no languages"),
    ({"distribution": "limited", "open to all": "yes"}, "limited paper is not shown"),
    ({"open to all": "perhaps"}, "yes or no"),
    ({"series line": "GT/RIVERS/doc.1/13"}, "series line"),
    ({"refers to": "GT/RIVERS/doc.99/13"}, "no paper “GT/RIVERS/doc.99/13”"),
    ({"paper id": "7"}, "is no id"),
    ({"as printed": "GT/RIVERS/doc.3/13"}, "two symbols"),
    ({"concerns": "es"}, "Only a corrigendum"),
    ({"title": "x" * 3000}, "longer"),
    ({"symbol": "GT/RIVERS/doc.1/13"}, "stands in line 2 already"),
]


def test_lines_that_cannot_be_are_all_named_at_once_and_nothing_is_saved(group, secretariat):
    lakes = make.whole_group(slug="lakes", is_public=False)
    neighbour = make.member(lakes, "secretariat", username="neighbour")
    how: dict[str, Any] = {"reason": "came by mail", "kind": "report", "title": Text.of("A secret depth")}
    register_paper(group=lakes, by=neighbour, symbol="GT/LAKES/doc.1/13", **how)
    gone = register_paper(group=group, by=secretariat, symbol="GT/RIVERS/doc.6/13", **how)
    withdraw_paper(document=gone, by=secretariat, reason="by mistake", opened_from=latest_change())
    rows = [{"symbol": f"GT/RIVERS/doc.{100 + n}/13", "title": "Depths", "kind": "report"} for n in range(len(BAD) + 1)]
    rows[0]["symbol"] = "GT/RIVERS/doc.1/13"
    rows[1:] = [row | cells for row, (cells, _says) in zip(rows[1:], BAD, strict=True)]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    content = StringIO()
    csv.writer(content).writerows([columns, *([row.get(name, "") for name in columns] for row in rows)])

    faults = refused(content.getvalue().encode(), group, secretariat)

    for number, (cells, says) in enumerate(BAD, start=3):
        told = [sentence for place, sentence in faults if place == f"line {number}"]
        assert any(says in sentence for sentence in told), (cells, told)
    assert "line 2" not in dict(faults)
    assert "secret" not in str(faults)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "names no columns"),
        (b"name,age\nx,1\n", "names no columns"),
        ("symbol,title\nx,é\n".encode("latin-1"), "CSV UTF-8"),
        (b'symbol,title\n"x,1\n', "no line of a table"),
        (b"{", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"rows": []}', "no register"),
        (b"symbol,title\n" + b"a,b\n" * 5_001, "more than 5,000 texts"),
        (b"x" * (register_file.LARGEST + 1), "5 MB"),
    ],
)
def test_what_is_no_register_is_refused_in_words(content, says):
    with pytest.raises(NoRegister, match=says):
        read_register(content, "en", frozenset())


@pytest.mark.parametrize(
    "part",
    [
        7,
        {},
        {"texts": []},
        {"texts": [7]},
        {"title": "x", "texts": [{}]},
        {"title": {"original": "xx"}, "texts": [{}]},
        {"title": {"original": "en", "en": 7}, "texts": [{"id": 7}]},
        {"kind": [], "title": {"original": "en", "en": "x"}, "texts": [{}]},
        {"title": {"original": "en", "en": "x"}, "texts": [{"state": {}}], "links": [{"relation": "loves"}]},
        {"title": {"original": "en", "en": "\ud800"}, "texts": [{}]},
    ],
)
def test_a_part_of_another_shape_is_a_fault_at_its_place(part):
    register = read_register(json.dumps({"papers": [part]}).encode(), "en", frozenset())

    assert register.faults
    assert all(fault.place.startswith("paper 1") for fault in register.faults)


@pytest.mark.parametrize("role", ["delegate", "chair"])
def test_only_who_registers_papers_reads_a_register_in(role, group):
    person = make.member(group, role)

    with pytest.raises(PermissionDenied):
        read_in(f"{HEAD}\nGT/RIVERS/doc.1/13,Banks,report\n".encode(), group, person)


# ---- the command


def run(file: Any, *options: str) -> str:
    out = StringIO()
    call_command("import_register", str(file), "--group", "rivers", "--by", "secretariat", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def rivers(db):
    group = make.whole_group(slug="rivers")
    make.member(group, "secretariat")
    return group


def test_the_command_shows_first_and_saves_then(rivers, tmp_path):
    file = tmp_path / "register.csv"
    file.write_text(f"{HEAD}\nGT/RIVERS/doc.1/13,Banks,report\n")

    tried = run(file, "--dry-run")
    assert not Document.objects.exists()
    saved, again = run(file), run(file)

    assert tried == saved
    assert "new: GT/RIVERS/doc.1/13 · line 2" in saved
    assert "Nothing changes" in again
    assert ChangeSet.objects.latest("pk").reason == "Read in from register.csv"


def test_the_command_prints_every_fault_with_its_place(rivers, tmp_path, capsys):
    file = tmp_path / "register.csv"
    file.write_text(f"{HEAD}\nGT/RIVERS/doc.1/13,Banks,novel\n")
    out = StringIO()

    with pytest.raises(CommandError, match="Nothing was saved"):
        call_command("import_register", str(file), "--group", "rivers", "--by", "secretariat", "--json", stdout=out)

    told = json.loads(out.getvalue())
    assert told["refused"][0]["place"] == "line 2"
    assert not Document.objects.exists()
    make.UserFactory(username="outsider")
    with pytest.raises(CommandError, match="does not register papers"):
        call_command("import_register", str(file), "--group", "rivers", "--by", "outsider")


# ---- the page


def sent(client: Any, group: Any, content: str, **typed: Any) -> Any:
    file = SimpleUploadedFile("register.csv", content.encode())
    return client.post(f"/{group.slug}/documents/import/", {"file": file, **typed})


def test_the_page_shows_first_and_saves_when_it_is_told_to(group, as_secretariat):
    content = f"{HEAD}\nGT/RIVERS/doc.1/13,Banks,report\n"

    tried = sent(as_secretariat, group, content, only_try="on")
    assert not Document.objects.exists()
    without_reason = sent(as_secretariat, group, content)
    saved = sent(as_secretariat, group, content, reason="from the list of last year")
    again = sent(as_secretariat, group, content, reason="from the list of last year")

    assert "GT/RIVERS/doc.1/13" in tried.text
    assert "Nothing is saved yet" in tried.text
    assert list(errors(without_reason)) == ["reason"]
    assert (saved.status_code, saved.url) == (302, f"/{group.slug}/documents/")
    assert Document.objects.get().base == "GT/RIVERS/doc.1/13"
    assert "Nothing changes" in again.text


def test_the_page_names_what_is_refused_and_asks_for_no_more_than_it_can_do(group, as_secretariat, monkeypatch):
    bad = sent(as_secretariat, group, f"{HEAD}\nGT/RIVERS/doc.1/13,Banks,novel\n", reason="from a list")
    monkeypatch.setattr(register_import, "MOST_AT_ONCE", 1)
    much = sent(
        as_secretariat, group, f"{HEAD}\nGT/RIVERS/doc.1/13,A,report\nGT/RIVERS/doc.2/13,B,report\n", only_try="on"
    )

    assert (bad.status_code, much.status_code) == (400, 400)
    assert "Line 2:" in bad.text
    assert "“novel” is none of" in bad.text
    assert list(errors(much)) == ["file"]
    assert not Document.objects.exists()

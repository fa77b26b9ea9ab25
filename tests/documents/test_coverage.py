"""Coverage: mandate by mandate what treats it and how far it is; and nothing that its reader may not see."""

import csv
import io
import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from documents.reading.coverage import coverage_of
from documents.reading.grid import COLUMN, NAMES, fitted, lay_out
from documents.reading.texts import reader_text
from documents.views.shared import rows_of
from mandates.models import Mandate
from meetings.models import Topic
from meetings.timeline import SMALL, width_of
from mispa.ground.changes import changes
from mispa.ground.text import Text
from tests import factories as make
from tests.documents.test_pages import in_words
from tests.writing import made

TODAY = date(2013, 9, 1)


@pytest.fixture
def rivers(db: None) -> SimpleNamespace:
    """A plan that is open to everybody, with a mandate that two meetings treat, and one that lacks everything."""
    group = make.whole_group(slug="rivers")
    mandate = Mandate.objects.get()
    topic = Topic.objects.get()
    with changes(by=None, reason="what is tied to it", source="command"):
        bare = make.MandateFactory(row=make.PlanRowFactory(plan=group.plan), text=Text.of("Count the bridges"))
        proposed = make.MeetingFactory(
            group=group, number=2, status="proposed", starts_on=date(2013, 9, 12), ends_on=date(2013, 9, 12)
        )
        secret = make.TopicFactory(meeting=proposed, text=Text.of("Proposedword"))
        for one in (topic, secret):
            make.TopicMandateFactory(topic=one, mandate=mandate)
        paper = make.RevisionFactory(document__group=group)
        limited = make.RevisionFactory(
            document__group=group,
            document__title=Text.of("Limitedword"),
            document__distribution="limited",
            document__is_public=False,
        )
        make.TopicDocumentFactory(topic=topic, document=paper.document)
        make.TopicDocumentFactory(topic=topic, document=limited.document, position=2000)
        make.MandateDocumentFactory(mandate=mandate, document=limited.document, role="prepares")
    make.issue(group, "public")
    return SimpleNamespace(group=group, mandate=mandate, bare=bare, topic=topic, paper=paper, limited=limited)


def matrix(rivers: SimpleNamespace, user: Any) -> Any:
    reading = reader_text(user, rivers.group)
    assert reading is not None
    return coverage_of(user, rivers.group, rows_of(reading), TODAY)


def test_a_day_stands_over_a_meeting_only_where_it_is_known(rivers):
    with changes(by=None, reason="more meetings", source="command"):
        make.MeetingFactory(group=rivers.group, number=3, status="postponed", starts_on=TODAY, ends_on=TODAY)
        for number, words, last in ((4, "early October", 10), (5, "when the Council has decided", None)):
            make.MeetingFactory(
                group=rivers.group,
                number=number,
                precision="imprecise",
                words=Text.of(words),
                starts_on=date(2013, 10, number),
                ends_on=last and date(2013, 10, last),
                starts_at=None,
                ends_at=None,
            )

    columns = lay_out(matrix(rivers, AnonymousUser())).columns

    said = {one.meeting.number: " ".join(one.when.split()) for one in columns}
    assert said == {1: "Sep 5", 3: "", 4: "Oct", 5: "when the…"}


def answers(client: Client) -> dict[str, str]:
    return {what: client.get(f"/rivers/coverage{what}").content.decode() for what in ("/", ".csv", ".json")}


def test_who_edits_sees_what_is_proposed_and_what_is_limited(rivers):
    chair = make.member(rivers.group, "chair")

    first, second = matrix(rivers, chair).lines

    assert [one.topic.meeting.number for one in first.treated] == [1, 2]
    assert [paper.document for paper in first.treated[0].papers] == [rivers.paper.document, rivers.limited.document]
    assert [(paper.document, paper.role) for paper in first.papers] == [(rivers.limited.document, "prepares it")]
    assert (list(first.gaps), list(second.gaps)) == ([], ["no-area", "no-meeting", "no-paper"])


def test_nothing_limited_and_nothing_proposed_reaches_everybody(rivers):
    for what, content in answers(Client()).items():
        assert "Limitedword" not in content, what
        assert "Proposedword" not in content
        assert rivers.limited.symbol.canonical not in content
        assert "Meeting 2" not in content
        assert "Report on Depths" in content


def test_a_delegate_sees_limited_papers_and_nothing_proposed(rivers, client):
    client.force_login(make.member(rivers.group, "delegate"), backend="django.contrib.auth.backends.ModelBackend")

    for content in answers(client).values():
        assert "Limitedword" in content
        assert "Proposedword" not in content


def test_a_mandate_that_is_not_released_is_in_no_coverage_of_others(rivers):
    made(make.MandateFactory, row=rivers.mandate.row, text=Text.of("Workingword"))

    assert [content for content in answers(Client()).values() if "Workingword" in content] == []
    assert len(matrix(rivers, make.member(rivers.group, "secretariat")).lines) == 3


def test_before_any_text_is_released_there_is_no_coverage(db):
    make.whole_group(slug="rivers")

    assert [Client().get(f"/rivers/coverage{what}").status_code for what in ("/", ".csv", ".json")] == [404] * 3


def test_page_csv_and_json_say_the_same(rivers, client):
    client.force_login(make.member(rivers.group, "chair"), backend="django.contrib.auth.backends.ModelBackend")
    make.reword(rivers.mandate, progress="under way", deadline_words=Text.of("before the summer"))
    said = answers(client)

    lines = list(csv.DictReader(io.StringIO(client.get("/rivers/coverage.csv").content.decode("utf-8-sig"))))
    mandates = client.get("/rivers/coverage.json").json()["mandates"]

    assert [line | {"number": int(line["number"])} for line in lines] == [
        {name: "; ".join(value) if isinstance(value, list) else value for name, value in one.items()}
        for one in mandates
    ]
    cells = re.findall(r'<tr role="row" id="mandate-.*?</tr>', said["/"], re.DOTALL)
    assert len(cells) == len(mandates) == 2
    for cell, one in zip(map(in_words, cells), mandates, strict=True):
        for words in (one["resolution"], one["mandate"], one["progress"], *one["areas"], *one["gaps"]):
            assert words in cell
        for meeting in one["meetings"]:
            name, topic = meeting.replace("\N{NO-BREAK SPACE}", " ").split(": ")
            assert re.sub(r"\), (.*)", r") \1", name) in cell
            assert topic in cell
        for paper in one["papers"]:
            assert paper.replace("\N{NO-BREAK SPACE}", " ") in cell
    assert mandates[0]["deadline"] == "before the summer"


def test_the_state_of_a_paper_that_the_meeting_had_is_named(rivers):
    chair = make.member(rivers.group, "chair")
    later = made(make.RevisionFactory, document=rivers.paper.document, position=2)
    assert matrix(rivers, chair).lines[0].treated[0].papers[0].revision == later

    made(make.MeetingDocumentFactory, meeting=rivers.topic.meeting, revision=rivers.paper, role="input")

    assert matrix(rivers, chair).lines[0].treated[0].papers[0].revision == rivers.paper


def test_a_cell_of_the_file_is_never_a_formula(rivers):
    make.reword(rivers.paper.document, title=Text.of("=1+1"))
    make.reword(rivers.topic, text=Text.of("=2+2"))

    rows = csv.reader(io.StringIO(Client().get("/rivers/coverage.csv").content.decode("utf-8-sig")))

    assert [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell] == []


# The drawing -------------------------------------------------------------


def test_mandates_are_rows_and_meetings_columns_in_order(rivers):
    chair = make.member(rivers.group, "chair")
    found = matrix(rivers, chair)

    grid = lay_out(found)

    assert [column.meeting for column in grid.columns] == list(found.meetings)
    assert [band.symbol for band in grid.bands] == [line.row["symbol_as_printed"] for line in found.lines]
    rows = [row for band in grid.bands for row in band.rows]
    assert [row.y for row in rows] == sorted(row.y for row in rows)
    assert [(cell.x, cell.status, cell.papers) for cell in rows[0].cells] == [
        (NAMES + COLUMN / 2, "convened", 2),
        (NAMES + 1.5 * COLUMN, "proposed", 0),
    ]
    assert rows[1].cells == []
    assert max(row.y for row in rows) < grid.height
    assert grid.ends < grid.width


def test_a_name_keeps_whole_words_and_stays_within_its_room():
    words = "Measure the depth of each river in spring and in autumn"

    kept = fitted(words, 150)

    assert words.startswith(kept.removesuffix("…"))
    assert kept.endswith("…")
    assert width_of(kept, SMALL) <= 150
    assert fitted("Measure", 150) == "Measure"


def test_the_drawing_has_a_name_and_words_and_the_table_says_the_same(rivers):
    page = Client().get("/rivers/coverage/").content.decode()
    drawing = page.partition("<svg viewBox")[2].partition("</svg>")[0]

    assert 'role="img" aria-labelledby="grid-title grid-words"' in drawing
    assert "Of 2 mandates 1 have a meeting, 1 a paper, and 0 are done." in drawing
    assert "style=" not in page
    assert drawing.count('class="sign') == 1

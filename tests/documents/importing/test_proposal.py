"""A file is held against what stands and against the last one: what is the same object, and who changed what."""

from copy import deepcopy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.actions.importing import proposal_for
from documents.importing.proposal import State
from mandates.models import Mandate, ResponsibleArea
from meetings.models import Meeting, Room
from mispa.ground.changes import changes
from mispa.ground.text import Text
from tests import factories as make
from tests.documents.importing.files import (
    FIRST,
    MEASURE,
    PUBLISH,
    SECOND,
    area,
    bring,
    brought,
    differing,
    empty_group,
    mandate,
    note,
    plan_text,
    row,
    said,
    session,
    states,
)
from tests.writing import made

pytestmark = pytest.mark.django_db

GENEROUS = "Measure the depth and the width of each river in the dry season."


@pytest.fixture
def group() -> Any:
    """A group whose plan came from a file."""
    group = empty_group()
    bring(group, plan_text())
    return group


def proposed(group: Any, text: dict[str, Any], **how: Any) -> Any:
    return proposal_for(group.plan, brought(text, **how))


def mandates_of(text: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = text["rows"][0]["mandates"]
    return found


def stands(wording: str) -> Mandate:
    return next(one for one in Mandate.objects.all() if one.text.wordings.get("en") == wording)


# ---- the same object


def test_the_same_file_again_brings_nothing(group):
    proposal = proposed(group, plan_text())

    assert not proposal.has_work
    assert {item.state for item in proposal.items} == {State.UNCHANGED}


def test_a_changed_wording_is_a_change_of_that_mandate(group):
    text = plan_text()
    mandates_of(text)[0]["text"] = said(GENEROUS)

    proposal = proposed(group, text)

    assert differing(proposal) == {"rows/0/mandates/0:text:en": GENEROUS}
    assert proposal.of("mandate")[0].id == str(stands(MEASURE).pk)


def test_an_inserted_mandate_shifts_nothing(group):
    text = plan_text()
    mandates_of(text).insert(1, mandate("Train those who measure."))

    proposal = proposed(group, text)

    assert states(proposal, "mandate")[:3] == [State.UNCHANGED, State.NEW, State.UNCHANGED]
    assert differing(proposal) == {}


def test_what_is_missing_in_the_file_is_kept_and_may_be_withdrawn(group):
    text = plan_text()
    del mandates_of(text)[1]

    proposal = proposed(group, text)

    (missing,) = [item for item in proposal.items if item.state == State.ONLY_HERE]
    assert (missing.id, missing.may_go) == (str(stands(PUBLISH).pk), True)
    assert not proposal.has_work


def test_a_resolution_is_known_by_its_symbol_not_by_its_title(group):
    text = plan_text()
    text["rows"].reverse()
    for one in text["rows"]:
        one["symbol_as_printed"] = one["symbol_as_printed"].replace("1100/09", "1100-09")

    proposal = proposed(group, text)

    assert states(proposal, "row") == [State.UNCHANGED, State.CHANGED]
    assert differing(proposal) == {
        "rows/1:symbol_as_printed": "CP/RES. 700 (1100-09)",
        "order/row/rows:order": [2, 1],
    }


def test_a_row_without_the_symbol_of_a_resolution_is_refused_with_its_mandates(group):
    text = plan_text()
    text["rows"].append(row("MISPA/INF.3/08", mandate("Do something.")))
    text["rows"].append(row(FIRST, mandate("Do it twice.")))

    proposal = proposed(group, text)

    refused = [(item.kind, item.path) for item in proposal.items if item.is_refused]
    assert refused == [
        ("row", "rows/2"),
        ("row", "rows/3"),
        ("mandate", "rows/2/mandates/0"),
        ("mandate", "rows/3/mandates/0"),
    ]
    assert not proposal.has_work


def test_a_note_inserted_before_others_changes_none_of_them(group):
    text = plan_text()
    text["narrative"]["background"][0]["text"] = said("The ministers[^n1] met twice.[^n2]")
    text["notes"] = [note("n1", "Of all the states of the basin."), note("n2", "Report of both meetings.")]

    proposal = proposed(group, text)

    new, old = proposal.of("note")
    assert (new.state, old.state) == (State.NEW, State.UNCHANGED)
    assert differing(proposal) == {
        "narrative/background/0:text:en": f"The ministers[^{new.theirs['key']}] met twice.[^n1]"
    }
    assert new.theirs["key"] == "n1-2"


def test_a_moved_meeting_is_the_same_meeting(group):
    text = plan_text()
    text["meetings"][1] |= {"starts": "2013-09-26T10:00", "ends": "2013-09-26T13:00"}

    proposal = proposed(group, text)

    assert differing(proposal) == {"meetings/1:when": ["exact", "2013-09-26T10:00", "2013-09-26T13:00"]}


def test_a_meeting_between_two_is_new_and_moves_neither(group):
    text = plan_text()
    text["meetings"].insert(1, session("2013-09-12", "Consideration of the depths"))

    proposal = proposed(group, text)

    assert states(proposal, "meeting") == [State.UNCHANGED, State.NEW, State.UNCHANGED]
    assert differing(proposal) == {}


@pytest.mark.parametrize("name", ["Ruben Dario Hall", "Salón Rubén Darío", "RUBÉN DARÍO ROOM"])
def test_a_room_is_the_same_whatever_its_accents_case_and_kind(name, group):
    text = plan_text()
    text["meetings"].append(session("2013-10-03", room=name))

    proposal = proposed(group, text)

    assert proposal.names.new["room"] == {}
    assert proposal.of("meeting")[-1].theirs["room"] == str(Room.objects.get().pk)


def test_an_area_is_known_by_its_name_its_abbreviation_or_its_unit(group):
    with changes(by=None, reason="made for a test", source="command"):
        board = ResponsibleArea.objects.get(parent=None)
        board.abbreviation = "WB"
        board.save()
    unit = ResponsibleArea.objects.get(parent=board)
    text = plan_text()
    text["rows"][1]["areas"] = [area("wb", "OFFICE OF MAPS"), area("Fleet")]

    proposal = proposed(group, text)

    (fleet,) = proposal.names.new["area"].values()
    assert differing(proposal) == {"rows/1:areas": [f"{board.pk}/{unit.pk}", fleet.id]}
    assert (str(fleet.name), fleet.parent) == ("Fleet", "")


# ---- three sides


def change_here(thing: Any, wording: str, language: str = "en") -> None:
    with changes(by=None, reason="changed here", source="command"):
        thing.text = thing.text.with_wording(language, wording)
        thing.full_clean()
        thing.save()


def test_what_was_changed_here_alone_stays(group):
    change_here(stands(MEASURE), GENEROUS)

    proposal = proposed(group, plan_text())

    assert not proposal.has_work
    assert [item.kept for item in proposal.of("mandate")] == [1, 0, 0]


def test_what_both_changed_differently_is_a_conflict_with_three_sides(group):
    text = plan_text()
    mandates_of(text)[0]["text"] = said("Measure the depth of each river in every season.")
    change_here(stands(MEASURE), GENEROUS)

    (field,) = proposed(group, text).conflicts

    assert (field.base, field.mine, field.theirs) == (
        MEASURE,
        GENEROUS,
        "Measure the depth of each river in every season.",
    )


def test_what_both_changed_alike_is_no_difference(group):
    text = plan_text()
    mandates_of(text)[0]["text"] = said(GENEROUS)
    change_here(stands(MEASURE), GENEROUS)

    assert not proposed(group, text).has_work


def test_what_was_withdrawn_here_does_not_come_back_by_the_same_file(group):
    with changes(by=None, reason="withdrawn here", source="command"):
        gone = stands(PUBLISH)
        gone.is_withdrawn = True
        gone.save()

    proposal = proposed(group, plan_text())

    assert states(proposal, "mandate") == [State.UNCHANGED, State.LEFT_OUT, State.UNCHANGED]
    assert not proposal.has_work


def test_a_cancelled_meeting_stays_cancelled(group):
    with changes(by=None, reason="cancelled here", source="command"):
        meeting = Meeting.objects.earliest("number")
        meeting.status = Meeting.Status.CANCELLED
        meeting.save()

    proposal = proposed(group, plan_text())

    assert states(proposal, "meeting") == [State.LEFT_OUT, State.UNCHANGED]
    assert not proposal.has_work


def test_an_order_that_the_file_changed_is_proposed_and_ours_stays_where_only_we_changed_it(group):
    text = plan_text()
    mandates_of(text).reverse()

    assert list(differing(proposed(group, text)).values()) == [[2, 1]]

    with changes(by=None, reason="reordered here", source="command"):
        first = stands(MEASURE)
        first.position = 9000
        first.save()

    assert not proposed(group, plan_text()).has_work


# ---- what a file can say


def test_a_paper_empties_nothing_that_it_cannot_hold(group):
    with changes(by=None, reason="more is known here", source="command"):
        one = stands(MEASURE)
        one.deadline_words, one.paragraph = Text.of("early in 2014"), "3"
        one.save()
        meeting = Meeting.objects.earliest("number")
        meeting.city, meeting.title = make.CityFactory(), Text.of("First meeting")
        meeting.save()

    assert not proposed(group, plan_text()).has_work


def test_an_area_taken_out_of_the_table_is_proposed_to_go(group):
    text = plan_text()
    text["rows"][0]["areas"] = []

    assert differing(proposed(group, text)) == {"rows/0:areas": []}


def test_a_paper_in_another_language_fills_the_translations(group):
    text = plan_text()
    text["narrative"]["background"][0]["text"] = said("Los ministros se reunieron dos veces.[^n1]", "es")
    text["notes"][0]["text"] = said("Informe de ambas reuniones.", "es")
    text["rows"] = [
        row(FIRST, mandate("Medir la profundidad.", "es"), mandate("Publicar las profundidades.", "es")),
        row(SECOND, mandate("Informar a la Asamblea.", "es")),
    ]
    for one in text["rows"]:
        one["title"] = said("Cuidado de los ríos", "es")
        del one["areas"]
        one["areas"] = [area("Water Board", "Office of Maps")] if one["symbol_as_printed"] == FIRST else []
    text["plan"]["title"] = None
    text["meetings"] = []

    found = differing(proposed(group, text, language="es"))

    assert {key.rsplit(":", 1)[1] for key in found} == {"es"}
    assert found["rows/0/mandates/1:text:es"] == "Publicar las profundidades."
    assert len(found) == 7  # a paragraph, a note, two titles, three mandates


def test_a_file_in_json_is_matched_by_its_ids(group):
    text = deepcopy(plan_text())
    one = stands(MEASURE)
    mandates_of(text)[1] |= {"id": str(one.pk), "text": said("Entirely other words stand here now.")}
    mandates_of(text)[0] |= {"id": str(stands(PUBLISH).pk), "text": said(PUBLISH)}
    for meeting in text["meetings"]:
        for topic in meeting["topics"]:
            topic["kind"] = "other"

    found = differing(proposed(group, text, kind="json"))

    assert found["rows/0/mandates/1:text:en"] == "Entirely other words stand here now."
    assert "rows/0/mandates/0:text:en" not in found


def test_a_proposal_asks_as_often_for_many_as_for_few(group):
    text = plan_text()
    for number in range(20):
        mandates = [mandate(f"Do {number} and {other}.") for other in range(3)]
        text["rows"].append(row(f"AG/RES. {3200 + number} (XLVIII-O/18)", *mandates))
        text["meetings"].append(session("2014-01-09", "Consideration of the depths"))

    assert queries_for(group, text) == queries_for(group, plan_text())


def queries_for(group: Any, text: dict[str, Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        proposed(group, text)
    return len(captured)


def test_two_areas_of_one_name_in_two_places_are_entered_once():
    group = empty_group()
    text = plan_text()
    text["rows"][1]["areas"] = [area("water board")]

    proposal = proposed(group, text)

    assert [str(one.name) for one in proposal.names.new["area"].values()] == ["Water Board", "Office of Maps"]
    assert proposal.of("row")[1].theirs["areas"] == [proposal.of("row")[0].theirs["areas"][0].split("/")[0]]


def test_a_meeting_entered_here_is_found_by_its_day():
    group = empty_group()
    meeting = made(make.MeetingFactory, group=group, number=1)

    proposal = proposed(group, plan_text())

    assert proposal.of("meeting")[0].id == str(meeting.pk)

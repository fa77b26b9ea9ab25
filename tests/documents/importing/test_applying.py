"""What a file brings is saved as one change or not at all, can be undone as one, and goes out again as it came."""

from copy import deepcopy
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from documents.actions.importing import NothingToImport, ProposalHasChanged, import_plan, is_undone, proposal_for
from documents.editions.snapshot import take
from documents.importing.brought import Anomaly, Oddity, Place
from documents.importing.proposal import Choices, State
from documents.importing.reading import read
from documents.kinds import REGISTER
from documents.models import ImportedPlan
from documents.printing.files import as_json
from documents.printing.rendering import file_at_once
from documents.reading.texts import working_text
from mandates.models import Mandate, PlanRow, Resolution, ResponsibleArea, registered_organs
from meetings.models import Meeting, Room, Topic
from mispa.ground.models import ChangeSet
from mispa.ground.reverting import undo
from mispa.ground.text import Text, fingerprint
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
    plan_text,
    said,
    session,
    states,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Any:
    return empty_group()


def wordings(group: Any) -> list[str]:
    """The mandates as the plan prints them, in its order."""
    return [one["text"]["en"] for row in take(group.plan).text["rows"] for one in row["mandates"]]


# ---- one change


def test_a_plan_is_brought_in_as_one_change(group):
    imported = bring(group, plan_text(), convene=True)

    text = take(group.plan).text
    assert ChangeSet.objects.latest("pk") == imported.change_set
    assert {str(one.title) for one in Resolution.objects.all()} == {"Care of Rivers"}
    assert [[len(row["mandates"]), len(row["areas"])] for row in text["rows"]] == [[2, 1], [1, 0]]
    assert [len(meeting["topics"]) for meeting in text["meetings"]] == [2, 1]
    assert text["narrative"]["background"][0]["text"]["en"] == "The ministers met twice.[^n1]"
    assert text["plan"]["title"]["en"] == "Plan of the Rivers"
    assert [str(one) for one in ResponsibleArea.objects.filter(parent=None)] == ["Water Board"]
    assert Room.objects.count() == 1


def test_the_kind_of_a_topic_is_presumed_from_its_words(group):
    bring(group, plan_text())

    kinds = {str(topic.text): topic.kind for topic in Topic.objects.all()}
    assert kinds == {
        "Election of the Chair": "election",
        "Consideration of the depths": "consideration",
        "Adoption of the plan": "adoption",
    }


@pytest.mark.parametrize("convene", [False, True])
def test_meetings_are_to_be_confirmed_unless_they_are_convened(convene, group):
    bring(group, plan_text(), convene=convene)

    assert set(Meeting.objects.values_list("status", flat=True)) == {"convened" if convene else "proposed"}
    assert len(take(group.plan).text["meetings"]) == (2 if convene else 0)


def test_a_second_import_that_convenes_does_so_with_the_meetings_of_the_first(group):
    bring(group, plan_text())

    bring(group, plan_text(), convene=True)

    assert set(Meeting.objects.values_list("status", flat=True)) == {"convened"}


def test_the_same_file_again_is_refused_in_words_and_writes_nothing(group):
    bring(group, plan_text())

    with pytest.raises(NothingToImport, match="Nothing changes"):
        bring(group, plan_text())

    assert ImportedPlan.objects.count() == 1


def test_an_inserted_mandate_comes_to_its_place(group):
    text = plan_text()
    bring(group, text)
    text["rows"][0]["mandates"].insert(1, mandate("Train those who measure."))

    bring(group, text)

    assert wordings(group)[:3] == [MEASURE, "Train those who measure.", PUBLISH]


def test_an_order_of_the_file_is_taken(group):
    text = plan_text()
    bring(group, text)
    text["rows"][0]["mandates"].reverse()

    bring(group, text)

    assert wordings(group)[:2] == [PUBLISH, MEASURE]


# ---- all or nothing


def test_a_rule_that_refuses_one_thing_leaves_nothing_and_names_its_place(group):
    text = plan_text()
    text["meetings"][1] |= {"ends": "2013-09-19T09:00"}
    before = ChangeSet.objects.count()
    file = brought(text, places={"meetings/1": Place(table=2, row=3, column=1)})

    with pytest.raises(ValidationError) as refused:
        bring(group, file)

    assert refused.value.messages == [
        "Meeting of September\xa019, 2013 (table 2, row 3, column 1): The end lies before the beginning."
    ]
    assert ChangeSet.objects.count() == before
    assert not PlanRow.objects.exists()
    assert not Resolution.objects.exists()


def test_what_changed_since_it_was_seen_is_not_saved(group):
    bring(group, plan_text())
    text = plan_text()
    text["rows"][0]["mandates"][0]["text"] = said("Measure all.")
    file = brought(text)
    seen = proposal_for(group.plan, file).digest
    make.reword(Mandate.objects.get(text__en=MEASURE), text=Text.of("Measure some."))

    with pytest.raises(ProposalHasChanged) as changed:
        import_plan(
            plan=group.plan, brought=file, file_name="a.txt", choices=Choices(), seen=seen, by=None, reason="again"
        )

    assert len(changed.value.proposal.conflicts) == 1
    assert Mandate.objects.filter(text__en="Measure some.").exists()


def test_who_may_enter_no_rooms_is_told_so(group):
    with pytest.raises(ValidationError, match="the secretariat enters rooms"):
        bring(group, plan_text(), may_enter_rooms=False)


def test_progress_is_told_act_by_act(group):
    told: list[tuple[int, int]] = []

    bring(group, plan_text(), tell=lambda done, of: told.append((done, of)))

    assert told == [(number, 13) for number in range(1, 14)]  # title, note, paragraph, rows, mandates, meetings, topics


# ---- choices


def both_changed(group: Any) -> tuple[dict[str, Any], Mandate]:
    text = plan_text()
    bring(group, text)
    one = make.reword(Mandate.objects.get(text__en=MEASURE), text=Text.of("Measure some."))
    text["rows"][0]["mandates"][0]["text"] = said("Measure all.")
    return text, one


def test_where_both_changed_ours_stays_and_is_not_asked_again(group):
    text, one = both_changed(group)

    bring(group, text)

    one.refresh_from_db()
    assert str(one.text) == "Measure some."
    assert not proposal_for(group.plan, brought(text)).has_work


def test_where_both_changed_the_file_can_be_taken(group):
    text, one = both_changed(group)

    bring(group, text, "rows/0/mandates/0:text:en")

    one.refresh_from_db()
    assert str(one.text) == "Measure all."


def test_what_is_left_out_is_not_brought_by_the_same_file_until_it_is_asked_for(group):
    bring(group, plan_text(), "rows/1")
    again = proposal_for(group.plan, brought(plan_text()))

    assert (states(again, "row"), states(again, "mandate")[-1]) == ([State.UNCHANGED, State.LEFT_OUT], State.LEFT_OUT)
    assert not again.has_work

    bring(group, plan_text(), "rows/1")

    assert len(wordings(group)) == 3


def test_what_is_only_here_goes_when_that_is_chosen(group):
    text = plan_text()
    bring(group, text)
    (gone,) = Mandate.objects.filter(text__en=PUBLISH)
    del text["rows"][0]["mandates"][1]

    bring(group, text, f"mandate/{gone.pk}", by=make.member(group, "secretariat"))

    assert wordings(group) == [MEASURE, "Report to the Assembly at its next session."]


def test_the_day_that_was_meant_can_be_chosen(group):
    at = Place(table=2, row=2)
    odd = Anomaly(Oddity.WEEKDAY, "Friday", at, ("2013-09-05", "2013-09-06"))
    file = brought(plan_text(), anomalies=[odd], places={"meetings/0": at})

    imported = bring(group, file, oddities={0: "2013-09-06"})

    first = Meeting.objects.earliest("number")
    assert (f"{first.starts_on}", f"{first.ends_on}", f"{first.starts_at:%H:%M}") == (
        "2013-09-06",
        "2013-09-06",
        "10:00",
    )
    assert imported.anomalies[0]["candidates"] == ["2013-09-05", "2013-09-06"]


# ---- undone


def test_an_import_is_undone_as_one_act_and_can_be_brought_in_again(group):
    before = take(group.plan).text
    imported = bring(group, plan_text())

    undo(imported.change_set, register=REGISTER, by=None, reason="the wrong file", source="command")

    assert take(group.plan).text == before
    assert is_undone(imported.change_set_id)

    bring(group, plan_text(), convene=True)

    assert len(wordings(group)) == 3
    assert ResponsibleArea.objects.standing().count() == 2
    assert Room.objects.standing().count() == 1


def test_an_import_of_which_something_stands_is_not_undone(group):
    imported = bring(group, plan_text())
    text = plan_text()
    text["rows"][0]["mandates"][0]["text"] = said("Measure all.")

    second = bring(group, text)

    assert not is_undone(imported.change_set_id)
    assert not is_undone(second.change_set_id)

    undo(second.change_set, register=REGISTER, by=None, reason="the wrong file", source="command")

    assert is_undone(second.change_set_id)
    assert proposal_for(group.plan, brought(plan_text())).base == imported


# ---- out and in again


def json_of(group: Any) -> Any:
    return read(as_json(working_text(group.plan).as_json()), "plan.json", registered_organs())


def word_of(group: Any, language: str = "en") -> Any:
    reading = working_text(group.plan)
    content = file_at_once(reading.json_text, reading.record, None, "work-plan.docx", language, lambda page: None)
    return read(content, "plan.docx", registered_organs())


def without_ids(part: Any) -> Any:
    if isinstance(part, dict):
        aside = {"id", "group"}
        return {name: without_ids(value) for name, value in part.items() if name not in aside}
    return [without_ids(one) for one in part] if isinstance(part, list) else part


def translated_plan() -> dict[str, Any]:
    """With translations, a stale one, deadlines, areas of mandates: what no paper holds all of."""
    text = deepcopy(plan_text())
    first = text["rows"][0]["mandates"][0]
    first["text"] = Text.of(MEASURE, es="Medir la profundidad.").to_json() | {
        "fr": "Mesurer.",
        "from": {"fr": "0" * 12},
    }
    first["areas"] = [area("Fleet")]
    first["paragraph"] = "4"
    first["deadline"] = {
        "words": said("early in 2014"),
        "earliest": "2014-01-01",
        "latest": "2014-03-31",
        "refined_by": "AG/RES. 3100 (XLVIII-O/18)",
        "refined_earliest": "2014-02-01",
        "refined_latest": "2014-02-02",
    }
    for meeting in text["meetings"]:
        meeting |= {"timezone": "America/Bogota", "city": {"id": None, "name": said("Bogotá")}, "country": None}
        for topic in meeting["topics"]:
            topic["kind"] = "other"
    return text


def test_json_goes_out_and_into_an_empty_group_as_it_was(group):
    bring(group, brought(translated_plan(), kind="json"), convene=True)
    other = empty_group("creeks")

    bring(other, json_of(group), convene=True)

    before, after = take(group.plan).text, take(other.plan).text
    assert without_ids(after) == without_ids(before)
    assert before["rows"][0]["mandates"][0]["deadline"]["refined_by"] == "AG/RES. 3100 (XLVIII-O/18)"
    assert not proposal_for(other.plan, json_of(other)).has_work
    assert not proposal_for(group.plan, json_of(group)).has_work


def test_ids_of_json_are_kept_where_they_are_free(group):
    text = translated_plan()
    text["rows"][0]["mandates"][1]["id"] = "0c9d7f0e-8f6e-4c59-9a5b-0d8b7a2f1c11"

    bring(group, brought(text, kind="json"))

    assert str(Mandate.objects.get(text__en=PUBLISH).pk) == "0c9d7f0e-8f6e-4c59-9a5b-0d8b7a2f1c11"


def test_word_goes_out_and_comes_in_without_a_change(group):
    bring(group, plan_text(), convene=True)
    other = empty_group("creeks")

    bring(other, word_of(group), convene=True)

    assert without_ids(take(other.plan).text) == without_ids(take(group.plan).text)
    assert not proposal_for(other.plan, word_of(other)).has_work
    assert not proposal_for(group.plan, word_of(group)).has_work


def test_word_of_a_plan_with_more_than_paper_holds_changes_nothing(group):
    bring(group, brought(translated_plan(), kind="json"), convene=True)

    assert differing(proposal_for(group.plan, word_of(group))) == {}
    assert differing(proposal_for(group.plan, word_of(group, "es"))) == {}


def test_the_coming_ministerial_meeting_is_entered_in_its_series(group):
    with make.changes(by=None, reason="a series", source="command"):
        series = make.SeriesFactory(name=Text.of("Meeting of Ministers of Rivers"))
        make.MinisterialFactory(series=series, ordinal=3)
    text = translated_plan()
    coming = session("2013-11-21") | {"kind": "ministerial", "title": said("Fourth Meeting of Ministers of Rivers")}
    text["meetings"].append(coming)

    bring(group, brought(text, kind="json"))

    meeting = Meeting.objects.get(kind="ministerial", group=group)
    assert (meeting.series, meeting.ordinal) == (series, 4)


def test_a_ministerial_meeting_of_no_series_is_not_taken(group):
    text = plan_text()
    text["meetings"].append(session("2013-11-21") | {"kind": "ministerial", "title": said("Summit of the Lakes")})

    bring(group, text)

    assert not Meeting.objects.filter(kind="ministerial").exists()


# ---- translations


def with_spanish(text: dict[str, Any], english: str, spanish: str, made_from: str) -> dict[str, Any]:
    """The plan with this for its first mandate, the Spanish made from that English."""
    changed = deepcopy(text)
    wording = {"original": "en", "en": english, "es": spanish, "from": {"es": fingerprint(made_from)}}
    changed["rows"][0]["mandates"][0]["text"] = wording
    return changed


def spanish_of_first(group: Any) -> tuple[str, bool]:
    text = Mandate.objects.filter(row__plan=group.plan).order_by("row__position", "position")[0].text
    return text.wordings["es"], text.is_stale("es")


@pytest.mark.parametrize(
    ("english", "spanish", "made_from", "is_stale"),
    [
        ("Measure all.", "Medir.", "Measure.", True),  # only the original was changed
        ("Measure all.", "Medir todo.", "Measure all.", False),  # both were
        ("Measure all.", "Medir casi todo.", "Measure most.", True),  # the translation is of another original
        ("Measure all.", "Medir.", "Measure all.", False),  # somebody found it right
        ("Measure.", "Medir mal.", "Measure most.", True),
    ],
)
def test_json_tells_which_translations_are_older_than_their_original(english, spanish, made_from, is_stale, group):
    bring(group, brought(with_spanish(plan_text(), "Measure.", "Medir.", "Measure."), kind="json"))

    bring(group, brought(with_spanish(plan_text(), english, spanish, made_from), kind="json"))

    assert spanish_of_first(group) == (spanish, is_stale)


def test_a_paper_does_not_take_the_mark_from_a_translation_that_was_older_than_its_original(group):
    bring(group, brought(with_spanish(plan_text(), "Measure all.", "Medir.", "Measure."), kind="json"))
    paper = deepcopy(plan_text())
    paper["rows"][0]["mandates"][0]["text"] = said("Medir bien.", "es")

    bring(group, brought(paper, language="es"))

    assert spanish_of_first(group) == ("Medir bien.", True)


def test_a_translation_that_a_paper_brings_first_or_anew_is_right(group):
    bring(group, plan_text())
    paper = deepcopy(plan_text())
    for wording in ("Medir.", "Medir bien."):
        paper["rows"][0]["mandates"][0]["text"] = said(wording, "es")

        bring(group, brought(paper, language="es"))

        assert spanish_of_first(group) == (wording, False)


# ---- resolutions without a title


def test_a_resolution_with_its_symbol_alone_is_called_by_it_until_it_is_known(group):
    untitled = plan_text()
    for one in untitled["rows"]:
        one["title"] = None

    bring(group, untitled)

    assert [str(row.title_as_printed) for row in PlanRow.objects.filter(plan=group.plan)] == [FIRST, SECOND]
    assert not proposal_for(group.plan, brought(untitled)).has_work

    other = empty_group("creeks")
    bring(other, plan_text())

    assert differing(proposal_for(other.plan, brought(untitled))) == {}

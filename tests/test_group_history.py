"""The history of a group: what each change did, for whom it may be sifted, taken back and handed to the auditor."""

import csv
import json
import re
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents.kinds import REGISTER
from documents.models import Edition
from mandates.actions import create_mandate, revise_area, revise_mandate, withdraw_mandate, withdraw_row
from mandates.models import Mandate, PlanRow, ResponsibleArea
from meetings.actions import revise_topic
from meetings.models import Topic
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet, Tracked
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.writing import opened, said


@pytest.fixture
def rivers(db: None) -> Any:
    return make.whole_group(slug="rivers")


@pytest.fixture
def secretariat(rivers: Any) -> Any:
    return make.member(rivers, "secretariat")


@pytest.fixture
def desk(secretariat: Any) -> Client:
    return signed_in(secretariat)


@pytest.fixture
def mandate(rivers: Any) -> Mandate:
    return Mandate.objects.get()


def revise(mandate: Mandate, by: Any, reason: str = "for a test", **values: Any) -> ChangeSet:
    thing = Mandate.objects.get(pk=mandate.pk)
    revise_mandate(mandate=thing, by=by, reason=reason, opened_from=latest_change(), **values)
    return ChangeSet.objects.latest("pk")


def entries(page: Any) -> list[tuple[str, list[tuple[str, str, list[str]]]]]:
    """Of each change-set on the page its reason and what it did: kind, name, acts and labels of fields."""
    found = []
    for entry in page.context["entries"]:
        doings = [
            (one.label, str(one.thing), [*one.acts, *(change.label for change in one.changes)])
            for one in entry["told"].doings
        ]
        found.append((entry["change_set"].reason, doings))
    return found


def test_every_kind_of_thing_that_keeps_a_history_is_in_the_register():
    assert {model for model in apps.get_models() if issubclass(model, Tracked)} == set(REGISTER.by_model)


# ---- the page


def test_the_history_tells_the_newest_first_what_was_done_to_what(desk, mandate, secretariat, rivers):
    area = ResponsibleArea.objects.get()
    revise(mandate, secretariat, "survey instead", text=Text.of("Survey each river."), areas=(str(area.pk),))
    withdraw_mandate(mandate=mandate, by=secretariat, reason="not ours", opened_from=latest_change())

    page = desk.get("/rivers/history/")

    assert entries(page)[:2] == [
        ("not ours", [("Mandate", "Survey each river.", ["withdrawn", "Responsible areas"])]),
        ("survey instead", [("Mandate", "Survey each river.", ["Wording", "Responsible areas"])]),
    ]
    assert entries(page)[-1][0] == "a group for a test"
    html = page.content.decode()
    assert f'<a href="/mandates/{mandate.pk}/history/">Survey each river.</a>' in html
    assert '<del><span class="vh">removed: </span>Measure the depth of</del>' in html
    assert "on a page" in html


def test_a_change_of_a_list_alone_is_told(desk, mandate, secretariat):
    revise_topic(
        topic=Topic.objects.get(),
        mandates=(str(mandate.pk),),
        by=secretariat,
        reason="it serves it",
        opened_from=latest_change(),
    )

    assert entries(desk.get("/rivers/history/"))[0] == (
        "it serves it",
        [("Topic", "Consideration of the depths", ["Mandates that it serves"])],
    )


def test_what_is_shared_is_told_with_what_was_done_to_the_group_and_nothing_of_another_group(desk, rivers, secretariat):
    other = make.whole_group(slug="lakes", is_public=False)
    with changes(by=secretariat, reason="all at once"):
        for thing in Mandate.objects.all():
            thing.paragraph = "3"
            thing.save()
        area = make.ResponsibleAreaFactory(name=Text.of("Wells"))

    (_reason, doings) = entries(desk.get("/rivers/history/"))[0]

    assert [(label, name) for label, name, _words in doings] == [
        ("Responsible area", "Wells"),
        ("Mandate", str(Mandate.objects.get(row__plan__group=rivers))),
    ]
    assert area.name != other.name


@pytest.fixture
def renamed(secretariat: Any) -> ChangeSet:
    """An area, which all groups share, has another name."""
    area = ResponsibleArea.objects.get()
    revise_area(area=area, name=Text.of("Wells"), by=secretariat, reason="renamed", opened_from=latest_change())
    return ChangeSet.objects.latest("pk")


def test_a_change_of_what_is_shared_alone_is_in_the_history_of_every_group(desk, renamed):
    lakes = make.whole_group(slug="lakes", is_public=False)
    of_lakes = signed_in(make.member(lakes, "chair"))

    histories = {
        path: entries(client.get(f"/{path}/history/")) for path, client in (("rivers", desk), ("lakes", of_lakes))
    }

    assert histories["rivers"][0] == ("renamed", [("Responsible area", "Wells", ["Name"])])
    assert ("renamed", [("Responsible area", "Wells", ["Name"])]) in histories["lakes"]
    assert [reason for reason, _doings in histories["rivers"]] == ["renamed", "a group for a test"]


def test_a_change_of_what_is_shared_is_sifted_exported_and_undone_like_others(desk, renamed):
    asked = {"kind": "responsiblearea"}

    page = desk.get("/rivers/history/", asked)
    lines = desk.get("/rivers/history.json", asked).json()["lines"]
    undo = f"/rivers/history/{renamed.pk}/undo/"
    desk.post(undo, opened(desk, undo) | {"reason": "too early"})

    assert [reason for reason, _doings in entries(page)] == ["renamed", "a group for a test"]
    assert {(line["reason"], line["name"]) for line in lines} == {("renamed", "Wells"), ("a group for a test", "Wells")}
    assert str(ResponsibleArea.objects.get()) == "Secretariat for Water"


def test_meetings_of_no_group_are_told_as_what_is_shared(desk, secretariat):
    with changes(by=secretariat, reason="of the process"):
        make.MinisterialFactory()

    assert ("of the process", "Meeting") in [
        (reason, label) for reason, doings in entries(desk.get("/rivers/history/")) for label, *_more in doings
    ]


def test_sealed_acts_are_named(desk, rivers, secretariat):
    with changes(by=secretariat, reason="sent round"):
        make.ReleaseFactory(edition=make.EditionFactory(plan=rivers.plan))

    page = desk.get("/rivers/history/")

    assert [act.words for act in page.context["entries"][0]["told"].sealed] == [
        "edition 1 issued",
        "edition 1 opened to the delegations",
    ]
    assert f'<a href="{Edition.objects.get().get_absolute_url()}">Edition 1 issued</a>' in page.content.decode()


def test_a_change_of_many_things_is_folded_and_its_own_page_shows_them_all(desk, rivers, secretariat):
    with changes(by=secretariat, reason="brought in", source="import") as one:
        row = PlanRow.objects.get()
        for number in range(60):
            make.MandateFactory(row=row, text=Text.of(f"Task number {number}."))

    page = desk.get("/rivers/history/").content.decode()
    whole = desk.get(f"/rivers/history/{one.pk}/").content.decode()

    assert "<summary>Mandates: 60</summary>" in page
    assert len(set(re.findall(r"Task number \d+", page))) == 40
    assert "20 more things: see the whole change" in page
    assert len(set(re.findall(r"Task number \d+", whole))) == 60


def test_the_history_asks_as_often_for_five_hundred_changes_as_for_five(desk, mandate, secretariat):
    def asks() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = desk.get("/rivers/history/", {"who": secretariat.pk})
        assert len(page.context["entries"]) > 4
        return len(queries)

    for number in range(5):
        revise(mandate, secretariat, paragraph=str(number))
    asks()
    five = asks()
    for number in range(5, 500):
        with changes(by=secretariat, reason="again"):
            mandate.paragraph = str(number)
            mandate.save()

    assert asks() == five


# ---- filters


@pytest.fixture
def long_past(rivers: Any, mandate: Mandate, secretariat: Any) -> Any:
    """Two people, two kinds of things, on two days."""
    chair = make.member(rivers, "chair")
    for day, person in ((1, secretariat), (2, chair)):
        with time_machine.travel(datetime(2100, 1, day, 4, 30, tzinfo=UTC), tick=False):  # an evening in Washington
            revise(mandate, person, f"mandate {day}", paragraph=str(day))
            how: dict[str, Any] = {"by": person, "reason": f"topic {day}", "opened_from": latest_change()}
            revise_topic(topic=Topic.objects.get(), text=Text.of(f"Depths {day}"), **how)
    return {"secretariat": secretariat, "chair": chair}


@pytest.mark.parametrize(
    ("asked", "reasons"),
    [
        ({"kind": "topic"}, ["topic 2", "topic 1", "a group for a test"]),
        ({"kind": "topic", "who": "chair"}, ["topic 2"]),
        ({"who": "secretariat"}, ["topic 1", "mandate 1"]),
        ({"since": "2100-01-01"}, ["topic 2", "mandate 2"]),
        ({"since": "2099-12-31", "until": "2099-12-31", "kind": "mandate"}, ["mandate 1"]),
        ({"kind": "adoption"}, []),
        ({"who": "system"}, ["a group for a test"]),
    ],
)
def test_filters_combine_and_say_how_many_there_are(asked, reasons, desk, long_past):
    who = long_past.get(asked.get("who"))

    page = desk.get("/rivers/history/", asked | ({"who": who.pk} if who else {}))

    assert [reason for reason, _doings in entries(page)] == reasons
    assert f"{len(reasons)} change" in page.content.decode()


def test_filters_survive_paging(desk, long_past, mandate):
    for number in range(30):
        revise(mandate, long_past["secretariat"], paragraph=f"9.{number}")

    page = desk.get("/rivers/history/?kind=mandate&page=2").content.decode()

    assert 'href="?kind=mandate&amp;page=1"' in page
    assert '<option value="mandate" selected>' in page
    assert 'href="/rivers/history.csv?kind=mandate&amp;lang=en"' in page


def test_a_wrong_day_is_answered_beside_its_field(desk):
    page = desk.get("/rivers/history/?since=2013-02-30&until=then")

    assert page.context["sift"].errors == {
        "since": ["Write the day as 2013-09-05."],
        "until": ["Write the day as 2013-09-05."],
    }
    assert entries(page) == []


def test_the_history_of_a_thing_has_the_same_filters(desk, long_past, mandate):
    url = f"/mandates/{mandate.pk}/history/"

    pages = [desk.get(url, asked) for asked in ({}, {"who": long_past["chair"].pk}, {"until": "2099-12-31"})]

    reasons = [[entry.change_set.reason for entry in page.context["entries"]] for page in pages]
    assert reasons == [
        ["mandate 2", "mandate 1", "a group for a test"],
        ["mandate 2"],
        ["mandate 1", "a group for a test"],
    ]
    one = ChangeSet.objects.get(reason="mandate 1")
    assert f'<a href="/rivers/history/{one.pk}/">The whole change</a>' in pages[0].content.decode()


# ---- one field, one language, one state


def test_one_language_is_brought_back_and_the_rest_stays(desk, mandate, secretariat):
    made = Text("en", {"en": "Measure.", "es": "Medir."}, {"es": "0123456789ab"})
    make.reword(mandate, text=made)
    change = revise(mandate, secretariat, text=Text.of("Survey.", es="Explorar."), paragraph="3")
    url = f"/mandates/{mandate.pk}/revert/?to={change.pk - 1}&field=text&part=es"
    assert url.replace("&", "&amp;") in desk.get(f"/mandates/{mandate.pk}/history/").content.decode()
    sent = opened(desk, url)
    assert [(one.language, one.before, one.after) for one in desk.get(url).context["changes"]] == [
        ("es", "Explorar.", "Medir.")
    ]

    answer = desk.post(url, sent | {"reason": "the old one was right"})

    assert said(answer) == ["Brought back."]
    now = Mandate.objects.get()
    assert (dict(now.text), now.paragraph) == ({"en": "Survey.", "es": "Medir."}, "3")
    assert now.text.is_stale("es")
    assert ChangeSet.objects.latest("pk").reason == "the old one was right"


def test_a_list_and_a_whole_state_are_brought_back(desk, mandate, secretariat):
    area = ResponsibleArea.objects.get()
    first = revise(mandate, secretariat, areas=(str(area.pk),), paragraph="1")
    revise(mandate, secretariat, areas=(), paragraph="2", text=Text.of("Survey."))
    urls = [f"/mandates/{mandate.pk}/revert/?to={first.pk}{field}" for field in ("&field=areas", "")]

    found = []
    for url in urls:
        desk.post(url, opened(desk, url) | {"reason": "as it was"})
        now = Mandate.objects.get()
        found.append((str(now.text), now.paragraph, now.assignments.filter(is_withdrawn=False).count()))

    assert found == [("Survey.", "2", 1), (str(mandate.text), "1", 1)]


def test_a_list_in_which_nothing_stood_may_be_emptied_again(desk, mandate, secretariat):
    first = revise(mandate, secretariat, areas=(str(ResponsibleArea.objects.get().pk),))

    page = desk.get(f"/mandates/{mandate.pk}/history/").content.decode()
    url = f"/mandates/{mandate.pk}/revert/?to={first.pk - 1}&field=areas&part="
    desk.post(url, opened(desk, url) | {"reason": "as it was"})

    assert url.replace("&", "&amp;") in page
    assert not Mandate.objects.get().assignments.filter(is_withdrawn=False).exists()


def test_bringing_back_is_refused_where_the_field_was_changed_meanwhile(desk, mandate, secretariat):
    change = revise(mandate, secretariat, paragraph="1")
    url = f"/mandates/{mandate.pk}/revert/?to={change.pk - 1}&field=paragraph"
    sent = opened(desk, url)
    revise(mandate, secretariat, paragraph="2")

    answer = desk.post(url, sent | {"reason": "as it was"})

    assert answer.status_code == 409
    assert answer.context["changes"][0].before == "2"
    assert Mandate.objects.get().paragraph == "2"
    again = {"reason": "as it was", "opened_from": answer.context["form"]["opened_from"].value()}
    assert desk.post(url, again).status_code == 302
    assert Mandate.objects.get().paragraph == ""


def test_bringing_back_obeys_the_rules(desk, mandate, secretariat):
    days = {"deadline_earliest": "2013-01-01", "deadline_latest": "2013-02-01"}
    change = revise(mandate, secretariat, deadline_words=Text.of("soon"), **days)
    url = f"/mandates/{mandate.pk}/revert/?to={change.pk - 1}&field=deadline_words"

    answer = desk.post(url, opened(desk, url) | {"reason": "as it was"})

    assert answer.context["form"].non_field_errors() == ["Write the deadline in words as well, as the plan prints it."]


@pytest.mark.parametrize(
    "query", ["", "?to=x", "?to=0", "?to=9999&field=plan", "?to=9999&field=text&part=xx", "?to=9999&part=es"]
)
def test_what_cannot_be_brought_back_is_not_found(query, desk, mandate):
    assert desk.get(f"/mandates/{mandate.pk}/revert/{query}").status_code == 404


# ---- undoing a whole change


def test_the_page_shows_what_will_be_undone_and_does_it(desk, mandate, secretariat):
    change = revise(mandate, secretariat, "wrong row", text=Text.of("Survey."))
    url = f"/rivers/history/{change.pk}/undo/"
    assert url in desk.get(f"/rivers/history/{change.pk}/").content.decode()
    sent = opened(desk, url)
    (doing,) = desk.get(url).context["entry"]["shown"]
    assert [(one.before, one.after) for one in doing.changes] == [("Survey.", str(mandate.text))]

    answer = desk.post(url, sent | {"reason": "it was the other mandate"})

    done = ChangeSet.objects.latest("pk")
    assert (said(answer), answer.url) == (["Undone."], f"/rivers/history/{done.pk}/")
    assert Mandate.objects.get().text == mandate.text
    assert (done.reason, done.by) == ("it was the other mandate", secretariat)


def test_the_page_says_why_it_cannot_be_undone_and_offers_the_field(desk, mandate, secretariat):
    change = revise(mandate, secretariat, paragraph="3", progress="done")
    revise(mandate, secretariat, "counted again", paragraph="4")

    page = desk.get(f"/rivers/history/{change.pk}/undo/").content.decode()

    assert "This change cannot be undone as a whole." in page
    assert "Paragraph number was changed again after that." in page
    assert "counted again" in page
    revert = f"/mandates/{mandate.pk}/revert/?to={change.pk - 1}&amp;field=paragraph&amp;part="
    assert revert in page
    assert desk.get(revert.replace("&amp;", "&")).status_code == 200
    assert 'name="reason"' not in page


def test_undoing_is_refused_where_something_changed_meanwhile(desk, mandate, secretariat):
    change = revise(mandate, secretariat, paragraph="3")
    url = f"/rivers/history/{change.pk}/undo/"
    sent = opened(desk, url)
    revise(mandate, secretariat, progress="done")

    answer = desk.post(url, sent | {"reason": "a mistake"})

    assert answer.status_code == 409
    assert Mandate.objects.get().paragraph == "3"
    again = {"reason": "a mistake", "opened_from": answer.context["form"]["opened_from"].value()}
    assert desk.post(url, again).status_code == 302
    assert Mandate.objects.get().paragraph == ""


def test_undoing_twice_says_that_nothing_is_left(desk, mandate, secretariat):
    change = revise(mandate, secretariat, paragraph="3")
    url = f"/rivers/history/{change.pk}/undo/"
    sent = opened(desk, url)
    desk.post(url, sent | {"reason": "a mistake"})

    page = desk.get(url)

    assert page.context["nothing"]
    assert "All of it is undone already." in page.content.decode()


def test_the_administrator_reads_and_exports_and_takes_nothing_back(administrator, mandate, secretariat):
    change = revise(mandate, secretariat, paragraph="3")
    client = signed_in(administrator)

    codes = {
        page: client.get(page).status_code
        for page in (
            "/rivers/history/",
            "/rivers/history.csv",
            f"/rivers/history/{change.pk}/",
            f"/rivers/history/{change.pk}/undo/",
            f"/mandates/{mandate.pk}/revert/?to={change.pk - 1}",
        )
    }

    assert list(codes.values()) == [200, 200, 200, 403, 403]
    assert "Undo this change" not in client.get(f"/rivers/history/{change.pk}/").content.decode()
    assert "/revert/" not in client.get(f"/mandates/{mandate.pk}/history/").content.decode()


def test_a_change_of_another_group_is_not_found(desk, rivers):
    lakes = make.whole_group(slug="lakes")
    other = ChangeSet.objects.latest("pk")

    assert desk.get(f"/rivers/history/{other.pk}/").status_code == 404
    assert desk.get(f"/rivers/history/{other.pk}/undo/").status_code == 404
    assert lakes.plan.rows.exists()


# ---- what was withdrawn


def test_what_was_withdrawn_is_listed_with_who_and_why_and_where_it_is_restored(desk, mandate, secretariat):
    create_mandate(row=mandate.row, text=Text.of("Report."), by=secretariat, reason="for a test")
    withdraw_mandate(mandate=mandate, by=secretariat, reason="not ours", opened_from=latest_change())
    page = desk.get("/rivers/withdrawn/").content.decode()
    assert f'href="/mandates/{mandate.pk}/restore/"' in page
    assert "not ours" in page

    withdraw_row(row=mandate.row, by=secretariat, reason="none of it", opened_from=latest_change())
    lines = desk.get("/rivers/withdrawn/").context["page_of"].object_list

    assert [line["thing"] for line in lines] == [mandate.row]


def test_what_is_shared_and_withdrawn_is_listed_for_those_who_may_restore_it(desk, rivers, administrator):
    with changes(by=None, reason="no longer there", source="command"):
        area = make.ResponsibleAreaFactory(slug="gone", is_withdrawn=True)
        make.MinisterialFactory(is_withdrawn=True)  # of no group: it has no pages that write

    lines = desk.get("/rivers/withdrawn/").context["page_of"].object_list
    read_only = signed_in(administrator).get("/rivers/withdrawn/").context["page_of"].object_list

    assert {(line["thing"], line["restore"]) for line in lines if line["history"]} == {(area, "/areas/gone/restore/")}
    assert {line["restore"] for line in read_only} == {""}


def test_what_was_made_and_withdrawn_since_has_its_restoring_in_the_history(desk, mandate, secretariat):
    new = create_mandate(row=mandate.row, text=Text.of("Report."), by=secretariat, reason="for a test")
    withdraw_mandate(mandate=new, by=secretariat, reason="not ours", opened_from=latest_change())

    assert f'<a href="/mandates/{new.pk}/restore/">Restore' in desk.get("/rivers/history/").content.decode()
    assert f'<a href="/mandates/{new.pk}/restore/">Restore' in desk.get(f"/mandates/{new.pk}/history/").content.decode()


# ---- the auditor's files


def test_the_files_say_what_the_page_says_with_the_same_filters(desk, long_past, mandate, secretariat):
    with changes(by=secretariat, reason="sent round"):
        make.EditionFactory(plan=mandate.row.plan)
    for query in ("", "?kind=mandate", "?since=2100-01-01"):
        page = desk.get(f"/rivers/history/{query}").context["entries"]
        rows = list(csv.DictReader(StringIO(desk.get(f"/rivers/history.csv{query}").content.decode("utf-8-sig"))))
        objects = json.loads(desk.get(f"/rivers/history.json{query}").content)["lines"]

        shown = []
        for entry in page:
            for doing in entry["told"].doings:
                head = (entry["change_set"].reason, str(doing.thing.pk), ", ".join(doing.acts))
                words = [(one.label, one.language, one.before, one.after) for one in doing.changes]
                shown += [(*head, *one) for one in words or [("", "", "", "")]]
            for act in entry["told"].sealed:
                shown.append((entry["change_set"].reason, str(act.row.pk), act.words, "", "", "", ""))
        keys = ("reason", "id", "act", "field", "language", "before", "after")
        assert [tuple(row[key] for key in keys) for row in rows] == shown
        assert [{name: str(value) for name, value in line.items()} for line in objects] == rows
        assert shown


def test_a_line_says_who_when_why_and_what_became_of_what(desk, mandate, rivers):
    person = make.member(rivers, "chair", username="ruiz")
    at = datetime(2100, 1, 1, 12, tzinfo=UTC)
    with changes(by=person, reason="asked for", on_behalf_of="Uruguay", at=at) as one:
        thing = Mandate.objects.get()
        thing.text = Text.of("Survey.")
        thing.save()

    line = json.loads(desk.get("/rivers/history.json").content)["lines"][0]

    assert line == {
        "change": one.pk,
        "at": "2100-01-01T12:00:00Z",
        "person": "ruiz",
        "on_behalf_of": "Uruguay",
        "source": "page",
        "reason": "asked for",
        "kind": "mandate",
        "id": str(mandate.pk),
        "name": "Survey.",
        "act": "",
        "field": "Wording",
        "language": "en",
        "before": str(mandate.text),
        "after": "Survey.",
    }


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@x", "\tx", " =1", "\uff1d1"])
def test_no_cell_of_a_csv_is_a_formula(words, desk, mandate, secretariat):
    with changes(by=secretariat, reason=f"{words} and more"):
        mandate.paragraph = "7"
        mandate.save()

    content = desk.get("/rivers/history.csv").content
    (row, *_others) = csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""))

    assert content.startswith(b"\xef\xbb\xbf")
    assert row["reason"] == f"'{words} and more"


def test_a_file_is_in_the_language_that_its_address_names(desk, mandate, secretariat):
    revise(mandate, secretariat, paragraph="3")

    assert desk.get("/rivers/history.csv?lang=xx").status_code == 404
    assert desk.get("/rivers/history.csv?since=then").status_code == 404
    assert desk.get("/rivers/history.csv").headers["Content-Type"] == "text/csv; charset=utf-8"

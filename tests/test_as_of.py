"""Pages as of an instant: they show what was so then, and nothing that came later."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from documents.editions import snapshot
from documents.models import Document
from documents.reading.asof import query_for
from mandates import actions as plan_actions
from mandates.models import Body, Delegation, Mandate, RegisteredSymbol, Resolution, ResponsibleArea, WorkingGroup
from meetings import actions as calendar_actions
from meetings.models import City, Meeting, Room, Series, Topic
from mispa.ground.changes import changes
from mispa.ground.editing import NothingChanged, WithdrawnMeanwhile
from mispa.ground.models import ChangeSet
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.writing import made

# ---- the page of the past


@pytest.fixture
def rivers(db: None) -> SimpleNamespace:
    """A group with one of everything that these pages show, and the secretariat at her desk."""
    group = make.whole_group(slug="rivers")
    with changes(by=None, reason="one of everything", source="command"):
        topic, mandate = Topic.objects.get(), Mandate.objects.get()
        make.TopicMandateFactory(topic=topic, mandate=mandate)
        coming = make.MinisterialFactory(group=group, number=2, status="convened")
        past = make.MinisterialFactory(series=coming.series)
        make.PreparatoryFactory(prepares=past, note=group.plan.notes.get())
        area = ResponsibleArea.objects.get()
        make.AssignmentFactory(row=None, mandate=mandate, area=area, unit=make.ResponsibleAreaFactory(parent=area))
        make.MeetingBasisFactory(meeting=coming, resolution=mandate.row.resolution)
        make.MeetingBasisFactory(meeting=past)
        paper = make.RevisionFactory(document__group=group)
        make.TopicDocumentFactory(topic=topic, document=paper.document)
        make.MeetingDocumentFactory(meeting=past, revision=paper)
        make.MeetingDocumentFactory(meeting=Meeting.objects.get(kind="preparatory"), revision=paper)
        make.PillarFactory()
        make.DelegationFactory(group=group)
        # What may be withdrawn, and neighbours to change places with.
        make.MandateFactory(row=mandate.row)
        make.MandateFactory(row=make.PlanRowFactory(plan=group.plan))
        make.TopicFactory(meeting=topic.meeting)
        make.MeetingFactory(group=group, number=3, status="proposed")
        make.ResponsibleAreaFactory()
        make.ResolutionFactory()
    return SimpleNamespace(
        group=group,
        writer=make.member(group, "secretariat"),
        client=signed_in(make.UserFactory(username="administrator", is_staff=True)),
        topic=topic,
        mandate=mandate,
        paper=paper,
        area=area,
        resolution=mandate.row.resolution,
    )


@pytest.fixture
def desk(rivers: SimpleNamespace) -> Client:
    return signed_in(rivers.writer)


def addresses(rivers: SimpleNamespace) -> dict[str, str]:
    return {
        "calendar": "/rivers/calendar/",
        "month of the calendar": "/rivers/calendar/2013/09/",
        "delegations": "/rivers/delegations/",
        "meeting": "/rivers/meetings/1/",
        "ministerial meeting": "/rivers/meetings/2/",
        "process": "/rivers/process/",
        "timeline": "/rivers/timeline/",
        "register": "/rivers/documents/",
        "paper": rivers.paper.get_absolute_url(),
        "resolution": rivers.resolution.get_absolute_url(),
        "area": rivers.area.get_absolute_url(),
        "mandate": f"/mandates/{rivers.mandate.pk}/",
    }


GROUP_PAGES = {
    "calendar",
    "month of the calendar",
    "delegations",
    "meeting",
    "ministerial meeting",
    "process",
    "timeline",
    "register",
    "mandate",
}
RENAMES = {
    "room of a meeting": (Room, "name", {"calendar", "month of the calendar", "meeting"}),
    "delegation": (Delegation, "name", {"delegations"}),
    "city of a room": (City, "name", {"meeting", "ministerial meeting", "calendar", "process", "register", "paper"}),
    "group": (WorkingGroup, "short_name", GROUP_PAGES | {"resolution", "area"}),
    "place of a group": (WorkingGroup, "place", GROUP_PAGES),
    "body above a group": (Body, "name", GROUP_PAGES),
    "topic": (Topic, "text", {"calendar", "month of the calendar", "meeting", "mandate", "paper"}),
    "title of a meeting": (
        Meeting,
        "title",
        {"calendar", "month of the calendar", "meeting", "ministerial meeting", "process", "paper", "timeline"},
    ),
    "series of ministerial meetings": (Series, "name", {"process"}),
    "title of a paper": (Document, "title", {"meeting", "process", "register", "paper"}),
    "title of a resolution": (Resolution, "title", {"resolution", "timeline"}),
    "mandate": (Mandate, "text", {"resolution", "area", "mandate"}),
    "area": (ResponsibleArea, "name", {"resolution", "area", "mandate"}),
}


@pytest.mark.parametrize("what", RENAMES)
def test_a_page_of_the_past_shows_the_words_of_then(what, rivers, desk):
    model, column, where = RENAMES[what]
    with changes(by=None, reason="the word of then", source="command") as then:
        for thing in model.objects.all():
            setattr(thing, column, Text.of("Wordofthen"))
            thing.save()
    with changes(by=None, reason="another word", source="command"):
        for thing in model.objects.all():
            setattr(thing, column, Text.of("Wordofnow"))
            thing.save()

    pages = {name: desk.get(url + query_for(then.at)).content.decode() for name, url in addresses(rivers).items()}

    assert {name for name, page in pages.items() if "Wordofthen" in page} == where
    shared = {"paper", "resolution", "area"} if model in {WorkingGroup, Body} else set()  # their frame is that of now
    assert {name for name, page in pages.items() if "Wordofnow" in page} <= shared


# Asked for who may see what, and for the addresses of things; Django reads them before the past is read.
OF_TODAY = {"workinggroup", "membership", "body", "workplan", "registeredorgan", "edition", "release", "document"}


@pytest.mark.parametrize("name", [*sorted(GROUP_PAGES - {"mandate"}), "area"])
def test_a_page_of_the_past_reads_no_table_of_today(name, rivers, desk):
    address = addresses(rivers)[name] + query_for(ChangeSet.objects.latest("at").at)

    with CaptureQueriesContext(connection) as queries:
        answer = desk.get(address)

    assert answer.status_code == 200
    tables = {
        table
        for query in queries
        for table in re.findall(r' FROM "(?:mandates|meetings|documents)_(\w+)"', query["sql"])
    }
    assert {table for table in tables if not table.startswith("historical")} <= OF_TODAY


def test_the_past_says_when_it_was_and_offers_nothing_to_do(rivers, desk):
    with time_machine.travel(datetime(2100, 1, 1, tzinfo=UTC), tick=False):
        made(make.PillarFactory)
    with time_machine.travel(datetime(2100, 1, 3, tzinfo=UTC), tick=False):
        client = signed_in(rivers.writer)
        pages = {
            name: client.get(f"{url}?as_of=2100-01-01").content.decode() for name, url in addresses(rivers).items()
        }

    for name, page in pages.items():
        main = page.partition("<main")[2].partition("</main>")[0]
        place = "UTC" if name in {"resolution", "area"} else "Washington"
        assert f"As it was on January\N{NO-BREAK SPACE}1, 2100, 23:59 ({place})." in main, name
        assert f'<a href="{addresses(rivers)[name]}">See it as it is now</a>' in main
        assert re.findall(r'href="[^"]*/(?:edit|new|withdraw|restore|history|move)/', main) == []
        assert 'method="post"' not in main
        assert 'name="as_of" id="as-of" max="2100-01-0' in main
        assert 'value="2100-01-01"' in main


def test_links_of_the_past_lead_to_pages_of_that_instant(rivers, desk):
    query = query_for(ChangeSet.objects.latest("at").at)

    calendar = desk.get(f"/rivers/calendar/{query}").content.decode()
    meeting = desk.get(f"/rivers/meetings/1/{query}").content.decode()

    assert f'<a href="/rivers/meetings/1/{query}">' in calendar
    assert f'<a href="{rivers.paper.get_absolute_url()}{query}">' in meeting


def test_what_was_not_there_yet_is_not_found(rivers, desk):
    before = ChangeSet.objects.latest("at").at
    meeting = made(make.MeetingFactory, group=rivers.group, number=4)
    area, paper = made(make.ResponsibleAreaFactory), made(make.RevisionFactory, document__group=rivers.group)
    resolution = made(make.ResolutionFactory)

    for thing in (meeting, area, paper, resolution):
        answer = desk.get(thing.get_absolute_url() + query_for(before))
        assert answer.status_code == 404
        assert "This was not there at that time" in answer.content.decode()
        assert desk.get(thing.get_absolute_url()).status_code == 200


def test_before_the_group_there_is_nothing(rivers, desk):
    assert desk.get("/rivers/calendar/?as_of=1999-12-31").status_code == 404


def test_what_has_been_withdrawn_since_is_there_in_the_past(rivers, desk):
    meeting = made(make.MeetingFactory, group=rivers.group, number=4, status="proposed")
    paper = made(make.RevisionFactory, document__group=rivers.group)
    area = made(make.ResponsibleAreaFactory)
    then = ChangeSet.objects.latest("at").at
    for thing in (meeting, paper.document, area):
        make.reword(thing, is_withdrawn=True)

    for thing, status in ((meeting, 404), (paper, 410), (area, 404)):  # the symbol of a paper stays taken
        assert desk.get(thing.get_absolute_url()).status_code == status
        assert desk.get(thing.get_absolute_url() + query_for(then)).status_code == 200


def test_the_past_has_the_order_of_then_without_what_was_withdrawn_then(rivers, desk):
    words = [f"Topic {number}" for number in range(6)]
    with changes(by=None, reason="the order of then", source="command") as then:
        for place, word in enumerate(words):
            make.TopicFactory(
                meeting=rivers.topic.meeting, text=Text.of(word), position=10 * place, is_withdrawn=place == 3
            )
    with changes(by=None, reason="another order", source="command"):
        for topic in Topic.objects.filter(position__lt=100):
            topic.position, topic.is_withdrawn = 99 - topic.position, False
            topic.save()

    pages = {
        page: desk.get(f"/rivers/{page}/{query_for(then.at)}").content.decode() for page in ("calendar", "meetings/1")
    }

    for html in pages.values():
        assert re.findall(r"Topic \d", html) == [word for word in words if word != "Topic 3"]


def test_an_area_is_found_by_its_address_of_then_and_by_that_of_now(rivers, desk):
    with changes(by=None, reason="for a test", source="command"):
        area = make.ResponsibleAreaFactory(slug="old", name=Text.of("Moved"))
    then = query_for(ChangeSet.objects.latest("at").at)
    make.reword(area, slug="new-one")
    made(make.ResponsibleAreaFactory, slug="old", name=Text.of("Other"))

    titles = [
        re.findall("<h1>(.*)</h1>", desk.get(url).content.decode())
        for url in (f"/areas/old/{then}", f"/areas/new-one/{then}", "/areas/old/")
    ]

    assert titles == [["Moved"], ["Moved"], ["Other"]]


def test_a_resolution_is_found_by_its_address_of_then_and_by_that_of_now(rivers, desk):
    then = query_for(ChangeSet.objects.latest("at").at)
    old, symbol = rivers.resolution.get_absolute_url(), made(make.RegisteredSymbolFactory)
    make.reword(rivers.resolution, symbol=symbol)
    new = Resolution.objects.get(pk=rivers.resolution.pk).get_absolute_url()

    pages = [desk.get(address + then).content.decode() for address in (old, new)]

    assert old != new
    assert [re.findall(r'<h1 class="sym-h1 nb">(.*)</h1>', page) for page in pages] == [
        [RegisteredSymbol.objects.get(slug=old.split("/")[2]).display]
    ] * 2


def test_a_paper_of_another_group_that_was_closed_since_stays_closed(rivers, desk):
    lakes = make.whole_group(slug="lakes")
    paper = made(make.RevisionFactory, document__group=lakes, document__title=Text.of("Lakesword"))
    with changes(by=None, reason="for a test", source="command") as then:
        make.MeetingDocumentFactory(meeting=Meeting.objects.get(group=rivers.group, number=2), revision=paper)
    register = f"/rivers/documents/{query_for(then.at)}"
    assert "Lakesword" in desk.get(register).content.decode()

    make.reword(paper.document, is_public=False)

    assert "Lakesword" not in desk.get(register).content.decode()


def test_the_json_of_the_calendar_is_that_of_the_instant(rivers, desk):
    then, before = ChangeSet.objects.latest("at").at, desk.get("/rivers/calendar.json").json()
    for thing in (Room.objects.first(), *City.objects.all()):
        make.reword(thing, name=Text.of("Renamed"))
    make.reword(rivers.topic, text=Text.of("Renamed"))

    assert desk.get("/rivers/calendar.json").json() != before
    assert desk.get(f"/rivers/calendar.json{query_for(then)}").json() == before


OF_MANY = [
    "calendar",
    "month of the calendar",
    "delegations",
    "meeting",
    "process",
    "timeline",
    "register",
    "paper",
    "resolution",
    "area",
]


@pytest.mark.parametrize("name", OF_MANY)
def test_the_past_asks_as_often_for_three_as_for_one(name, rivers, desk):
    def asks() -> int:
        query = query_for(ChangeSet.objects.latest("at").at)
        desk.get(addresses(rivers)[name] + query)
        with CaptureQueriesContext(connection) as queries:
            desk.get(addresses(rivers)[name] + query)
        return len(queries)

    one = asks()
    with changes(by=None, reason="more of everything", source="command"):
        ministerial = Meeting.objects.get(group=rivers.group, number=2)
        for number in (11, 12):
            meeting = make.MeetingFactory(group=rivers.group, number=number)
            paper = make.RevisionFactory(document__group=rivers.group)
            row = make.PlanRowFactory(plan=rivers.group.plan)
            mandate = make.MandateFactory(row=row)
            make.AssignmentFactory(row=row, area=rivers.area, unit=make.ResponsibleAreaFactory(parent=rivers.area))
            for at in (meeting, rivers.topic.meeting):
                topic = make.TopicFactory(meeting=at)
                make.TopicDocumentFactory(topic=topic, document=paper.document)
                make.TopicMandateFactory(topic=topic, mandate=mandate)
            make.MeetingBasisFactory(meeting=ministerial)
            past = make.MinisterialFactory(series=ministerial.series)
            make.MeetingBasisFactory(meeting=past, resolution=rivers.resolution)
            for revision in (paper, rivers.paper):
                make.MeetingDocumentFactory(meeting=past, revision=revision)
            make.MeetingDocumentFactory(meeting=make.PreparatoryFactory(prepares=past), revision=paper)

    assert asks() == one


# ---- a group, changed at random by the real actions, and read again as of each instant


class Shown(HTMLParser):
    """The words and links in the main part of a page, without the instant and without what one can do there."""

    VOID = {"br", "input", "img", "meta", "link", "hr"}

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.skipped_from, self.parts = 0, 0, []  # type: ignore[var-annotated]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self.depth = 1
        elif self.depth and tag not in self.VOID:
            self.depth += 1
            given = dict(attrs)
            is_act = (
                tag in {"form", "details"} or given.get("role") == "note" or given.get("aria-labelledby") == "withdrawn"
            )
            classes = {"acts", "files", "btn", "today", "address"} & set((given.get("class") or "").split())
            if not self.skipped_from and (is_act or classes):
                self.skipped_from = self.depth
            if tag == "a" and not self.skipped_from:
                self.parts.append(re.sub(r"\?as_of=[^#]*", "", given["href"] or ""))

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag not in self.VOID:
            if self.skipped_from == self.depth:
                self.skipped_from = 0
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth and not self.skipped_from and data.strip() and "own calendar" not in data:
            self.parts.append(" ".join(data.split()))


def shown(page: str) -> list[str]:
    parser = Shown()
    parser.feed(page)
    return parser.parts


Act = Callable[[], Any]


class Desk:
    """What the secretariat does; each act is one change-set, and refuses what may not be."""

    def __init__(self, rivers: SimpleNamespace) -> None:
        self.rivers, self.group = rivers, rivers.group
        self.how: dict[str, Any] = {"by": rivers.writer, "reason": "for a test"}
        self.seen: dict[str, Any] = {}

    def do(self, noun: str, number: int, words: str) -> None:
        self.seen = self.how | {"opened_from": latest_change()}
        acts: list[Act] = getattr(self, noun)(number, Text.of(words))
        acts[number % len(acts)]()

    def pick(self, model: Any, place: int, **where: Any) -> Any:
        found = list(model.objects.filter(**where).order_by("pk"))
        return found[place % len(found)]

    def take_out(self, module: Any, noun: str, thing: Any) -> Act:
        """Withdraw it, or restore it."""
        act = getattr(module, f"{'restore' if thing.is_withdrawn else 'withdraw'}_{noun}")
        return lambda: act(**{noun: thing}, **self.seen)

    def plan(self, number: int, text: Text) -> list[Act]:
        mandate = self.pick(Mandate, number)
        return [
            lambda: plan_actions.create_mandate(row=mandate.row, text=text, **self.how),
            lambda: plan_actions.revise_mandate(mandate=mandate, text=text, **self.seen),
            lambda: plan_actions.move_mandate(mandate=mandate, upwards=number > 5, **self.seen),
            lambda: plan_actions.move_row(row=mandate.row, upwards=number > 5, **self.seen),
            self.take_out(plan_actions, "mandate", mandate),
            self.take_out(plan_actions, "row", mandate.row),
        ]

    def shared(self, number: int, text: Text) -> list[Act]:
        area, resolution = self.pick(ResponsibleArea, number), self.pick(Resolution, number)
        return [
            lambda: plan_actions.revise_area(area=area, name=text, **self.seen),
            lambda: plan_actions.revise_resolution(resolution=resolution, title=text, **self.seen),
            lambda: plan_actions.create_resolution(symbol=f"CP/RES. {number} (1/13)", title=text, **self.how),
            lambda: calendar_actions.revise_room(room=self.pick(Room, number), name=text, **self.seen),
            self.take_out(plan_actions, "area", area),
            self.take_out(plan_actions, "resolution", resolution),
        ]

    def calendar(self, number: int, text: Text) -> list[Act]:
        meeting, room = self.pick(Meeting, number, group=self.group), self.pick(Room, number)
        when: dict[str, Any] = {"starts_on": date(2013, 9, number + 1), "ends_on": date(2013, 9, number + 1)}
        new: dict[str, Any] = {"precision": "imprecise", "words": text, "timezone": "America/New_York", "room": room.pk}
        revise = partial(calendar_actions.revise_meeting, meeting=meeting)
        return [
            lambda: calendar_actions.create_meeting(group=self.group, **self.how, **new),
            lambda: revise(**self.seen, **when, room=room.pk),
            lambda: revise(status="cancelled", **self.seen),
            lambda: revise(status="convened", title=text, **self.seen),
            self.take_out(calendar_actions, "meeting", meeting),
        ]

    def agenda(self, number: int, text: Text) -> list[Act]:
        topic = self.pick(Topic, number)
        new: dict[str, Any] = {"text": text, "kind": "other", "mandates": [str(self.pick(Mandate, number).pk)]}
        return [
            lambda: calendar_actions.create_topic(meeting=topic.meeting, **new, **self.how),
            lambda: calendar_actions.move_topic(topic=topic, upwards=number > 5, **self.seen),
            lambda: calendar_actions.revise_topic(topic=topic, text=text, mandates=[], **self.seen),
            self.take_out(calendar_actions, "topic", topic),
        ]

    def names(self, number: int, text: Text) -> list[Act]:
        """What no page writes yet."""
        columns = [(City, "name"), (WorkingGroup, "place"), (Document, "title"), (Series, "name"), (Document, "base")]
        columns += [(WorkingGroup, "short_name"), (Document, "is_withdrawn")]

        def rename(model: Any, column: str) -> None:
            thing = self.pick(model, number)
            special = {"base": f"CP/doc.{number}/13", "is_withdrawn": not thing.is_withdrawn}
            make.reword(thing, **{column: special.get(column, text)})

        return [partial(rename, *column) for column in columns]


SHOWN = ["mandate", "calendar", "meeting", "process", "register", "paper", "resolution", "area", "JSON", "plan"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["plan", "shared", "calendar", "agenda", "names"]),
        st.integers(min_value=0, max_value=11),
        st.sampled_from(["depths", "report CP/doc.4000/13", "see CP/RES. 2 (1/13)", "naïve Época"]),
        st.sets(st.sampled_from(SHOWN), min_size=3, max_size=3),
    ),
    min_size=5,
    max_size=8,
)


def look(rivers: SimpleNamespace, desk: Client, names: set[str], at: datetime | None) -> dict[str, Any]:
    """What some pages show, now or as of an instant."""
    query = query_for(at) if at else ""
    seen: dict[str, Any] = {}
    for name in sorted(names):
        if name == "plan":
            seen[name] = snapshot.take(rivers.group.plan, at).text
        elif name == "JSON":
            seen[name] = desk.get(f"/rivers/calendar.json{query}").json()
        else:
            page = desk.get(addresses(rivers)[name] + query)
            seen[name] = shown(page.content.decode()) if page.status_code == 200 else None
    return seen


# Not shrunk: that takes minutes, and a week of a group is short enough to be read.
@settings(
    deadline=None,
    max_examples=5,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_every_page_of_each_instant_is_what_it_was_then(steps, rivers, desk):
    with transaction.atomic():
        kept = []
        for *step, names in steps:
            with suppress(ValidationError, NothingChanged, WithdrawnMeanwhile), transaction.atomic():
                Desk(rivers).do(*step)
            kept.append((names, ChangeSet.objects.latest("at").at, look(rivers, desk, names, None)))
        again = [(names, at, look(rivers, desk, names, at)) for names, at, _seen in kept]
        transaction.set_rollback(True)

    assert again == kept

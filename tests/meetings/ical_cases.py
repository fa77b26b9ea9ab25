"""A group with meetings to write calendar files of, and the file as the views make it."""

from datetime import UTC, date, datetime, time

from mandates.models import Body, WorkingGroup
from meetings.ical import calendar_file, stamps
from meetings.models import City, Meeting, Room, Series, Topic
from mispa.ground.changes import changes
from mispa.ground.text import Text
from tests.meetings.ical_checks import checked

ENTERED = datetime(2013, 8, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2013, 8, 20, 9, 30, tzinfo=UTC)


def at(instant):
    return changes(by=None, reason="for the test", source="command", at=instant)


def change(thing, *, at_instant=LATER, **fields):
    with at(at_instant):
        for name, value in fields.items():
            setattr(thing, name, value)
        thing.full_clean()
        thing.save()


def enter_group():
    with at(ENTERED):
        body = Body.objects.create(name=Text.of("Committee on Hemispheric Security"))
        return WorkingGroup.objects.create(
            slug="mispa-iv",
            name=Text.of("Working Group to Prepare the Fourth Meeting of Ministers"),
            short_name=Text.of("MISPA IV"),
            body=body,
            place=Text.of("Washington"),
        )


def enter_room():
    with at(ENTERED):
        city = City.objects.create(name=Text.of("Washington, D.C."), country=Text.of("United States"))
        return Room.objects.create(name=Text.of("Simón Bolívar Room"), city=city)


def enter_ministerial(group):
    with at(ENTERED):
        series = Series.objects.create(slug="mispa", name=Text.of("Meetings of Ministers"), short_name="MISPA")
        return Meeting.objects.create(
            kind=Meeting.Kind.MINISTERIAL,
            group=group,
            number=6,
            series=series,
            ordinal=4,
            title=Text.of("Fourth Meeting of Ministers Responsible for Public Security in the Americas"),
            status=Meeting.Status.CONVENED,
            precision=Meeting.Precision.ALL_DAY,
            starts_on=date(2013, 11, 21),
            ends_on=date(2013, 11, 22),
            timezone="America/Bogota",
            country=Text.of("Colombia"),
        )


def session(group, number, day, *, hours=(time(10), time(13)), topics=(), entered=ENTERED, **fields):
    """A convened session of the group."""
    fields = {
        "status": Meeting.Status.CONVENED,
        "timezone": "America/New_York",
        "starts_on": day,
        "ends_on": day,
        "starts_at": hours[0],
        "ends_at": hours[1],
        **fields,
    }
    with at(entered):
        meeting = Meeting(kind=Meeting.Kind.SESSION, group=group, number=number, **fields)
        meeting.full_clean()
        meeting.save()
        for position, wording in enumerate(topics, start=1):
            text = wording if isinstance(wording, Text) else Text.of(wording)
            Topic.objects.create(meeting=meeting, position=position, kind=Topic.Kind.OTHER, text=text)
    return meeting


def page_url(meeting):
    return f"https://mispa.example/mispa-iv/meetings/{meeting.number}/"


def loaded(group):
    return list(Meeting.objects.in_calendar(group).with_places().prefetch_related("topics"))


def file_of(group, *, language="en"):
    meetings = loaded(group)
    return calendar_file(group, meetings, stamps=stamps(meetings), page_url=page_url, language=language)


def only_event(group, **options):
    (event,) = checked(file_of(group, **options)).values()
    return event

"""What templates say of meetings: when, where, hours in GMT; and the drawing of the process."""

from collections.abc import Sequence
from datetime import UTC, date, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from mandates.templatetags.prose_tags import says
from meetings.life import Verb, label_of
from meetings.models import TITLED, Meeting
from meetings.timeline import LANE_ABOVE, NAME, PLACE, SMALL, WIDTH, Label, Line, lay_out, width_of
from mispa.ground import dates

register = template.Library()

NARROWEST = 16  # of a bar, so that it is seen to be none of the points


@register.filter
def gmt(meeting: Meeting) -> str:
    """The hours of an exact meeting in GMT, with the day where it is another one there; else nothing."""
    return _hours_in(meeting, UTC)


def _hours_in(meeting: Meeting, zone: tzinfo) -> str:
    if meeting.starts is None or meeting.ends is None:
        return ""
    starts, ends = meeting.starts.astimezone(zone), meeting.ends.astimezone(zone)
    if meeting.starts_on != meeting.ends_on:
        return dates.hours(starts, ends)
    hours = dates.hours(starts, ends, names_days=False)  # elsewhere midnight may lie between them
    if starts.date() != meeting.starts_on:
        return _("%(hours)s on %(day)s") % {"hours": hours, "day": dates.day(starts)}
    return hours


@register.simple_tag
def gmt_of(meeting: Meeting) -> str:
    """The same with what they are: 14:00–17:00 GMT."""
    return _kept_together(meeting, format_html('{} <span class="quiet small">GMT</span>', gmt(meeting)))


@register.simple_tag(takes_context=True)
def own_time(context: Context, meeting: Meeting) -> str:
    """The hours of an exact meeting in the reader's own time zone, where the clocks there show others; else nothing."""
    zone_name = getattr(context["request"].user, "timezone", "")
    if not zone_name or meeting.starts is None:
        return ""
    starts, ends = (one.astimezone(ZoneInfo(zone_name)) for one in (meeting.starts, meeting.ends or meeting.starts))
    if [starts.utcoffset(), ends.utcoffset()] == [one.utcoffset() for one in meeting.wall_times or ()]:
        return ""
    return format_html(
        '{} <span class="quiet small">{} <span class="nb">({})</span></span>',
        _kept_together(meeting, _hours_in(meeting, starts.tzinfo or UTC)),
        _("your time"),
        ", ".join([zone_name] + ([dates.offset(starts)] if starts.utcoffset() == ends.utcoffset() else [])),
    )


@register.simple_tag
def hours_of(meeting: Meeting) -> str:
    """The hours of an exact meeting by the clocks of its zone; with its days where it lasts several; else nothing."""
    return _kept_together(meeting, dates.hours(*meeting.wall_times)) if meeting.wall_times else ""


def _kept_together(meeting: Meeting, hours: str) -> str:
    """Hours of one day are not parted at the end of a line; with the names of days they would be too long for one."""
    return format_html('<span class="nb num-range">{}</span>', hours) if meeting.starts_on == meeting.ends_on else hours


@register.filter
def offset(meeting: Meeting) -> str:
    """How far the hours of an exact meeting are from GMT on its days, such as UTC-4 with a real minus sign.

    Empty where the clocks change in between: then its hours tell both.
    """
    if not meeting.wall_times:
        return ""
    starts, ends = meeting.wall_times
    return dates.offset(starts) if starts.utcoffset() == ends.utcoffset() else ""


@register.filter
def in_brackets(words: str) -> str:
    """{{ meeting|offset|in_brackets }}: kept on one line, with a space before it; nothing of nothing."""
    return format_html(' <span class="nb">({})</span>', words) if words else ""


@register.filter
def zone_name(meeting: Meeting) -> str:
    """Whose hours they are: those of the place of its group, or of another city, or of a zone that no city names."""
    if meeting.group and meeting.timezone == meeting.group.timezone:
        return str(meeting.group.place)
    return str(meeting.place_city or meeting.timezone)


@register.filter
def where(meeting: Meeting) -> str:
    """The city, else the country, of a meeting; empty where neither is known."""
    place = meeting.place_city.name if meeting.place_city else meeting.place_country
    return str(place) if place else ""


@register.simple_tag(takes_context=True)
def day_of(context: Context, meeting: Meeting, last: bool = False) -> str:
    """The days of a meeting; where they are not exact, the words for them.

    Of one that was postponed it says that there is none, or with `last` for which days it was set.
    """
    if meeting.status == Meeting.Status.POSTPONED and not last:
        return _("no new day yet")
    if meeting.precision == Meeting.Precision.IMPRECISE or not meeting.starts_on:
        return says(context, meeting.words) if meeting.words else _("the day is not set")
    return dates.days(meeting.starts_on, meeting.ends_on or meeting.starts_on)


@register.simple_tag(takes_context=True)
def when(context: Context, meeting: Meeting, last: bool = False) -> str:
    """Days and hours of a meeting, or the words that stand for them; `last` as above."""
    day = day_of(context, meeting, last)
    if not meeting.wall_times or not (meeting.has_day or last):
        return day
    if meeting.starts_on != meeting.ends_on:
        return dates.span(*meeting.wall_times)
    return format_html("{}, {}", day, _kept_together(meeting, dates.hours(*meeting.wall_times)))


@register.simple_tag(takes_context=True)
def place(context: Context, meeting: Meeting) -> str:
    """Room, or city and country; what is not known is said."""
    if meeting.room:
        return says(context, meeting.room.name)
    if meeting.city:
        country = says(context, meeting.city.country) or _quiet(_("the country is not in the plan"))
        return format_html("{}, {}", says(context, meeting.city.name), country)
    if meeting.country:
        return format_html("{} {}", says(context, meeting.country), _quiet("· " + _("the city is not in the plan")))
    return _quiet(_("the place is not set"))


def _quiet(words: str) -> str:
    return format_html('<span class="quiet">{}</span>', words)


@register.simple_tag(takes_context=True)
def name(context: Context, meeting: Meeting) -> str:
    """The title of a meeting with its short name; of a session its number in the calendar, and its title if any."""
    if not meeting.title:
        return str(meeting)
    if meeting.kind == Meeting.Kind.SESSION:
        return format_html(str(TITLED), meeting=meeting.numbered, title=says(context, meeting.title))
    if not meeting.short_title:
        return says(context, meeting.title)
    return format_html('{} <span class="nb">({})</span>', says(context, meeting.title), meeting.short_title)


@register.simple_tag
def step_url(group: str, number: int, verb: Verb) -> str:
    """The page of a step in the life of a meeting."""
    return reverse(f"meetings:meeting-{verb}", args=[group, number])


@register.simple_tag
def step_label(verb: Verb, meeting: Meeting) -> str:
    """What its button says."""
    return label_of(verb, meeting.status)


@register.inclusion_tag("meetings/_process_line.html")
def process_line(ministerials: Sequence[Meeting]) -> dict[str, Any]:
    """The process as a drawing, and as a list where there is no room for it. Meetings without a day are left out.

    What is told in words is a bar over the days that it can mean, as on the timeline of a group, and never a point.
    """
    dated = [meeting for meeting in ministerials if _middle(meeting)]
    before = [one for meeting in dated for one in meeting.preparatory_meetings.all() if _middle(one)]
    if not dated:
        return {"dated": []}
    line = lay_out(
        [(day, _width(meeting)) for meeting in dated if (day := _middle(meeting))],
        [(day, width_of(_with_star(meeting), SMALL)) for meeting in before if (day := _middle(meeting))],
    )
    return {
        "dated": dated,
        "line": line,
        "width": WIDTH,
        "bottom": line.top,
        "ministerials": [_drawn(meeting, label, line) for meeting, label in zip(dated, line.above, strict=True)],
        "before": [_hung(meeting, label, line) for meeting, label in zip(before, line.below, strict=True)],
        "first_year": min(meeting.starts_on.year for meeting in (*dated, *before)),
        "last_year": max(meeting.starts_on.year for meeting in (*dated, *before)),
        "is_starred": any(meeting.checked_starts_on for meeting in before),
        "has_spans": not all(meeting.is_exact for meeting in (*dated, *before)),
    }


def _middle(meeting: Meeting) -> date | None:
    """The first day of a meeting, or the middle of the days that its words can mean; None where these are not known."""
    if meeting.is_exact or not meeting.has_day or meeting.starts_on is None:
        return meeting.starts_on if meeting.has_day else None
    return meeting.starts_on + (meeting.ends_on - meeting.starts_on) / 2 if meeting.ends_on else None


def _span(meeting: Meeting, line: Line) -> dict[str, float] | None:
    """Where the days that a meeting can mean begin and how far they reach, if they are not exact."""
    if meeting.is_exact or meeting.starts_on is None or meeting.ends_on is None:
        return None
    start, end = line.x(meeting.starts_on), line.x(meeting.ends_on + timedelta(days=1))
    width = max(end - start, NARROWEST)
    return {"x": (start + end - width) / 2, "width": width}


def _width(meeting: Meeting) -> float:
    return max(
        width_of(meeting.short_title, NAME),
        width_of(where(meeting), PLACE),
        width_of(_third_line(meeting), SMALL),
    )


def _third_line(meeting: Meeting) -> str:
    """The theme; without one, how the meeting stands, unless it has simply been held."""
    if meeting.theme:
        return str(meeting.theme)
    return "" if meeting.status == Meeting.Status.HELD else meeting.get_status_display()


def _with_star(meeting: Meeting) -> str:
    return f"{where(meeting)} *" if meeting.checked_starts_on else where(meeting)


def _drawn(meeting: Meeting, label: Label, line: Line) -> dict[str, Any]:
    axis = line.top
    top = axis - 98 - LANE_ABOVE * label.lane
    return {
        "meeting": meeting,
        "label": label,
        "axis": axis,
        "name_y": top,
        "place_y": top + 23,
        "theme_y": top + 43,
        "stem_from": top + 50,
        "words": _third_line(meeting),
        "span": _span(meeting, line),
        "span_y": axis - 6,
    }


def _hung(meeting: Meeting, label: Label, line: Line) -> dict[str, Any]:
    axis = line.top
    dot = axis + 28 + 26 * label.lane
    return {
        "meeting": meeting,
        "label": label,
        "axis": axis,
        "dot_y": dot,
        "words_y": dot + 22,
        "words": _with_star(meeting),
        "span": _span(meeting, line),
        "span_y": dot - 5,
    }

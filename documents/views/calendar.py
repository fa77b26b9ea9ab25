"""The calendar, a single meeting, and the ministerial process: live facts, as they stand today or stood then."""

from datetime import date, datetime
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.editions.snapshot import symbols_in
from documents.reading.agenda import Agenda, agenda_of, meetings_of, not_printed
from documents.reading.asof import as_of_context, only_now, past_after_sign_in
from documents.reading.business import mandates_in, order_of_business
from documents.reading.coming import next_context
from documents.reading.following import follow_context
from documents.reading.frame import group_context, group_or_404
from documents.reading.live import is_on, outcomes_of, process_of
from documents.reading.lives import Lives, by_month, last_move, lives_of
from documents.reading.months import month_of, year_of
from documents.reading.past import NotThere, Past, past_asked_for
from documents.reading.sieve import CalendarSieve
from documents.reading.texts import address_of, links_for, reader_text, text_for
from documents.views.shared import (
    json_response,
    paper,
    reading_or_404,
    withdrawn,
)
from mandates.models import Pillar, WorkingGroup
from meetings.clashes import clashes_of
from meetings.life import Verb, earlier_times, steps_from
from meetings.models import Meeting
from mispa.ground.openings import latest_change


@login_not_required
@require_safe
@past_after_sign_in
def calendar(request: HttpRequest, group: str) -> HttpResponse:
    """All of it as a list, and before it the next meeting."""
    found, agenda, context = _calendar_before(request, group)
    context |= {
        "form": "list",
        "months": by_month(agenda.entries),
        "has_coming": any(entry.comes_first for entry in agenda.entries),
        "undated": agenda.undated,
        "year": year_of(agenda.entries, agenda.opens_at.year, agenda.today),
    }
    if not context["as_of"]:
        context |= next_context(request.user, found, agenda.meetings, agenda.now)
    if context["can_edit"]:
        gone = Meeting.objects.filter(group=found, is_withdrawn=True).order_by("number").with_places()
        context["withdrawn"] = withdrawn("meetings:meeting", gone, lambda one: [found.slug, one.number])
    return render(request, "meetings/calendar.html", context)


@login_not_required
@require_safe
@past_after_sign_in
def calendar_month(request: HttpRequest, group: str, month: date) -> HttpResponse:
    """A month of it as a grid of days; what is on no day of it stands below."""
    _found, agenda, context = _calendar_before(request, group)
    shown = month_of(agenda.entries, month, agenda.today)
    context |= {
        "form": "month",
        "month": shown,
        "undated": agenda.undated,
        "year": year_of(agenda.entries, month.year, agenda.today),
        "this_month": agenda.today.replace(day=1),
    }
    return render(request, "meetings/month.html", context)


def _calendar_before(request: HttpRequest, group: str) -> tuple[WorkingGroup, Agenda, dict[str, Any]]:
    """What list and month have in common: the group, its calendar as it was asked for, and the head of the page."""
    found = group_or_404(request, group)
    past = past_asked_for(request, found)
    if past:
        found = past.group(found)
    sieve = CalendarSieve(request.GET)
    agenda = agenda_of(request.user, found, sieve, past.at if past else timezone.now(), past)
    sessions = [meeting for meeting in agenda.meetings if meeting.kind == Meeting.Kind.SESSION]
    context = group_context(request, found, "calendar") | as_of_context(request, found, past.at if past else None)
    address = reverse("documents:calendar-ics", args=[found.slug]) + sieve.query(context["feed_language"])
    feed = request.build_absolute_uri(address)
    reading = None if past else text_for(request.user, found)
    return (
        found,
        agenda,
        context
        | {
            "sift": sieve,
            "carried": agenda.carried,
            "opens_at": agenda.opens_at,
            "last": agenda.last,
            "sessions": sessions,
            "held": sum(meeting.status == Meeting.Status.HELD for meeting in sessions),
            "has_text": reading is not None,
            "file_query": reading.file_query if reading else "",
            "printed": reading.edition if reading else None,
            "not_printed": not_printed(request, reading, agenda.meetings) if reading else [],
            "today": agenda.today,
            "feed": feed,
            "file": address,
            "subscribe": f"webcal:{feed.partition(':')[2]}",
        },
    )


@login_not_required
@require_safe
@only_now
def calendar_pdf(request: HttpRequest, group: str) -> HttpResponse:
    """The calendar of the text that the reader may read, as it was printed with it."""
    found = group_or_404(request, group)
    reading = reading_or_404(request, found)
    return paper(request, reading, "calendar.pdf")


@login_not_required
@require_safe
@past_after_sign_in
def calendar_json(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    past = past_asked_for(request, found)
    if past:
        found = past.group(found)
    meetings = list(meetings_of(request.user, found, past))
    lives = lives_of(meetings, past)
    told = [_as_json(meeting, lives) for meeting in meetings]
    body = {"group": found.slug, "timezone": found.timezone, "meetings": told}
    return json_response(request, body, f"{found.slug}-calendar.json")


@login_not_required
@require_safe
@past_after_sign_in
def meeting_detail(request: HttpRequest, group: str, number: int) -> HttpResponse:
    found = group_or_404(request, group)
    past = past_asked_for(request, found)
    now = past.at if past else timezone.now()
    reading = reader_text(request.user, found, past.at if past else None)
    readable = mandates_in(reading)
    if past:
        found = past.group(found)
    calendar_of_group = list(meetings_of(request.user, found, past))
    meeting = next((one for one in calendar_of_group if one.number == number), None)
    if meeting is None:
        if past:
            raise NotThere
        raise Http404(_("This group has no meeting %(number)s.") % {"number": number})
    is_off = Meeting.Status.CANCELLED
    around = [one for one in calendar_of_group if one.has_day and (one == meeting or one.status != is_off)]
    place = around.index(meeting) if meeting.has_day else None
    topics = order_of_business(request.user, meeting, readable, past)
    symbols = symbols_in({"topics": [item["topic"].text.to_json() for item in topics]})
    bases = meeting.bases.standing().select_related("resolution__symbol")
    context = group_context(request, found, "calendar") | {
        "meeting": meeting,
        "topics": topics,
        "bases": past.bases(meeting_id=meeting.pk) if past else bases,
        "before": around[place - 1] if place else None,
        "after": around[place + 1] if place is not None and place + 1 < len(around) else None,
        "outcomes": [] if past else outcomes_of(request, meeting),
        "has_papers": any(item["papers"] for item in topics),
        "is_over": meeting.is_over(now),
        "is_on": is_on(meeting, now),
        "is_in_plan": any(one["id"] == str(meeting.pk) for one in reading.text["meetings"]) if reading else False,
        "links": past.links(symbols) if past else links_for(request.user, symbols),
    }
    context |= _life_of(meeting, past) | {"shows_names": context["can_see_history"]}
    context |= as_of_context(request, found, past.at if past else None)
    context |= {"follow": None} if past else follow_context(request.user, meeting)
    if context["can_edit"]:
        context |= _to_do_with(request, meeting, now)
        gone = meeting.topics.filter(is_withdrawn=True).order_by("position", "id")
        context |= {
            "opened_from": latest_change(),
            "withdrawn": withdrawn("meetings:topic", gone, lambda one: [one.pk]),
        }
    return render(request, "meetings/meeting_detail.html", context)


def _life_of(meeting: Meeting, past: Past | None) -> dict[str, Any]:
    """What happened to it since it was convened; `last` is what it was last moved, put off or cancelled from."""
    steps = lives_of([meeting], past).get(meeting.pk, [])
    return {"steps": steps, "moved": last_move(steps), "earlier": earlier_times(meeting, steps)}


def _to_do_with(request: HttpRequest, meeting: Meeting, now: datetime) -> dict[str, Any]:
    """The steps that it may take, to be held not before its day; and what it runs into."""
    is_to_come = bool(meeting.starts_on and meeting.starts_on > now.astimezone(meeting.zone).date())
    return {
        "next_steps": [one for one in steps_from(meeting.status) if one != Verb.HOLD or not is_to_come],
        "clashes": clashes_of([meeting], request.user).get(meeting.pk, []),
    }


@login_not_required
@require_safe
@only_now
def meetings_on(request: HttpRequest, group: str, day: date) -> HttpResponse:
    """Leads to the meeting that is, or ever was, set for a day; links in old papers go on working."""
    found = group_or_404(request, group)
    visible = meetings_of(request.user, found)
    hits = list(visible.ever_set_for(day, found))
    if not hits:
        raise Http404(_("No meeting of this group was ever set for %(day)s.") % {"day": day.isoformat()})
    if len(hits) == 1:
        return redirect(hits[0])
    context = group_context(request, found, "calendar") | {"meetings": hits, "day": day}
    return render(request, "meetings/meetings_on.html", context)


@login_not_required
@require_safe
@past_after_sign_in
def process(request: HttpRequest, group: str) -> HttpResponse:
    """The ministerial meetings before this one, what prepared each, and what each adopted."""
    found = group_or_404(request, group)
    past = past_asked_for(request, found)
    now = past.at if past else timezone.now()
    reading = text_for(request.user, found, past.at if past else None)
    notes = {note["meeting"]: note["number"] for note in reading.text["notes"]} if reading else {}
    if past:
        found = past.group(found)
    ministerials = past.process(found) if past else process_of(request, found)
    pillars = Pillar.objects.standing().order_by("position", "id")
    context = group_context(request, found, "process") | as_of_context(request, found, past.at if past else None)
    context |= {
        "ministerials": ministerials,
        "stages": [
            {"meeting": one, "is_over": one.is_over(now), "preparatory": _in_time(one, notes)} for one in ministerials
        ],
        "pillars": past.rows(Pillar) if past else pillars,
        "prepared": sum(len(one.preparatory_meetings.all()) for one in ministerials),
        "plan": address_of(found, reading) if reading else "",
        "links": {},
    }
    return render(request, "meetings/process.html", context)


def _in_time(ministerial: Meeting, notes: dict[str | None, int]) -> list[dict[str, Any]]:
    """The meetings that prepared one, by day; marked where the plan names one before an earlier one."""
    found: list[dict[str, Any]] = []
    for meeting in ministerial.preparatory_meetings.all():
        number = notes.get(str(meeting.pk))
        earlier = [one["note"] for one in found if one["note"]]
        is_out_of_order = number is not None and any(number < other for other in earlier)
        found.append({"meeting": meeting, "note": number, "is_out_of_order": is_out_of_order})
    return found


def _as_json(meeting: Meeting, lives: Lives) -> dict[str, Any]:
    """A meeting as it stands; `was` tells the times for which it was set before."""
    before = earlier_times(meeting, lives.get(meeting.pk, []))
    is_off = meeting.status == Meeting.Status.POSTPONED
    return {
        "id": str(meeting.pk),
        "number": meeting.number,
        "kind": meeting.kind,
        "status": meeting.status,
        "notice": _text(meeting.notice),
        "title": _text(meeting.title),
        **(_time_as_json(meeting) | (_NO_TIME if is_off else {})),
        "was": [_time_as_json(one) for one in (*before, *([meeting] if is_off else []))],
        "room": _text(meeting.room.name) if meeting.room else None,
        "city": _text(meeting.place_city.name) if meeting.place_city else None,
        "country": _text(meeting.place_country),
        "topics": [
            {"id": str(topic.pk), "kind": topic.kind, "text": topic.text.to_json()} for topic in meeting.topics.all()
        ],
        "url": meeting.get_absolute_url(),
    }


def _text(value: Any) -> Any:
    return value.to_json() if value else None


def _time_as_json(meeting: Meeting) -> dict[str, Any]:
    """When it is set for. The days that words can mean are no days of the meeting, and have other names."""
    in_words = meeting.precision == Meeting.Precision.IMPRECISE
    return {
        "precision": meeting.precision,
        "words": _text(meeting.words),
        "earliest": meeting.starts_on if in_words else None,
        "latest": meeting.ends_on if in_words else None,
        "starts_on": None if in_words else meeting.starts_on,
        "starts_at": meeting.starts_at,
        "ends_on": None if in_words else meeting.ends_on,
        "ends_at": meeting.ends_at,
        "timezone": meeting.timezone,
        "starts": meeting.starts,
        "ends": meeting.ends,
    }


_NO_TIME: Final = dict.fromkeys(
    ("precision", "words", "earliest", "latest", "starts_on", "starts_at", "ends_on", "ends_at", "starts", "ends")
)

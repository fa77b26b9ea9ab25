"""The line of time of a group: resolutions, meetings and deadlines, as they stand today or stood then."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.reading.asof import as_of_context, past_after_sign_in
from documents.reading.frame import group_context, group_or_404
from documents.reading.past import Past, past_asked_for
from documents.reading.texts import Reading, reader_text
from documents.reading.timeline import timeline_of
from mandates.models import Resolution, WorkingGroup
from meetings.models import Meeting


@login_not_required
@require_safe
@past_after_sign_in
def timeline(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    past = past_asked_for(request, found)
    at = past.at if past else None
    reading = reader_text(request.user, found, at)
    if past:
        found = past.group(found)
    today = (at or timezone.now()).astimezone(found.zone).date()
    seen = Meeting.objects.visible_to(request.user)
    meetings = past.calendar(found) if past else list(seen.in_calendar(found).with_places())
    resolutions = _resolutions(request, found, reading, past)
    context = (
        group_context(request, found, "process")
        | as_of_context(request, found, at)
        | {
            "timeline": timeline_of(resolutions, meetings, reading, today),
        }
    )
    return render(request, "documents/timeline.html", context)


def _resolutions(
    request: HttpRequest, group: WorkingGroup, reading: Reading | None, past: Past | None
) -> list[Resolution]:
    """Those in the plan, those that refined its deadlines, and those that are the ground of its ministerial meeting."""
    named = _named(reading) if reading else set()
    if past:
        every: list[Any] = past.rows(Resolution)
        past.attach(every, "symbol")
        return [one for one in every if one.symbol.canonical in named]
    found = Resolution.objects.visible_to(request.user).standing().filter(symbol__canonical__in=named)
    return list(found.select_related("symbol").order_by("symbol__canonical", "id"))


def _named(reading: Reading) -> set[str]:
    rows = reading.text["rows"]
    named = {row["symbol"] for row in rows}
    named |= {one["deadline"]["refined_by"] for row in rows for one in row["mandates"] if one["deadline"]}
    named |= {symbol for meeting in reading.text["meetings"] for symbol in meeting["basis"]}
    return {symbol for symbol in named if symbol}

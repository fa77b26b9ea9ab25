"""The pages that need everything: home, overview, health."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.editions.record import Records
from documents.editions.standing import title
from documents.models import Release
from documents.reading.agenda import meetings_of
from documents.reading.attention import points_for
from documents.reading.coming import next_context
from documents.reading.frame import group_context, group_or_404
from documents.reading.gaps.report import open_in, report_of
from documents.reading.live import process_of
from documents.reading.recent import change_sets_of
from documents.reading.texts import Reading, text_for, working_text
from mandates.models import Delegation, WorkingGroup, WorkPlan
from mandates.permissions import can_see_circulated, can_see_history
from meetings.life import Done, steps_of
from meetings.models import Meeting


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The groups that the reader may see, the one whose meeting comes next first."""
    now = timezone.now()
    groups = WorkingGroup.objects.visible_to(request.user).select_related("body__parent", "plan")
    coming: dict[Any, Meeting] = {}
    seen = Meeting.objects.visible_to(request.user).with_places().exclude(status=Meeting.Status.CANCELLED)
    for meeting in seen.filter(group__in=groups).in_order():
        if meeting.has_day and not meeting.is_over(now):
            coming.setdefault(meeting.group_id, meeting)
    cards = [{"group": group, "next": coming.get(group.pk)} for group in groups.order_by("slug")]
    cards.sort(key=lambda card: card["next"].starts_on if card["next"] else date.max)
    return render(request, "pages/home.html", {"cards": cards, "group": None, "place": ""})


@login_not_required
@require_safe
def overview(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    now = timezone.now()
    meetings = list(meetings_of(request.user, found))
    coming = next_context(request.user, found, meetings, now)
    reading = text_for(request.user, found)
    ministerials = process_of(request, found)
    plan: WorkPlan | None = getattr(found, "plan", None)
    draft = working_text(plan) if plan and can_see_history(request.user, found) else None
    context = (
        group_context(request, found, "overview")
        | coming
        | {
            "ministerial": _ministerial(meetings, coming["shown"]),
            "delegations": Delegation.objects.in_force(now.astimezone(found.zone).date()).filter(group=found).count(),
            "reading": reading,
            "figures": figures(reading) if reading else None,
            "draft": draft,
            "gaps": len(open_in(report_of(found, draft, now))) if draft else None,
            "attention": points_for(request, found, reading, meetings),
            "changes": _changes(request, found, meetings),
            "ministerials": ministerials,
            "prepared": sum(len(one.preparatory_meetings.all()) for one in ministerials),
            "links": {},
            "as_of_query": "",
        }
    )
    return render(request, "pages/overview.html", context)


def _ministerial(meetings: list[Meeting], shown: Meeting | None) -> Meeting | None:
    """The meeting that the group prepares, where it is not the one that is told first."""
    off = Meeting.Status.CANCELLED
    found = (one for one in meetings if one.kind == Meeting.Kind.MINISTERIAL and one.status != off)
    return next((one for one in found if one != shown), None)


def figures(reading: Reading) -> dict[str, int]:
    """How much is in a text: its resolutions, mandates and meetings of the group."""
    return {
        "resolutions": len(reading.text["rows"]),
        "mandates": sum(len(row["mandates"]) for row in reading.text["rows"]),
        "meetings": sum(meeting["kind"] == Meeting.Kind.SESSION for meeting in reading.text["meetings"]),
    }


def _changes(request: HttpRequest, group: WorkingGroup, meetings: list[Meeting]) -> list[dict[str, Any]]:
    """The latest five: change-sets for those who may see history; for others the releases that they know, and moves."""
    if can_see_history(request.user, group):
        return [
            {"at": one.at, "what": one.reason, "who": one.by, "release": None, "number": one.pk}
            for one in change_sets_of(group)[:5]
        ]
    told = [*_releases(request, group), *_moves(meetings)]
    return sorted(told, key=lambda one: one["at"], reverse=True)[:5]


def _releases(request: HttpRequest, group: WorkingGroup) -> list[dict[str, Any]]:
    audiences = ["public", "delegations"] if can_see_circulated(request.user, group) else ["public"]
    releases = Release.objects.filter(edition__plan__group=group, audience__in=audiences)
    releases = releases.select_related("change_set", "edition__change_set", "edition__plan__group")
    latest = list(releases.prefetch_related("edition__releases").order_by("-change_set__at", "-id")[:5])
    if not latest:
        return []
    records = Records(latest[0].edition.plan)
    return [
        {
            "at": one.change_set.at,
            "release": one,
            "title": title(records.of(one.edition)),
            "is_adoption": one.change_set_id in records.adopting,
        }
        for one in latest
    ]


def _moves(meetings: list[Meeting]) -> list[dict[str, Any]]:
    """What happened to convened meetings, without names."""
    calendar = {one.pk: one for one in meetings}
    told = {Done.MOVED, Done.POSTPONED, Done.CANCELLED, Done.AGAIN}
    return [
        {"at": step.change_set.at, "step": step, "meeting": calendar[pk]}
        for pk, steps in steps_of(meetings).items()
        for step in steps
        if step.done in told
    ]


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For the machine that watches: the application answers and its database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: cookies are off, or the page was open for too long."""
    return render(request, "403_csrf.html", status=403)

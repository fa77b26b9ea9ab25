"""The pages that write many topics at once: the table of the calendar, pasted lists, and the order of an agenda."""

from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mandates.models import WorkingGroup
from mandates.permissions import is_editor
from meetings import bulk
from meetings.forms import OfferedTopicLine, TopicLine
from meetings.models import Meeting, Topic
from meetings.views import group_for, meeting_of, original_of
from mispa.ground import dates, ordering, tables
from mispa.ground.lines import LineForm
from mispa.ground.pasting import folded, items_of
from mispa.ground.tables import Table


def _group(request: HttpRequest, slug: str) -> WorkingGroup:
    """A group, for those who write its calendar."""
    found = group_for(request.user, slug)
    if not is_editor(request.user, found):
        raise PermissionDenied
    return found


def _meeting(request: HttpRequest, slug: str, number: int) -> Meeting:
    group = group_for(request.user, slug)
    found = meeting_of(request.user, group, number)
    if not is_editor(request.user, group):
        raise PermissionDenied
    if found.is_withdrawn and request.method != "POST":  # what was typed is shown again, with the reason why
        raise Http404(_("This meeting is withdrawn; restore it first."))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def topic_table(request: HttpRequest, group: str) -> HttpResponse:
    """The topics of all meetings of the group's calendar."""
    its_group = _group(request, group)

    def owners(named: Iterable[UUID]) -> list[Meeting]:
        meetings = Meeting.objects.filter(group=its_group)
        return list((meetings.standing() | meetings.filter(pk__in=named)).select_related("group", "series").in_order())

    table = Table(
        title=_("Topics, all at once"),
        owners=owners,
        line=TopicLine,
        back=reverse("meetings:topic-table", args=[group]),
        leave=reverse("documents:calendar", args=[group]),
        **_of_calendar(its_group),
    )
    return tables.write(request, table)


def _of_calendar(group: WorkingGroup) -> dict[str, Any]:
    return {
        "columns": [("kind", _("Kind")), ("text", _("Topic"))],
        "owner": "meeting_id",
        "new": lambda meeting, pk: Topic(meeting=meeting, id=pk),
        **original_of(group),
        "save": bulk.revise_topics,
        "describe": _about,
        "full": lambda topic: reverse("meetings:topic-edit", args=[topic.pk]),
        "context": {"group": group, "place": "calendar"},
    }


def _about(meeting: Meeting) -> dict[str, Any]:
    name = meeting.short_title or str(meeting)
    when = dates.day(meeting.starts_on) if meeting.starts_on else str(meeting.words or "")
    address = [meeting.group.slug, meeting.number] if meeting.group else []
    acts = [{"url": reverse("meetings:topic-paste", args=address), "word": _("Paste a list")}]
    return {"name": f"{name}, {when}" if when else name, "more": "", "acts": acts}


@require_http_methods(["GET", "HEAD", "POST"])
def topic_paste(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """One topic per line or bullet: what is pasted is shown as lines first, and saved when it is sent again."""
    meeting = _meeting(request, group, number)
    its_group = group_for(request.user, group)
    known = {
        folded(wording) for topic in Topic.objects.standing().filter(meeting=meeting) for _code, wording in topic.text
    }
    page = meeting.get_absolute_url()
    table = Table(
        title=_("Paste topics: %(meeting)s") % {"meeting": meeting.short_title or meeting},
        owners=lambda named: [meeting],
        line=OfferedTopicLine,
        shows_all=False,
        reason=_("Entered from a pasted list."),
        remark=lambda line: _remark(line, known),
        back=page,
        leave=page,
        **_of_calendar(its_group) | {"describe": lambda one: {"name": _("What will be saved"), "more": ""}},
    )
    return tables.paste(request, table, meeting, partial(_lines_in, known=set(known)))


def _lines_in(pasted: str, known: set[str]) -> list[dict[str, Any]]:
    """The topics in a list; those whose words are `known` come without the tick."""
    seen, values = set(known), list[dict[str, Any]]()
    for item in items_of(pasted):
        same = folded(item.wording)
        values.append({"text": item.wording, "kind": Topic.Kind.CONSIDERATION, "take": same not in seen})
        seen.add(same)
    return values


def _remark(line: LineForm, known: set[str]) -> str:
    same = folded(str(line["text"].value() or "")) in known
    return _("This meeting has a topic with these words already.") if same else ""


@require_http_methods(["GET", "HEAD", "POST"])
def topic_order(request: HttpRequest, group: str, number: int) -> HttpResponse:
    meeting = _meeting(request, group, number)
    ordered = ordering.Ordered(
        title=_("Order of the topics"),
        name=meeting.short_title or str(meeting),
        model=Topic,
        where={"meeting": meeting.pk},
        arrange=partial(bulk.arrange_topics, meeting=meeting),
        back=f"{meeting.get_absolute_url()}#business",
        context={"group": meeting.group, "place": "calendar"},
    )
    return ordering.write(request, ordered)

"""The pages on which papers are tied to a mandate and put on the table of a topic."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents.actions import revise_papers_of_mandate, revise_papers_of_topic
from documents.forms import MandatePapersForm, TopicPapersForm
from mandates.models import Mandate, WorkingGroup
from mandates.permissions import can_see_history, is_editor
from meetings.models import Meeting, Topic
from mispa.ground.writing import Subject, edit


@require_http_methods(["GET", "HEAD", "POST"])
def mandate_papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far a mandate is, and by which papers."""
    seen = WorkingGroup.objects.visible_to(request.user)
    mandates = Mandate.objects.select_related("row__plan__group__body__parent").filter(row__plan__group__in=seen)
    found = get_object_or_404(mandates, pk=pk)
    group = found.row.plan.group
    act = partial(revise_papers_of_mandate, mandate=found)
    back, title = found.get_absolute_url(), _("Progress and papers of a mandate")
    subject = _subject(request, group, found, form=MandatePapersForm, act=act, back=back, title=title)
    return edit(request, subject)


@require_http_methods(["GET", "HEAD", "POST"])
def topic_papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which papers are on the table of a topic."""
    seen = WorkingGroup.objects.visible_to(request.user)
    topics = Topic.objects.select_related("meeting__group__body__parent").filter(meeting__group__in=seen)
    found = get_object_or_404(topics, pk=pk)
    group: Any = found.meeting.group
    knows = can_see_history(request.user, group) or Meeting.objects.visible_to(request.user).filter(pk=found.meeting_id)
    if not knows:
        raise Http404
    act = partial(revise_papers_of_topic, topic=found)
    back, title = found.meeting.get_absolute_url(), _("Papers on the table of a topic")
    subject = _subject(request, group, found, form=TopicPapersForm, act=act, back=back, title=title)
    return edit(request, subject)


def _subject(
    request: HttpRequest, group: WorkingGroup, thing: Any, *, form: Any, act: Any, back: str, title: str
) -> Subject:
    return Subject(
        thing=thing,
        noun="",
        address={},
        may_edit=is_editor(request.user, group),
        may_see_history=can_see_history(request.user, group),
        form=form,
        options={"group": group},
        revise=act,
        withdraw=act,
        restore=act,
        back=lambda _thing: back,
        title=title,
        context={"group": group, "place": "plan" if isinstance(thing, Mandate) else "calendar"},
    )

"""Which object an address means, who may write it, and by which actions; the pages are `mispa.ground.writing`'s."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mandates.models import WorkingGroup
from mandates.permissions import can_see_history, can_see_shared_history, is_editor
from meetings import actions, forms
from meetings.clashes import clashes_of
from meetings.life import Verb, label_of, why_not
from meetings.models import Meeting, Room, Topic
from meetings.permissions import can_edit_rooms
from mispa.ground.text import sort_key
from mispa.ground.writing import Creation, Subject, create, edit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


def group_for(user: "User | AnonymousUser", slug: str) -> WorkingGroup:
    groups = WorkingGroup.objects.visible_to(user).select_related("body__parent", "plan")
    found: WorkingGroup = get_object_or_404(groups, slug=slug)
    return found


def _may_know(user: "User | AnonymousUser", meeting: Meeting) -> bool:
    """Who may see its history knows of it, whatever its state."""
    if meeting.group and can_see_history(user, meeting.group):
        return True
    return bool(Meeting.objects.visible_to(user).filter(pk=meeting.pk).exists())


def meeting_of(user: "User | AnonymousUser", group: WorkingGroup, number: int) -> Meeting:
    found: Meeting | None = Meeting.objects.filter(group=group, number=number).first()
    if found is None or not _may_know(user, found):
        raise Http404(_("This group has no meeting %(number)s.") % {"number": number})
    found.group = group
    return found


def _rights(user: "User | AnonymousUser", group: WorkingGroup) -> dict[str, Any]:
    return {"may_edit": is_editor(user, group), "may_see_history": can_see_history(user, group)}


def _frame(group: WorkingGroup) -> dict[str, Any]:
    return {"group": group, "place": "calendar"}


def _page_of(meeting: Meeting) -> str:
    """A withdrawn meeting has no page but its history."""
    address = meeting.get_absolute_url()
    return f"{address}history/" if meeting.is_withdrawn else address


def original_of(group: WorkingGroup) -> dict[str, Any]:
    plan = getattr(group, "plan", None)
    return {"original": plan.original_language} if plan else {}


# Meetings ----------------------------------------------------------------


def meeting(user: "User | AnonymousUser", group: str, number: int) -> Subject:
    its_group = group_for(user, group)
    found = meeting_of(user, its_group, number)
    return Subject(
        thing=found,
        noun="meetings:meeting",
        address={"group": group, "number": number},
        **_rights(user, its_group),
        form=forms.MeetingForm,
        options=original_of(its_group),
        revise=partial(actions.revise_meeting, meeting=found),
        withdraw=partial(actions.withdraw_meeting, meeting=found),
        restore=partial(actions.restore_meeting, meeting=found),
        back=_page_of,
        say=partial(_clashes, user),
        context=_frame(its_group),
        template="meetings/meeting_form.html",
    )


def _clashes(user: "User | AnonymousUser", meeting: Meeting) -> str:
    """What a meeting runs into, in sentences."""
    return " ".join(map(str, clashes_of([meeting], user).get(meeting.pk, [])))


_STEPS: dict[Verb, Callable[..., Meeting]] = {
    Verb.CONVENE: actions.convene_meeting,
    Verb.MOVE: actions.move_meeting,
    Verb.POSTPONE: actions.postpone_meeting,
    Verb.CANCEL: actions.cancel_meeting,
    Verb.HOLD: actions.hold_meeting,
}


def meeting_step(verb: Verb) -> Callable[..., HttpResponse]:
    """The page of one step in the life of a meeting."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def answer(request: HttpRequest, group: str, number: int) -> HttpResponse:
        subject = meeting(request.user, group, number)
        found = subject.thing
        assert isinstance(found, Meeting)  # noqa: S101 (for the type checker: the subject of a meeting)
        if subject.may_edit and found.is_withdrawn:
            raise Http404(_("This meeting is withdrawn; restore it first."))

        def act(*, restoring: bool, **values: Any) -> Meeting:
            return _STEPS[verb](meeting=found, **values)

        context = {
            **subject.context,
            "verb": verb,
            "why_not": why_not(verb, found.status),
            "clashes": clashes_of([found], request.user).get(found.pk, []),
        }
        step = replace(
            subject,
            form=forms.STEP_FORMS[verb],
            revise=act,
            title=label_of(verb, found.status),
            template="meetings/meeting_step.html",
            context=context,
        )
        return edit(request, step)

    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_create(request: HttpRequest, group: str) -> HttpResponse:
    its_group = group_for(request.user, group)
    if not is_editor(request.user, its_group):
        raise PermissionDenied
    new = Meeting(group=its_group, kind=Meeting.Kind.SESSION, timezone=its_group.timezone)
    return create(
        request,
        Creation(
            thing=new,
            form=forms.MeetingForm,
            options=original_of(its_group),
            create=partial(actions.create_meeting, group=its_group),
            back=_page_of,
            say=partial(_clashes, request.user),
            leave=reverse("documents:calendar", args=[its_group.slug]),
            find=lambda made: meeting(request.user, its_group.slug, made.number),
            context=_frame(its_group),
        ),
    )


# Topics ------------------------------------------------------------------


def topic(user: "User | AnonymousUser", pk: UUID) -> Subject:
    seen = {"meeting__group__in": WorkingGroup.objects.visible_to(user)}
    found = get_object_or_404(Topic.objects.filter(**seen).select_related("meeting__group__body__parent"), pk=pk)
    group = found.meeting.group
    if group is None or not _may_know(user, found.meeting):
        raise Http404
    return Subject(
        thing=found,
        noun="meetings:topic",
        address={"pk": pk},
        **_rights(user, group),
        form=forms.TopicForm,
        options=original_of(group),
        revise=partial(actions.revise_topic, topic=found),
        withdraw=partial(actions.withdraw_topic, topic=found),
        restore=partial(actions.restore_topic, topic=found),
        move=partial(actions.move_topic, topic=found),
        order={"meeting": found.meeting_id},
        back=_page_of_topic,
        context=_frame(group),
    )


def _page_of_topic(topic: Topic) -> str:
    return _page_of(topic.meeting)


@require_http_methods(["GET", "HEAD", "POST"])
def topic_create(request: HttpRequest, group: str, number: int) -> HttpResponse:
    its_group = group_for(request.user, group)
    found = meeting_of(request.user, its_group, number)
    if not is_editor(request.user, its_group):
        raise PermissionDenied
    if found.is_withdrawn:
        raise Http404(_("This meeting is withdrawn; restore it first."))
    return create(
        request,
        Creation(
            thing=Topic(meeting=found),
            form=forms.TopicForm,
            options=original_of(its_group),
            create=partial(actions.create_topic, meeting=found),
            back=_page_of_topic,
            leave=found.get_absolute_url(),
            find=lambda made: topic(request.user, made.pk),
            context=_frame(its_group),
        ),
    )


# Rooms -------------------------------------------------------------------


def _room_list_url(room: Room) -> str:
    return reverse("meetings:room-list")


def room(user: "User | AnonymousUser", pk: UUID) -> Subject:
    found = get_object_or_404(Room, pk=pk)
    return Subject(
        thing=found,
        noun="meetings:room",
        address={"pk": pk},
        may_edit=can_edit_rooms(user),
        may_see_history=can_see_shared_history(user),
        form=forms.RoomForm,
        revise=partial(actions.revise_room, room=found),
        withdraw=partial(actions.withdraw_room, room=found),
        restore=partial(actions.restore_room, room=found),
        back=_room_list_url,
    )


@require_safe
def room_list(request: HttpRequest) -> HttpResponse:
    """All rooms, withdrawn ones below, for those who keep or use the list."""
    if not can_see_shared_history(request.user):
        raise PermissionDenied
    rooms = sorted(Room.objects.select_related("city"), key=lambda room: (sort_key(room.name), str(room.pk)))
    context = {
        "standing": [room for room in rooms if not room.is_withdrawn],
        "withdrawn": [room for room in rooms if room.is_withdrawn],
        "may_edit": can_edit_rooms(request.user),
    }
    return render(request, "meetings/room_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def room_create(request: HttpRequest) -> HttpResponse:
    if not can_edit_rooms(request.user):
        raise PermissionDenied
    return create(
        request,
        Creation(
            thing=Room(),
            form=forms.RoomForm,
            create=actions.create_room,
            back=_room_list_url,
            leave=reverse("meetings:room-list"),
            find=lambda made: room(request.user, made.pk),
        ),
    )

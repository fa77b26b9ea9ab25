"""The page that starts the next group."""

from copy import copy
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mandates.models import WorkingGroup
from mandates.permissions import is_editor
from meetings.founding import found_next_group, prepared_by, revise_next_group
from meetings.group_forms import NextGroupForm
from meetings.views import group_for
from mispa.ground.editing import AlreadyThere, NothingChanged
from mispa.ground.forms import as_uuid
from mispa.ground.kept import take_up
from mispa.ground.models import User
from mispa.ground.together import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def group_next(request: HttpRequest, group: str) -> HttpResponse:
    """For those who edit the group before. Sent twice, it is started once; with other words it is an edit."""
    after = group_for(request.user, group)
    if not is_editor(request.user, after):
        raise PermissionDenied
    assert isinstance(request.user, User)  # noqa: S101 (who edits has signed in)
    made = _made_before(request)
    sent = request.POST if request.method == "POST" else None
    new = copy(made) or WorkingGroup(body=after.body)
    options: dict[str, Any] = {"after": after, "meeting": prepared_by(after), "instance": new}
    form = NextGroupForm(sent, initial={"new_id": uuid4()}, **options)
    if form.is_valid():
        try:
            if made:
                revise_next_group(group=made, by=request.user, **form.acted())
            else:
                made = found_next_group(after=after, by=request.user, **form.acted())
        except (AlreadyThere, NothingChanged):  # in this moment, by the other of two clicks, or before
            return redirect("pages:overview", form.cleaned_data["slug"])
        except Refused as refused:
            for error in refused.why.values():
                form.refuse(error if isinstance(error, ValidationError) else ValidationError(_CHANGED_SINCE))
        except ValidationError as error:
            form.refuse(error)
        else:
            said = _("The group is started. Only its own people see it until it is shown to everybody.")
            messages.info(request, said)
            return redirect(made)
    take_up(request, form)
    title = _("Start the next group")
    context = {"form": form, "title": title, "form_name": title, "back": after.get_absolute_url(), "group": after}
    return render(request, "meetings/group_next.html", context | {"place": "overview"})


_CHANGED_SINCE = gettext_lazy("This group was started before, and changed since. Change it in its settings.")


def _made_before(request: HttpRequest) -> WorkingGroup | None:
    """The group that this person started from this form."""
    new_id = as_uuid(request.POST.get("new_id", ""))
    made: WorkingGroup | None = WorkingGroup.objects.filter(pk=new_id).first() if new_id else None
    is_own = made and made.history.earliest("history_id").change_set.by_id == request.user.pk
    return made if is_own else None

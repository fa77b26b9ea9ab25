"""What meetings do with an edition: considering, adopting, confirming; recorded at the gavel."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents.actions import (
    AlreadyAdopted,
    NewerEdition,
    PreparedMeanwhile,
    adopt_plan,
    confirm_adoption,
    consider_plan,
    prepare_adoption,
)
from documents.editions.record import record_of
from documents.editions.standing import status_line, title
from documents.forms import AdoptionForm, ConfirmationForm, ConsiderationForm
from documents.models import Edition
from documents.reading.frame import group_context
from documents.reading.texts import editions_for
from documents.views.shared import edition_or_404
from mandates.permissions import can_issue, is_chair, is_editor
from mispa.ground.forms import refuse
from mispa.ground.kept import take_up
from mispa.ground.models import User
from mispa.ground.openings import latest_change


@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """Who presides records the adoption; the secretariat fills the same form in for her."""
    edition = edition_or_404(request, group, number)
    presides = is_chair(request.user, edition.plan.group)
    if not (presides or can_issue(request.user, edition.plan.group)):
        raise PermissionDenied
    form = AdoptionForm(request.POST or None, edition=edition)

    def save(**values: Any) -> str:
        seen, opened_from = values.pop("seen"), values.pop("opened_from")
        if presides:
            adopt_plan(**values, seen=seen)
            return _("The adoption is recorded.")
        try:
            prepare_adoption(**values, opened_from=opened_from)
        except PreparedMeanwhile:
            form.put_now(opened_from=str(latest_change()))
            raise
        return _("The adoption is prepared. The chair, or a vice chair acting, records it.")

    shown = editions_for(request.user, edition.plan.group).filter(number=number).first()
    return _answer(request, edition, form, save, "adopt" if presides else "prepare", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def consider(request: HttpRequest, group: str, number: int) -> HttpResponse:
    edition = edition_or_404(request, group, number)
    if not is_editor(request.user, edition.plan.group):
        raise PermissionDenied
    form = ConsiderationForm(request.POST or None, edition=edition)

    def save(**values: Any) -> str:
        consider_plan(**values)
        return _("It is recorded that the meeting considered this edition.")

    return _answer(request, edition, form, save, "consider")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, group: str, number: int) -> HttpResponse:
    edition = edition_or_404(request, group, number)
    if not is_chair(request.user, edition.plan.group):
        raise PermissionDenied
    adoption = getattr(edition, "adoption", None)
    form = ConfirmationForm(request.POST or None, edition=edition)

    def save(edition: Edition, **values: Any) -> str:
        if adoption is None:
            raise ValidationError(_("This edition has not been adopted."))
        confirm_adoption(adoption=adoption, **values)
        return _("The adoption is confirmed.")

    return _answer(request, edition, form, save, "confirm")


def _answer(
    request: HttpRequest,
    edition: Edition,
    form: forms.Form,
    save: Callable[..., str],
    act: str,
    shown: Edition | None = None,
) -> HttpResponse:
    """The form, or after it was sent the edition with what was recorded; 409 where others were quicker.

    `shown` is the edition as its latest corrigendum has it, where that is the text before the meeting.
    """
    assert isinstance(request.user, User)  # noqa: S101 (each of the callers asks for a role)
    take_up(request, form)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            said = save(edition=edition, by=request.user, **form.cleaned_data)
        except (AlreadyAdopted, NewerEdition, PreparedMeanwhile) as error:
            form.add_error(None, str(error))
            status = 409
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, said)
            return redirect(edition)
    record = record_of(shown or edition)
    context = group_context(request, edition.plan.group, "plan") | {
        "edition": shown or edition,
        "record": record,
        "form": form,
        "act": act,
        "text_title": title(record),
        "status_line": status_line(record),
    }
    return render(request, "documents/at_a_meeting.html", context, status=status)

"""The register is read back in from a file: tried first, saved as one change when the person says so."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from documents.actions.importing import NothingToImport
from documents.actions.importing_register import RegisterRefused, Report, State, import_register
from documents.forms import RegisterFileForm
from documents.importing.register_file import LARGEST, NoRegister, read_register
from documents.reading.frame import group_context, group_or_404
from documents.views.shared import InMemory
from mandates.models import WorkingGroup, registered_organs
from mandates.permissions import can_register
from mispa.ground.forms import refuse
from mispa.ground.models import User

MOST_AT_ONCE: Final = 300  # texts that a page reads in; some twenty a second are new, and servers give it half a minute


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # until the handler is there; the inner view asks for the token
def register_import(request: HttpRequest, group: str) -> HttpResponse:
    handler = InMemory.of(request)
    return _read_in(request, group, handler)


@csrf_protect
def _read_in(request: HttpRequest, slug: str, handler: InMemory) -> HttpResponse:
    group = group_or_404(request, slug)
    if not can_register(request.user, group):
        raise PermissionDenied
    assert isinstance(request.user, User)  # noqa: S101 (who registers has signed in)
    form, report = RegisterFileForm(), None
    if request.method == "POST":
        form = RegisterFileForm(request.POST, request.FILES, is_too_large=handler.size > LARGEST)
        report = _report(request.user, group, form) if form.is_valid() else None
        if report and not form.errors and not form.cleaned_data["only_try"]:
            words = {"new": report.count(State.NEW), "changed": report.count(State.CHANGED)}
            messages.success(request, _("Read in as one change: %(new)s new, %(changed)s changed.") % words)
            return redirect("documents:document-list", group.slug)
    context = group_context(request, group, "papers") | {"form": form, "report": report} | _told(report)
    return render(request, "documents/register_import.html", context, status=400 if form.errors else 200)


def _report(by: User, group: WorkingGroup, form: RegisterFileForm) -> Report | None:
    """What the file does, or would do; what stands against it is with the form."""
    data, only_try = form.cleaned_data["file"].read(), form.cleaned_data["only_try"]
    try:
        register = read_register(data, group.name.original, registered_organs())
        if sum(len(paper.states) for paper in register.papers) > MOST_AT_ONCE:
            sentence = _("A page reads %(most)s texts at once. Divide the file, or use the command import_register.")
            form.add_error("file", sentence % {"most": MOST_AT_ONCE})
            return None
        reason = form.cleaned_data["reason"] or _("tried, not saved")
        return import_register(group=group, register=register, by=by, reason=reason, only_try=only_try)
    except NoRegister as error:
        form.add_error("file", str(error))
    except NothingToImport as nothing:
        form.add_error(None, str(nothing))
    except ValidationError as error:
        refuse(form, error)
    except RegisterRefused as error:
        form.add_error(None, _("Nothing was saved. Mend what is refused, and read the file in again."))
        return error.report
    return None


def _told(report: Report | None) -> dict[str, Any]:
    """The papers of which something becomes, and how many stay as they are."""
    if report is None:
        return {}
    outcomes = [one for one in report.outcomes if one.state in {State.NEW, State.CHANGED, State.LEFT_OUT}]
    return {"outcomes": outcomes, "unchanged": report.count(State.UNCHANGED)}

"""What is done to editions: issuing one, opening it, and correcting a misprint in it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents.actions import NothingToIssue, WorkingTextHasChanged, issue_corrigendum, issue_plan, release_plan
from documents.editions import corrections
from documents.editions.record import Records, record_of
from documents.editions.standing import status_line, title
from documents.forms import CorrigendumForm, IssueForm, ReleaseForm
from documents.models import Edition, Release
from documents.reading.frame import group_context, group_or_404, plan_or_404
from documents.reading.texts import editions_for, working_text
from documents.views.shared import edition_or_404, text_context
from mandates.models import WorkingGroup
from mandates.permissions import can_issue, can_release, can_see_circulated
from mispa.ground.forms import refuse
from mispa.ground.kept import take_up
from mispa.ground.models import User


@login_not_required
@require_safe
def edition_list(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    context = group_context(request, found, "plan") | {"items": _items(request, found)}
    return render(request, "documents/edition_list.html", context)


def _items(request: HttpRequest, group: WorkingGroup) -> list[dict[str, Any]]:
    """The editions that the reader may open, each with those releases that she may know of."""
    everybody = Release.Audience.PUBLIC
    knows_all = can_see_circulated(request.user, group)
    editions = list(editions_for(request.user, group))
    if not editions:
        return []
    records = Records(editions[0].plan)
    items = []
    for edition in editions:
        releases = [one for one in edition.releases.all() if knows_all or one.audience == everybody]
        record = records.of(edition)
        items.append(
            {
                "edition": edition,
                "record": record,
                "title": title(record),
                "status_line": status_line(record),
                "releases": releases,
                "is_open_to_all": any(one.audience == everybody for one in releases),
            }
        )
    return items


@require_http_methods(["GET", "HEAD", "POST"])
def edition_create(request: HttpRequest, group: str) -> HttpResponse:
    found = group_or_404(request, group)
    if not can_issue(request.user, found):
        raise PermissionDenied
    assert isinstance(request.user, User)  # noqa: S101 (who may issue has signed in)
    plan = plan_or_404(found)
    reading = working_text(plan)
    form = IssueForm(request.POST or None, initial={"seen": reading.seal})
    take_up(request, form)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            edition = issue_plan(plan=plan, by=request.user, **form.cleaned_data)
        except WorkingTextHasChanged as error:
            form = IssueForm(request.POST.dict() | {"seen": reading.seal})  # what was typed, beside the text of now
            form.add_error(None, str(error))
            status = 409
        except NothingToIssue as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Edition %(number)s is issued and sealed.") % {"number": edition.number})
            return redirect(edition)
    context = group_context(request, found, "plan") | text_context(request, reading) | {"form": form}
    context["latest"] = editions_for(request.user, found).first()
    return render(request, "documents/edition_create.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edition_release(request: HttpRequest, group: str, number: int) -> HttpResponse:
    edition = edition_or_404(request, group, number)
    found = edition.plan.group
    if not can_release(request.user, found):
        raise PermissionDenied
    assert isinstance(request.user, User)  # noqa: S101 (who may release has signed in)
    form = ReleaseForm(request.POST or None, edition=edition, user=request.user)
    take_up(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            release: Release = release_plan(edition=edition, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(
                request, _("The edition is open to %(audience)s.") % {"audience": release.get_audience_display()}
            )
            return redirect(edition)
    record = record_of(edition)
    context = group_context(request, found, "plan") | {"edition": edition, "form": form, "record": record}
    context |= {"text_title": title(record), "is_open_to_all": "public" in record["audiences"]}
    return render(request, "documents/edition_release.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def corrigendum_create(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """What differs in wordings between an edition and the working text, to choose what was a misprint."""
    edition = edition_or_404(request, group, number)
    found = edition.plan.group
    if not can_issue(request.user, found):
        raise PermissionDenied
    assert isinstance(request.user, User)  # noqa: S101 (who may issue has signed in)
    latest: Edition = editions_for(request.user, found).filter(number=number).first()
    reading = working_text(found.plan)
    differences = corrections.differences(latest.text, reading.json_text)
    choices = [one.key for one in differences.wordings]
    form = CorrigendumForm(request.POST or None, choices=choices, initial={"seen": reading.seal})
    take_up(request, form)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            corrigendum = issue_corrigendum(edition=edition, by=request.user, **form.cleaned_data)
        except WorkingTextHasChanged as error:
            sent = request.POST.copy()
            sent["seen"] = reading.seal  # what was typed, beside the text of now
            form = CorrigendumForm(sent, choices=choices)
            form.add_error(None, str(error))
            status = 409
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Issued and sealed: %(edition)s.") % {"edition": corrigendum})
            return redirect(corrigendum)
    record = record_of(latest)
    context = group_context(request, found, "plan") | {
        "edition": latest,
        "record": record,
        "text_title": title(record),
        "form": form,
        "wordings": _side_by_side(latest, differences, {*(form["chosen"].value() or ())}),
        "others": [corrections.where(latest.text, path) for path in differences.others],
    }
    return render(request, "documents/corrigendum_create.html", context, status=status)


def _side_by_side(edition: Edition, differences: corrections.Differences, chosen: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "key": one.key,
            "is_chosen": one.key in chosen,
            "where": corrections.where(edition.text, one.paths[0]),
            "language": one.language,
            "places": len(one.paths),
            "before": one.before,
            "after": one.after,
        }
        for one in differences.wordings
    ]

"""The files of papers: served to who may see the paper; put, replaced and withdrawn by the secretariat."""

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents import actions, forms
from documents.files.serving import file_answer
from documents.models import Revision, RevisionFile
from documents.views.library import rights_over
from mispa.ground.writing import Creation, Subject, create

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

_RELATED = ("symbol", "document__group__body__parent", "document__group__plan")


@login_not_required
@require_safe
def revision_file(request: HttpRequest, pk: UUID, name: str) -> HttpResponseBase:
    """The file itself. An address with the name that it had before leads to the one that it has."""
    found = get_object_or_404(RevisionFile.objects.visible_to(request.user).select_related("stored"), pk=pk)
    if name != found.name:
        return redirect(found)
    return file_answer(request, found.stored, found.media_type, found.name)


def page_of(file_row: RevisionFile) -> str:
    return f"{file_row.revision.get_absolute_url()}#files"


def file(user: "User | AnonymousUser", pk: UUID) -> Subject:
    rows = RevisionFile.objects.open_to(user).select_related("stored", *(f"revision__{one}" for one in _RELATED))
    found: RevisionFile = get_object_or_404(rows, pk=pk)
    document = found.revision.document
    return Subject(
        thing=found,
        noun="documents:file",
        address={"pk": pk},
        **rights_over(user, document),
        form=forms.FileForm,
        options={"document": document},
        revise=partial(actions.revise_file, file_row=found),
        withdraw=partial(actions.withdraw_file, file_row=found),
        restore=partial(actions.restore_file, file_row=found),
        back=page_of,
        context={"group": document.group, "place": "papers"},
        template="documents/file_form.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def file_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file for a state of a paper."""
    states = Revision.objects.open_to(request.user).select_related(*_RELATED)
    found: Any = get_object_or_404(states, pk=pk)
    if not rights_over(request.user, found.document)["may_edit"]:
        raise PermissionDenied
    if found.is_withdrawn or found.document.is_withdrawn:
        raise Http404(_("This state of the paper is withdrawn; restore it first."))
    return create(
        request,
        Creation(
            thing=RevisionFile(revision=found),
            form=forms.FileForm,
            options={"document": found.document},
            create=partial(actions.add_file, revision=found),
            back=page_of,
            find=lambda made: file(request.user, made.pk),
            leave=found.get_absolute_url(),
            context={
                "group": found.document.group,
                "place": "papers",
                "title": _("Add a file"),
                "name": f"{found.symbol.display} · {found.shown_title}",
                "stays_for_ever": found.state == Revision.State.ISSUED,
            },
            template="documents/file_form.html",
        ),
    )

"""Sheets as PDF: the list of documents of a group or a meeting, and the order of business of a meeting."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from documents.models import Rendering
from documents.printing.rendering import sheet_of
from documents.reading.agenda import meetings_of
from documents.reading.asof import only_now
from documents.reading.frame import group_or_404
from documents.reading.sheets import business_of, list_of_documents, papers_of_meeting
from documents.views.library import register_of
from documents.views.shared import being_made, digest, file_response, language_asked
from mandates.models import WorkingGroup
from meetings.models import Meeting


@login_not_required
@require_safe
@only_now
def register_pdf(request: HttpRequest, group: str) -> HttpResponse:
    """All papers of the register that the reader may see."""
    found = group_or_404(request, group)
    return _sheet(
        request, found, "documents", lambda: list_of_documents(request.user, found, register_of(request, found))
    )


@login_not_required
@require_safe
@only_now
def meeting_documents_pdf(request: HttpRequest, group: str, number: int) -> HttpResponse:
    found = group_or_404(request, group)
    meeting = _meeting_or_404(request, found, number)
    papers = papers_of_meeting(request.user, meeting)
    return _sheet(request, found, "documents", lambda: list_of_documents(request.user, found, papers, meeting), meeting)


@login_not_required
@require_safe
@only_now
def meeting_business_pdf(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """Of a meeting that has a topic; without one, nothing is made up."""
    found = group_or_404(request, group)
    meeting = _meeting_or_404(request, found, number)
    if not meeting.topics.all():
        raise Http404(_("No topic of this meeting is named yet."))
    return _sheet(request, found, "order-of-business", lambda: business_of(request.user, found, meeting), meeting)


def _meeting_or_404(request: HttpRequest, group: WorkingGroup, number: int) -> Meeting:
    meeting: Meeting | None = meetings_of(request.user, group).filter(number=number).first()
    if meeting is None:
        raise Http404(_("This group has no meeting %(number)s.") % {"number": number})
    return meeting


def _sheet(
    request: HttpRequest,
    group: WorkingGroup,
    what: str,
    written: Callable[[], dict[str, Any]],
    meeting: Meeting | None = None,
) -> HttpResponse:
    """The PDF in the language of its address; private, and told from others by its content alone."""
    language = language_asked(request, group.name.original)
    with override(language):
        sheet = written()
    name = f"{what}.pdf"
    content = sheet_of(sheet, name, language)
    if isinstance(content, Rendering):
        return being_made(request, group, sheet["heading"], content, place="papers")
    about = f"_meeting-{meeting.number}" if meeting else ""
    shown = f"{group.slug.upper()}{about}_{what}_{sheet['day']}_{language}.pdf"
    return file_response(request, content, "application/pdf", shown, digest(content), inline=True)

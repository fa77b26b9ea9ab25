"""Which delegations take part in a group, and since when; as it is today or was then."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.reading.asof import as_of_context, past_after_sign_in
from documents.reading.delegations import delegations_on, people_of
from documents.reading.frame import group_context, group_or_404
from documents.reading.past import past_asked_for
from mandates.models import Delegation


@login_not_required
@require_safe
@past_after_sign_in
def delegation_list(request: HttpRequest, group: str) -> HttpResponse:
    """Names of persons are for those who may see history, and only those of today."""
    found = group_or_404(request, group)
    past = past_asked_for(request, found)
    if past:
        found = past.group(found)
    today = (past.at if past else timezone.now()).astimezone(found.zone).date()
    every = past.rows(Delegation, group_id=found.pk) if past else Delegation.objects.standing().filter(group=found)
    context = group_context(request, found, "delegations")
    people = people_of(found, today) if context["can_see_history"] and not past else {}
    listed = delegations_on(every, today, found.delegations_order, people)
    context |= as_of_context(request, found, past.at if past else None) | {
        "delegations": listed,
        "shows_since": listed.since is None,
        "others": people.get(None, []),
    }
    return render(request, "mandates/delegation_list.html", context)

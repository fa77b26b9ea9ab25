"""What forms that write carry so that nothing typed is lost: their mark, and what was typed in them before."""

from typing import Any

from django import forms, template
from django.utils.translation import gettext as _

from mispa.ground.kept import FIELD, mark_for, taken_up
from mispa.ground.kept import unsaved as drafts_of

register = template.Library()


@register.inclusion_tag("ground/_opened_as.html", takes_context=True)
def opened_as(context: Any, form: forms.BaseForm, name: Any = "", address: str = "") -> dict[str, Any]:
    """The mark of a form, and the line that says when it was kept; `name` is what the form writes."""
    mark = mark_for(context["request"], form, str(name), address)
    return {"field": FIELD, "mark": mark.signed()}


@register.simple_tag(takes_context=True)
def order_mark(context: Any, address: str) -> str:
    """The mark of an order that a page sends to its address when a line was moved."""
    return mark_for(context["request"], forms.Form(), _("Another order"), address).signed()


@register.inclusion_tag("ground/_unsaved.html", takes_context=True)
def unsaved(context: Any, *addresses: str) -> dict[str, Any]:
    """On a form that was opened anew: what the person typed in it before, to take up or to discard.

    `addresses` are those of the forms of a page that are sent elsewhere.
    """
    request = context["request"]
    if request.method == "POST":
        return {"drafts": [], "taken_up": None}
    draft = taken_up(request)
    drafts = [] if draft else drafts_of(request, addresses)
    return {"drafts": drafts, "taken_up": draft, "csrf_token": context["csrf_token"], "here": request.path}

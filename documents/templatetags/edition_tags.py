"""Editions in templates: addresses of their files, and the rule that says how settled they are."""

from collections.abc import Mapping
from typing import Any

from django import template

from documents.editions.snapshot import wall_times
from documents.models import Edition
from mispa.ground import dates
from mispa.ground.templatetags.looks import rule

register = template.Library()


@register.filter
def file(edition: Edition, extension: str) -> str:
    """{{ edition|file:"pdf" }}: the address of a file of an edition, or of a corrigendum."""
    return edition.address(extension)


@register.simple_tag
def hours_in(meeting: Mapping[str, Any]) -> str:
    """{% hours_in meeting %}: the hours of a meeting of a text; with its days where it lasts several."""
    return dates.hours(*wall_times(meeting))


@register.filter
def rule_of(record: Mapping[str, Any]) -> str:
    """{{ record|rule_of }}: the class of the rule over a text; all that is not adopted is drawn as a draft."""
    status = record["status"]
    return rule(status if status in {"adopted", "superseded"} else "draft")

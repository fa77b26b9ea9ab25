"""Editions in templates: addresses of their files, and the rule that says how settled they are."""

from collections.abc import Mapping
from typing import Any

from django import template

from documents.models import Edition
from mispa.ground.templatetags.looks import rule

register = template.Library()


@register.filter
def file(edition: Edition, extension: str) -> str:
    """{{ edition|file:"pdf" }}: the address of a file of an edition, or of a corrigendum."""
    return edition.address(extension)


@register.filter
def rule_of(record: Mapping[str, Any]) -> str:
    """{{ record|rule_of }}: the class of the rule over a text; all that is not adopted is drawn as a draft."""
    status = record["status"]
    return rule(status if status in {"adopted", "superseded"} else "draft")

"""What a browser does with a form of ours: opens it, keeps what is in it, sends it."""

from datetime import time
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import get_messages
from django.test import Client

from mispa.ground.changes import changes


def opened(client: Client, url: str) -> dict[str, Any]:
    """What the form on a page would send if nothing were typed."""
    page = client.get(url)
    assert page.status_code == 200
    return fields_of(page)


def fields_of(page: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for bound in page.context["form"]:
        value = bound.value()
        if isinstance(value, dict):
            sent |= {f"{bound.name}-{part}": wording for part, wording in value.items()}
        elif isinstance(value, time):
            sent[bound.name] = value.isoformat("minutes")
        elif value not in (None, False):
            sent[bound.name] = list(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return sent


def said(answer: Any) -> list[str]:
    """The messages that the next page will show."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


def errors(page: Any) -> dict[str, list[str]]:
    """What stands beside the fields."""
    return {name: [str(error) for error in found] for name, found in page.context["form"].errors.items()}


def made(factory: Any, **values: Any) -> Any:
    """An object that was there before, made in a change-set of its own."""
    with changes(by=None, reason="made for a test", source="command"):
        return factory(**values)


def send(client: Client, address: str, form: dict[str, Any]) -> Any:
    """As a browser sends a form without files; the client of tests sends its own as if there were some."""
    return client.post(address, urlencode(form, doseq=True), content_type="application/x-www-form-urlencoded")

"""The outbox: mails wait in a table, and a worker hands each to the mail server, once.

A mail is taken by one `UPDATE … WHERE` nobody has it, as files are (`documents.printing.rendering`); several workers
may run beside each other. What a worker took and did not begin to hand over is taken again some minutes later. From
the moment at which handing over begins, the mail server may have the mail whatever happens to us, and nobody can know:
so the row says that it has begun before it begins, and such a mail is not sent again by itself. It is shown to the
administrator, who decides. Its Message-ID never changes, so that a mail program knows a second copy for what it is.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from smtplib import SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from mispa.ground.models import Mail, User

# Composing takes less than a second: a worker that has not begun to hand over by then is taken for dead.
GIVEN_UP_AFTER: Final = timedelta(minutes=5)
# A mail server is away for minutes or for a night; an address that is refused for a week is wrong.
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 1440, 1440, 1440, 1440, 1440))
# So long nothing is heard of a mail only if its worker was stopped or the server fell silent (EMAIL_TIMEOUT).
SILENT_AFTER: Final = timedelta(minutes=10)
_LOOKED_AT: Final = 20  # of many that are due; more workers than that do not run beside each other
KEPT_FOR: Final = timedelta(days=180)  # what was sent, for questions

# The mail server said no, or never saw the mail: it does not have it. All else may be a yes that got lost.
_REFUSALS: Final = (SMTPResponseException, SMTPRecipientsRefused, SMTPNotSupportedError, ValueError)


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a mail, to the octet; `parameters` stand behind its type (`text/calendar`)."""

    name: str
    content: bytes
    content_type: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """The words of a mail to one person, in her language."""

    language: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    enclosures: Sequence[Enclosure] = ()


# The words of a mail as they are now; None if there is nothing to say to this person, or no longer.
Compose = Callable[[Mail], Letter | None]


def put(recipient: User, *, kind: str, about: str) -> Mail:
    """Lays a mail into the outbox; whoever lays it a second time finds the first. Joins the caller's transaction."""
    values = {"not_before": timezone.now()}
    mail, _is_new = Mail.objects.get_or_create(kind=kind, about=about, recipient=recipient, defaults=values)
    return mail


# ---- states


def waiting() -> QuerySet[Mail]:
    """What is to be sent and is in no worker's hands."""
    long_ago = timezone.now() - GIVEN_UP_AFTER
    still = Mail.objects.filter(handed_over_at=None, sent_at=None, dropped_at=None, attempts__lte=len(PAUSES))
    return still.filter(Q(claimed_at=None) | Q(claimed_at__lt=long_ago))


def in_doubt() -> QuerySet[Mail]:
    """What was handed over, and nothing more was heard of it; and what has been refused for too long."""
    handed_over = Mail.objects.filter(handed_over_at__isnull=False, sent_at=None, dropped_at=None)
    refused = Mail.objects.filter(handed_over_at=None, sent_at=None, dropped_at=None, attempts__gt=len(PAUSES))
    return handed_over.exclude(_on_its_way()) | refused


def _on_its_way() -> Q:
    """A worker hands it over just now: the line has not broken, and has not been silent for long."""
    return Q(handed_over_at__gte=timezone.now() - SILENT_AFTER, sent_at=None, problem="")


def state(mail: Mail) -> str:
    """How far a mail is, in a word or two."""
    if mail.dropped_at:
        return gettext("not sent: nothing to say")
    if mail.sent_at:
        return gettext("sent")
    if mail.handed_over_at:
        return gettext("handed over, not confirmed")
    if mail.attempts > len(PAUSES):
        return gettext("refused again and again")
    return gettext("tried, will be tried again") if mail.attempts else gettext("waiting")


def send_once_more(mails: QuerySet[Mail]) -> int:
    """The administrator has found out that these did not arrive; of what is on its way nobody can know that yet."""
    fresh: dict[str, Any] = {"handed_over_at": None, "claimed_at": None, "attempts": 0}
    open_ones = mails.filter(sent_at=None, dropped_at=None).exclude(_on_its_way())
    return open_ones.update(not_before=timezone.now(), **fresh)  # untracked: no text of a group


def count_as_sent(mails: QuerySet[Mail]) -> int:
    """The administrator has found out that these arrived."""
    open_ones = mails.filter(sent_at=None, dropped_at=None).exclude(handed_over_at=None).exclude(_on_its_way())
    return open_ones.update(sent_at=timezone.now())  # untracked: no text of a group


# ---- the worker


def send_next(compose: Compose) -> Mail | None:
    """Sends the mail that has waited longest, if one is due; returns it as it is then."""
    due = waiting().filter(not_before__lte=timezone.now()).order_by("not_before", "made_at", "pk")
    for mail in due.select_related("recipient")[:_LOOKED_AT]:
        claimed_at = timezone.now()
        if waiting().filter(pk=mail.pk).update(claimed_at=claimed_at):  # untracked: no record of anybody's work
            _send(mail, claimed_at, compose)
            return Mail.objects.get(pk=mail.pk)
    return None


def _send(mail: Mail, claimed_at: datetime, compose: Compose) -> None:
    mine = Mail.objects.filter(pk=mail.pk, claimed_at=claimed_at, handed_over_at=None)
    message_id = mail.message_id or f"<{mail.pk}@{urlsplit(settings.ORIGIN).hostname}>"
    try:
        letter = compose(mail) if _can_be_reached(mail.recipient) else None
        message = _message(mail.recipient, letter, message_id) if letter else None
    except Exception as error:  # whatever it is: the administrator is told, and the worker goes on with the next
        logging.getLogger(__name__).exception("a mail could not be written")
        _try_later(mine, mail, error)
        return
    if letter is None or message is None:
        mine.update(dropped_at=timezone.now())  # untracked: no record of anybody's work
        return
    connection = get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        _try_later(mine, mail, error)
        return
    words = {"language": letter.language, "subject": letter.subject, "text": letter.text, "problem": ""}
    begun = mine.update(handed_over_at=timezone.now(), message_id=message_id, **words)  # untracked: the same
    if begun:
        _hand_over(mail, message, connection)
    with suppress(SMTPException, OSError):  # it has the mail, or not, whether we part in peace or not
        connection.close()


def _hand_over(mail: Mail, message: EmailMessage, connection: Any) -> None:
    row = Mail.objects.filter(pk=mail.pk)
    try:
        connection.send_messages([message])
    except _REFUSALS as error:
        _try_later(row, mail, error)
    except OSError as error:  # the line broke: the server may have it or not
        row.update(problem=_words(error))  # untracked: no record of anybody's work
    else:
        row.update(sent_at=timezone.now(), problem="")  # untracked: the same


def _try_later(row: QuerySet[Mail], mail: Mail, error: Exception) -> None:
    pause = PAUSES[min(mail.attempts, len(PAUSES) - 1)]
    free: dict[str, Any] = {"claimed_at": None, "handed_over_at": None, "attempts": mail.attempts + 1}
    row.update(not_before=timezone.now() + pause, problem=_words(error), **free)  # untracked: nobody's work


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _can_be_reached(person: User) -> bool:
    return person.is_active and bool(person.email)


def _message(person: User, letter: Letter, message_id: str) -> EmailMessage:
    """The mail to be sent. Raises ValueError where a header would have two lines, before anything is handed over."""
    headers = {
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": letter.language,
        **letter.headers,
    }
    subject = " ".join(letter.subject.split())
    reply_to = [settings.EMAIL_REPLY_TO] if settings.EMAIL_REPLY_TO else None
    message = EmailMessage(subject, letter.text, None, [person.email], headers=headers, reply_to=reply_to)
    for enclosure in letter.enclosures:
        message.attach(_part(enclosure))
    message.message()
    return message


def _part(enclosure: Enclosure) -> MIMEBase:
    """In base64: as text, its line ends and its letters would be the mail servers' to change."""
    part = MIMEBase(*enclosure.content_type.split("/"))
    for name, value in {**enclosure.parameters, "name": enclosure.name}.items():
        part.set_param(name, value)
    part.set_payload(enclosure.content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=enclosure.name)
    return part


def tidy() -> None:
    """Takes away what was sent, or not sent, long ago."""
    old = Mail.objects.filter(made_at__lt=timezone.now() - KEPT_FOR)
    old.exclude(sent_at=None, dropped_at=None).delete()  # untracked: no record of anybody's work

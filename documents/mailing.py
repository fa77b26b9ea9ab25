"""From a change to the mails about it: which change-sets one mail tells, to whom it goes, and in which words.

Every change-set leaves a posting in the outbox. The worker sorts each into the bundle that tells it, or nowhere: most
are work on the text, of which nobody is told. A bundle waits for some minutes, so that what its author corrects at once
joins it; one that convenes, moves, postpones or cancels a meeting waits until an editor lets it go. Then each follower
gets one mail. Its words are made when it is sent, of what is so then, and of what that person may see then; so is the
calendar file that goes with it, where a meeting was convened, moved or called off.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from documents.models import Bundle, BundledChange, Follow
from documents.reading.news import News, everything_of
from documents.reading.news_lines import Line, OfMeeting, said
from mandates.models import WorkingGroup
from mandates.permissions import can_see_circulated
from meetings.ical import METHOD, published
from meetings.models import Meeting
from mispa.ground.models import ChangeSet, Mail, Posting, User
from mispa.ground.outbox import Enclosure, Letter, put

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

KIND: Final = "changes"
# Who has sent off a wrong hour sees it within minutes; readers need not know of it as soon.
HOLD: Final = timedelta(minutes=10)
# Whoever goes on correcting does not keep the others waiting for ever.
HOLD_AT_MOST: Final = timedelta(hours=1)

_unsubscribe = Signer(salt="documents.following")


# ---- sorting


def sort_next() -> bool:
    """Sorts the posting that has waited longest; False when there is none, or another worker has it."""
    return Posting.objects.exists() and _sort_next()  # looking alone keeps no writer waiting


@transaction.atomic
def _sort_next() -> bool:
    """One after the other, in the order of the changes: two at once would open two bundles about one meeting."""
    waiting = Posting.objects.select_for_update(of=("self",)).select_related("change_set")
    posting = waiting.order_by("change_set_id").first()
    if posting is None:
        return False
    for group in WorkingGroup.objects.standing().order_by("slug").select_related("plan"):
        _sort(group, posting.change_set)
    posting.delete()  # untracked: the change-set stays
    return True


def _sort(group: WorkingGroup, change_set: ChangeSet) -> None:
    news = everything_of(group)
    lines = news.of({change_set.pk})
    if not lines:
        return
    now = timezone.now()
    bundle = _open_bundle(news, change_set, lines)
    if bundle is None and not _follows(group, lines):
        return  # who follows later wants to hear of what is later
    if bundle is None:
        bundle = Bundle.objects.create(group=group, by=change_set.by, opened_at=now, not_before=now)
    BundledChange.objects.create(bundle=bundle, change_set=change_set)
    bundle.not_before = min(now + HOLD, bundle.opened_at + HOLD_AT_MOST)
    bundle.is_call = bundle.is_call or any(line.is_call for line in lines)
    if not news.net({*changes_in(bundle), change_set.pk}):
        bundle.made_at = now  # all of it is taken back: nobody is asked to let it go
    bundle.save(update_fields=["not_before", "is_call", "made_at"])


def _open_bundle(news: News, change_set: ChangeSet, lines: Sequence[Line]) -> Bundle | None:
    """The bundle that tells this as well: of the same person, or of the same meeting.

    Two mails about one meeting would wait beside each other, and the older hour might be read last. It is locked: what
    an editor decides about it, and the making of its mails, comes before this change or after it.
    """
    still = Bundle.objects.select_for_update().waiting().filter(group=news.group, released_at=None, held_at=None)
    bundle: Bundle
    for bundle in still.prefetch_related("changes").order_by("pk"):
        if bundle.by_id == change_set.by_id and change_set.at < bundle.not_before:
            return bundle
        told = frozenset[UUID]().union(*(line.about for line in news.of(changes_in(bundle)) if line.is_call))
        if any(line.is_call and line.about & told for line in lines):
            return bundle
    return None


def changes_in(bundle: Bundle) -> set[int]:
    return {one.change_set_id for one in bundle.changes.all()}


# ---- to whom


def due() -> Any:
    """Bundles whose mails may go now."""
    held_long_enough = Q(is_call=False, not_before__lte=timezone.now())
    return Bundle.objects.waiting().filter(Q(released_at__isnull=False) | held_long_enough, held_at=None)


def make_mails() -> int:
    """Lays the mails of all bundles that are due into the outbox, once; returns how many."""
    number = 0
    for bundle in due().select_related("group__plan").prefetch_related("changes"):
        with transaction.atomic():
            if due().filter(pk=bundle.pk).update(made_at=timezone.now()):  # untracked: no other worker makes them
                lines = everything_of(bundle.group).net(changes_in(bundle))
                people = _recipients(lines, _follows(bundle.group, lines))
                number += len([put(person, kind=KIND, about=str(bundle.pk)) for person in people])
    return number


def _follows(group: WorkingGroup, lines: Iterable[Line]) -> list[Follow]:
    about = frozenset[UUID]().union(*(line.about for line in lines))
    wanted = Follow.objects.filter(Q(group=group) | Q(meeting__in=about) | Q(document__in=about))
    return list(wanted.filter(user__is_active=True).select_related("user").order_by("user_id", "pk"))


def _recipients(lines: Sequence[Line], follows: Iterable[Follow]) -> list[User]:
    """Who follows what a bundle tells of, but for who did it. Whether they may know of it is asked when it goes."""
    about = frozenset[UUID]().union(*(line.about for line in lines))
    authors = {line.change_set.by_id for line in lines}  # of one who did not do it all, she hears the rest too
    found = {
        one.user: None
        for one in follows
        if lines and (one.group_id or {one.meeting_id, one.document_id} & about) and authors != {one.user_id}
    }
    return list(found)


# ---- in which words


def compose(mail: Mail) -> Letter | None:
    """The mail of a bundle to a person, as it must be worded now; None if she is to be told nothing, or no longer."""
    bundle = Bundle.objects.select_related("group__plan").prefetch_related("changes").get(pk=mail.about)
    person = User.objects.get(pk=mail.recipient_id)
    seen = WorkingGroup.objects.visible_to(person).filter(pk=bundle.group_id)
    if not seen.exists() or not can_see_circulated(person, bundle.group):
        return None
    lines = wanted_by(person, bundle.group, News(bundle.group, person).net(changes_in(bundle)))
    if not lines:
        return None
    language = person.language or bundle.group.name.original
    stop = _stop_address(person, bundle.group)
    file = _calendar_file(person, bundle.group, lines, language)
    return Letter(
        language=language,
        subject=subject_of(bundle.group, lines, language),
        text=text_of(bundle.group, lines, language, file=file.name if file else "", stop=stop),
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
            "List-Id": f"<{bundle.group.slug}.changes.mispa>",
        },
        enclosures=[file] if file else [],
    )


def wanted_by(person: User, group: WorkingGroup, lines: Sequence[Line]) -> list[Line]:
    """Of all that could be told, what is about something that the person follows."""
    follows = list(Follow.objects.filter(user=person).values_list("group_id", "meeting_id", "document_id"))
    if any(followed == group.pk for followed, _meeting, _document in follows):
        return list(lines)
    things = {thing for _group, *things in follows for thing in things}
    return [line for line in lines if line.about & things]


def subject_of(group: WorkingGroup, lines: Sequence[Line], language: str) -> str:
    with override(language):
        first, *others = [capfirst(line.headline) for line in lines]
        words = _("%(first)s, and %(number)s more") % {"first": first, "number": len(others)} if others else first
        return " ".join(f"[{said(group.short_name)}] {words}".split())


def text_of(group: WorkingGroup, lines: Sequence[Line], language: str, *, file: str = "", stop: str = "") -> str:
    """Plain text: it is read everywhere, and nothing in it can be hidden or fetched. `file` is enclosed."""
    with override(language):
        parts = [said(group.name)]
        parts += ["\n".join([*line.sentences, settings.ORIGIN + line.url]) for line in lines]
        if any(f"[{code}]" in part for part in parts for code in ("EN", "ES", "FR", "PT")):
            parts.append(_("A language in brackets says that a text is not translated."))
        parts += [_("Enclosed for your calendar: %(file)s") % {"file": file}] if file else []
        names = {"changes": _address("documents:changes", group.slug), "following": _address("documents:following")}
        foot = [
            _("All that changed: %(changes)s") % names,
            _("You get this mail because you follow it. What you follow: %(following)s") % names,
        ]
        foot += [_("No more mails about this group: %(stop)s") % {"stop": stop}] if stop else []
        return "\n\n".join([*parts, "-- \n" + "\n".join(foot)]) + "\n"


def _address(name: str, *where: str) -> str:
    return f"{settings.ORIGIN}{reverse(name, args=where)}"


# ---- with which file


def _calendar_file(person: User, group: WorkingGroup, lines: Sequence[Line], language: str) -> Enclosure | None:
    """The meetings that the lines set or call off, as the person's calendar has them; None where there is none."""
    told = _events_in(lines)
    meetings = Meeting.objects.visible_to(person).filter(pk__in=[one.pk for one in told])
    address = parseaddr(settings.EMAIL_REPLY_TO or settings.DEFAULT_FROM_EMAIL)[1]
    content = published(meetings, group=group, language=language, address=address) if told else b""
    if not content:
        return None
    parameters = {"charset": "utf-8", "method": METHOD}  # RFC 6047, 2.4
    return Enclosure(_file_name(told), content, "text/calendar", parameters)


def _events_in(lines: Iterable[Line]) -> list[Meeting]:
    return [line.step.set_for for line in lines if isinstance(line, OfMeeting) and line.is_event]


def _file_name(meetings: Sequence[Meeting]) -> str:
    if not meetings:
        return ""
    return f"meeting-{meetings[0].number}.ics" if len(meetings) == 1 else "calendar.ics"


# ---- stopping


def _stop_address(person: User, group: WorkingGroup) -> str:
    return _address("documents:following-stop", token_for(person, group))


def token_for(person: User, group: WorkingGroup) -> str:
    """What a link in a mail says in place of signing in: it ends the mails about one group to one person, and no more.

    It holds for as long as the mail may be kept.
    """
    return _unsubscribe.sign(f"{person.pk}:{group.pk}")


def read_token(token: str) -> tuple[User, WorkingGroup] | None:
    try:
        person, group = _unsubscribe.unsign(token).split(":")
    except BadSignature:
        return None
    user, found = User.objects.filter(pk=int(person)).first(), WorkingGroup.objects.filter(pk=group).first()
    return (user, found) if user and found else None


# ---- the waiting ones, for editors


def waiting_in(group: WorkingGroup, user: "User | AnonymousUser") -> list[dict[str, Any]]:
    """Bundles that have not gone, each with its words as they would go now and the people who would get it.

    What was taken back meanwhile, and what nobody follows, is left out: no mail goes.
    """
    news = News(group, user)
    found = Bundle.objects.waiting().filter(group=group).select_related("by", "held_by", "released_by", "group")
    lines = {bundle: news.net(changes_in(bundle)) for bundle in found.prefetch_related("changes").order_by("pk")}
    follows = _follows(group, [line for told in lines.values() for line in told])
    return [
        {"bundle": bundle, "people": people, "texts": (texts := texts_of(group, told)), "seen": seen_in(texts)}
        for bundle, told in lines.items()
        if (people := _recipients(told, follows))
    ]


def seen_in(texts: Sequence[dict[str, str]]) -> str:
    """What an editor has read of a mail that waits, in 64 hex digits: she sends that, and nothing that came since."""
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def texts_of(group: WorkingGroup, lines: Sequence[Line]) -> list[dict[str, str]]:
    """Subject, text and name of the file in each language, as they would go now to who follows the group."""
    file = _file_name(_events_in(lines))
    return [
        {
            "language": code,
            "name": str(name),
            "subject": subject_of(group, lines, code),
            "text": text_of(group, lines, code, file=file),
            "file": file,
        }
        for code, name in settings.LANGUAGES
    ]

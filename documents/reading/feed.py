"""What changed in a group as an Atom feed: the part for everybody, so that the address has one content for all."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid5

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from documents.reading.news_lines import Event, Line, said
from mandates.models import WorkingGroup


class _Feed(Atom1Feed):
    """Its instant comes from what it tells, so that the same data gives the same bytes."""

    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["updated"]
        return updated


def atom(group: WorkingGroup, events: Iterable[Event], language: str, since: datetime) -> bytes:
    """The feed of these events, the latest first; `since` is its instant while there are none.

    An entry's id comes from the identities of group and change-set, which never change.
    """
    told = list(events)
    query = f"?lang={language}" if language != group.name.original else ""
    with override(language):
        feed = _Feed(
            title=_clean(_("%(group)s: what changed") % {"group": said(group.short_name)}),
            link=f"{settings.ORIGIN}{reverse('documents:changes', args=[group.slug])}",
            feed_url=f"{settings.ORIGIN}{reverse('documents:changes-atom', args=[group.slug])}{query}",
            feed_guid=group.pk.urn,
            description="",
            language=language,
            author_name=_clean(said(group.name)),
            updated=told[0].at if told else since,
        )
        for event in told:
            feed.add_item(
                title=_clean(event.headline),
                link=settings.ORIGIN + event.lines[0].url,
                description=_clean("".join(_paragraph(line) for line in event.lines)),
                unique_id=uuid5(group.pk, f"change {event.change_set.pk}").urn,
                pubdate=event.at,
                updateddate=event.at,
            )
        content: str = feed.writeString("utf-8")
    return content.encode()


def _paragraph(line: Line) -> str:
    """What is told of one thing, as HTML: so readers of feeds take a summary."""
    return format_html("<p>{}</p>", format_html_join(mark_safe("<br>"), "{}", ([one] for one in line.sentences)))


def _clean(words: str) -> str:
    """Without the characters that XML cannot carry."""
    return "".join(letter for letter in words if (letter >= " " or letter in "\n\t") and letter not in "\ufffe\uffff")

"""Wordings in templates: `{% says text %}` for a line, `{% prose text %}` for the narrative's Markdown.

Both look into the context: `links` (addresses by canonical symbol), `paper` (true for what is printed), and for the
narrative `notes` (dicts with key, number and text).
"""

from typing import Any, cast

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mandates.prose import inline, paragraph
from mispa.ground.text import Text

register = template.Library()

_CALLED = "notes called"


@register.simple_tag(takes_context=True)
def says(context: Context, text: Text | str | None) -> SafeString:
    """A wording with its symbols linked, and marked where it is not in the language of the page."""
    if not text:
        return SafeString("")
    html = inline(str(text), context.get("links") or {})
    if not isinstance(text, Text):
        return html
    if text.lang != _language_of_page():
        html = format_html('<span lang="{}">{}</span>', text.lang, html)
    mark = _mark(context, text)
    return format_html("{} {}", html, mark) if mark else html


@register.simple_tag(takes_context=True)
def prose(context: Context, text: Text | str | None) -> SafeString:
    """Markdown with its symbols linked; where it calls a note: a mark on the web, the note itself on paper."""
    if not text:
        return SafeString("")
    html = paragraph(str(text), context.get("links") or {}, lambda key: _note(context, key))
    if not isinstance(text, Text):
        return html
    mark = _mark(context, text)
    if context.get("paper"):  # in the margin, before the words that it is about
        html = format_html("{}{}", mark, html)
    if text.lang != _language_of_page():
        html = format_html('<div lang="{}">{}</div>', text.lang, html)
    return format_html("{}<p>{}</p>", html, mark) if mark and not context.get("paper") else html


def _language_of_page() -> str:
    return (get_language() or "")[:2]


def _mark(context: Context, text: Text) -> SafeString:
    """Why the reader does not get this text in her language, or gets an old translation.

    On paper a line under the title says what a bare code means, and the mark is drawn by the style sheet, so that it
    is no part of the words.
    """
    is_foreign = text.lang != _language_of_page()
    if not is_foreign and not text.is_stale(text.lang):
        return SafeString("")
    code, old = text.lang.upper(), _("older than the original")
    if context.get("paper"):
        return format_html('<span class="lang" data-mark="{}"></span>', code if is_foreign else old)
    return format_html(
        '<span class="lang"><b>{}</b> {}</span>', code, _("original · not translated") if is_foreign else old
    )


def _note(context: Context, key: str) -> SafeString:
    note = next((note for note in context.get("notes") or () if note["key"] == key), None)
    if note is None:  # the author sees that the key is wrong
        return format_html("[^{}]", key)
    # At the bottom of the render context, which all templates of one rendering share.
    called = cast("dict[str, set[str]]", context.render_context.dicts[0]).setdefault(_CALLED, set())
    is_first = key not in called
    called.add(key)
    return _on_paper(context, note, is_first) if context.get("paper") else _on_the_web(note["number"], is_first)


def _on_paper(context: Context, note: dict[str, Any], is_first: bool) -> SafeString:
    if is_first:
        return format_html(
            '<span id="call-{0}"></span><span id="note-{0}" class="fn" data-number="{0}">{1}</span>',
            note["number"],
            says(context, note["text"]),
        )
    return format_html('<sup class="fn-again">{}/</sup>', note["number"])


def _on_the_web(number: int, is_first: bool) -> SafeString:
    anchor = format_html(' id="call-{}"', number) if is_first else ""
    label = _("Note %(number)s/") % {"number": number}
    return format_html(
        '<sup><a{} href="#note-{}" role="doc-noteref" aria-label="{}">{}/</a></sup>', anchor, number, label, number
    )

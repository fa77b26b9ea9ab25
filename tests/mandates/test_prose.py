from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from mandates.prose import inline, note_calls, paragraph
from mispa.ground.text import Text

LINKS = {
    "AG/RES. 2735 (XLII-O/12)": "/resolutions/ag-res-2735/",
    "MISPA III/doc.9/11": "/documents/mispa_iii-doc-9-11/",
}


def no_note(key: str) -> SafeString:
    return SafeString("")


# ---- a line


def test_a_symbol_with_an_address_becomes_a_link_as_printed():
    html = inline("See AG/RES. 2735 (XLII-O/12).", LINKS)

    assert html == 'See <a class="sym" href="/resolutions/ag-res-2735/">AG/RES. 2735 (XLII-O/12)</a>.'


def test_another_way_of_printing_finds_the_same_address_and_is_kept():
    html = inline("AG/RES 2735 (XLII-O/2012)", LINKS)

    assert html == '<a class="sym" href="/resolutions/ag-res-2735/">AG/RES 2735 (XLII-O/2012)</a>'


def test_a_revision_without_an_address_leads_to_its_document():
    html = inline("MISPA-III/doc.9/11 rev. 2", LINKS)

    assert html == '<a class="sym" href="/documents/mispa_iii-doc-9-11/">MISPA-III/doc.9/11 rev. 2</a>'


def test_a_revision_with_an_address_of_its_own_leads_there():
    links = {**LINKS, "MISPA III/doc.9/11 rev. 2": "/documents/rev-2/"}

    assert 'href="/documents/rev-2/"' in inline("MISPA III/doc.9/11 rev. 2", links)


def test_a_symbol_without_an_address_is_only_marked():
    assert inline("MISPA/INF.3/08", LINKS) == '<span class="sym">MISPA/INF.3/08</span>'


def test_a_symbol_to_check_is_marked_as_such_and_never_linked():
    assert inline("MISPA/INF. /08", {"MISPA/INF. /08": "/x/"}) == '<span class="sym sym-check">MISPA/INF. /08</span>'


def test_what_stands_around_symbols_is_escaped():
    html = inline("<b>R&D</b> MISPA/INF.3/08 'x'", {})

    assert html == '&lt;b&gt;R&amp;D&lt;/b&gt; <span class="sym">MISPA/INF.3/08</span> &#x27;x&#x27;'


def test_an_address_is_escaped_too():
    assert 'href="/&quot;&gt;&lt;i&gt;"' in inline("MISPA/INF.3/08", {"MISPA/INF.3/08": '/"><i>'})


# ---- Markdown


def test_paragraphs_emphasis_and_lists_are_read():
    html = paragraph("One *two* **three**\n\n- four\n- five\n\n1. six", {}, no_note)

    assert html.replace("\n", "") == (
        "<p>One <em>two</em> <strong>three</strong></p><ul><li>four</li><li>five</li></ul><ol><li>six</li></ol>"
    )


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "![picture](/x.png)",
        "[link](https://example.org/)",
        "<https://example.org/>",
        "# heading",
        "> quotation",
        "`code`",
        "a | b",
    ],
)
def test_the_rest_of_markdown_is_plain_text(markdown):
    html = paragraph(markdown, {}, no_note)

    assert tags_of(html) == ["p"]
    assert text_of(html) == markdown


def test_symbols_are_linked_inside_emphasis_and_across_the_end_of_a_line():
    html = paragraph("Under **AG/RES.\n2735 (XLII-O/12)**", LINKS, no_note)

    assert html == (
        '<p>Under <strong><a class="sym" href="/resolutions/ag-res-2735/">AG/RES.\n2735 (XLII-O/12)</a></strong></p>'
    )


def test_a_note_call_is_replaced_by_what_the_caller_makes_of_its_key():
    html = paragraph("First,[^santiago-2007] second.[^lima]", {}, lambda key: format_html("<sup>{}</sup>", key))

    assert html == "<p>First,<sup>santiago-2007</sup> second.<sup>lima</sup></p>"


def test_a_note_made_unsafe_is_escaped():
    html = paragraph("x[^a]", {}, lambda key: "<script>")

    assert html == "<p>x&lt;script&gt;</p>"


def test_note_calls_are_listed_in_order_of_appearance():
    assert note_calls("One[^b] two[^a].\n\n- **three[^c]** and again[^b]") == ["b", "a", "c", "b"]


@pytest.mark.parametrize("markdown", ["no call", r"\[^a]", "[^A]", "[^a b]", "[a]", "[^]"])
def test_what_only_looks_like_a_call_is_none(markdown):
    assert note_calls(markdown) == []


# ---- never any markup of a wording's own


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data):
        self.text += data


def read(html: str) -> _Reading:
    reading = _Reading()
    reading.feed(html)
    reading.close()
    return reading


def tags_of(html: str) -> list[str]:
    return read(html).tags


def text_of(html: str) -> str:
    return read(html).text


HOSTILE = [
    *("<script>", "</p>", '"><img src=x onerror=alert(1)>', "' onclick='", "<!--", "-->", "]]>", "&lt;", "&#60;"),
    *("javascript:alert(1)", "[x](javascript:alert(1))", "![x](data:text/html,x)", "<javascript:x>", "[x]: y", "\\<"),
    *("[^a]", "[^<b>]", "*", "**", "_", "- ", "1. ", "\n", "\n\n", "    ", "`", "~", "| "),
    *("AG/RES. 2735 (XLII-O/12)", "MISPA III/doc.9/11 rev. 2", "MISPA/INF. /08", "MISPA/INF.3/08", "\u00a0", "\u2028"),
]
wordings = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=12).map("".join)


@given(wordings)
def test_a_line_holds_its_wording_and_nothing_but_marked_symbols(wording):
    reading = read(inline(wording, LINKS))

    assert reading.text == wording
    assert set(reading.tags) <= {"a", "span"}
    assert set(reading.attributes) <= {("class", "sym"), ("class", "sym sym-check"), *addresses()}


@given(wordings)
def test_a_paragraph_holds_nothing_but_the_marks_that_we_make(wording):
    html = paragraph(wording, LINKS, lambda key: format_html("<sup>{}</sup>", key))

    reading = read(html)

    assert set(reading.tags) <= {"p", "em", "strong", "ul", "ol", "li", "br", "a", "span", "sup"}
    names = {(name, value) for name, value in reading.attributes if name != "start"}
    assert names <= {("class", "sym"), ("class", "sym sym-check"), *addresses()}
    assert all((value or "").isdecimal() for name, value in reading.attributes if name == "start")


@given(wordings)
def test_note_calls_are_those_that_a_paragraph_makes(wording):
    called: list[str] = []

    paragraph(wording, {}, lambda key: SafeString(called.append(key) or ""))

    assert note_calls(wording) == called


def addresses() -> set[tuple[str, str]]:
    return {("href", address) for address in LINKS.values()}


# ---- in templates

NOTES = [
    {"key": "lima", "number": 1, "text": Text.of("See MISPA II/doc.9/09 <x>")},
    {"key": "lisbon", "number": 2, "text": Text.of("Relatório", "pt")},
]


def rendered(template: str, **context: object) -> str:
    return Template("{% load prose_tags %}" + template).render(Context(context))


def test_says_links_symbols_with_the_links_of_the_page():
    html = rendered("{% says text %}", text=Text.of("AG/RES. 2735 (XLII-O/12) & more"), links=LINKS)

    assert html == '<a class="sym" href="/resolutions/ag-res-2735/">AG/RES. 2735 (XLII-O/12)</a> &amp; more'


def test_says_takes_a_plain_string_and_nothing():
    assert rendered("{% says text %}|{% says none %}", text="<MISPA/INF.3/08>", none=None) == (
        '&lt;<span class="sym">MISPA/INF.3/08</span>&gt;|'
    )


def test_a_wording_in_another_language_is_marked_on_the_web():
    html = rendered("{% says text %}", text=Text.of("Época", "es"))

    assert html == '<span lang="es">Época</span> <span class="lang"><b>ES</b> original · not translated</span>'


def test_an_older_translation_is_marked_on_the_web():
    text = Text.of("Época", "es", en="Epoch").with_wording("es", "Época nueva")

    assert rendered("{% says text %}", text=text) == (
        'Epoch <span class="lang"><b>EN</b> older than the original</span>'
    )


def test_on_paper_the_mark_is_a_code_that_is_drawn_beside_the_words():
    assert rendered("{% says text %}", text=Text.of("Época", "es"), paper=True) == (
        '<span lang="es">Época</span> <span class="lang" data-mark="ES"></span>'
    )


def test_an_older_translation_is_marked_on_paper_too():
    text = Text.of("Época", "es", en="Epoch").with_wording("es", "Época nueva")

    assert rendered("{% says text %}|{% prose text %}", text=text, paper=True) == (
        'Epoch <span class="lang" data-mark="older than the original"></span>|'
        '<span class="lang" data-mark="older than the original"></span><p>Epoch</p>'
    )


def test_on_paper_prose_in_another_language_has_its_mark_before_it():
    assert rendered("{% prose text %}", text=Text.of("Uno\n\nDos", "es"), paper=True) == (
        '<div lang="es"><span class="lang" data-mark="ES"></span><p>Uno</p>\n<p>Dos</p></div>'
    )


def test_a_text_in_the_language_of_the_paper_has_no_mark():
    assert rendered("{% says text %}{% prose text %}", text=Text.of("One"), paper=True) == "One<p>One</p>"


def test_prose_in_another_language_is_one_marked_block():
    html = rendered("{% prose text %}", text=Text.of("Uno\n\nDos", "es"))

    assert html == (
        '<div lang="es"><p>Uno</p>\n<p>Dos</p></div>'
        '<p><span class="lang"><b>ES</b> original · not translated</span></p>'
    )


def test_a_call_on_the_web_leads_to_its_note():
    html = rendered("{% prose text %}", text=Text.of("In Lima.[^lima]"), notes=NOTES)

    assert html == (
        '<p>In Lima.<sup><a id="call-1" href="#note-1" role="doc-noteref" aria-label="Note 1/">1/</a></sup></p>'
    )


def test_a_second_call_has_no_id_of_its_own_whatever_template_it_stands_in():
    html = rendered(
        "{% for text in texts %}{% prose text %}{% endfor %}",
        texts=[Text.of("One.[^lima]"), Text.of("Two.[^lima][^lisbon]")],
        notes=NOTES,
    )

    assert html.count('href="#note-1"') == 2
    assert html.count('id="call-1"') == 1
    assert html.count('id="call-2"') == 1


def test_paper_has_the_note_where_it_is_first_called_and_then_its_mark():
    html = rendered("{% prose text %}", text=Text.of("One.[^lima] Two.[^lima]"), notes=NOTES, paper=True)

    assert html == (
        '<p>One.<span id="call-1"></span><span id="note-1" class="fn" data-number="1">'
        'See <span class="sym">MISPA II/doc.9/09</span> &lt;x&gt;</span>'
        ' Two.<sup class="fn-again">1/</sup></p>'
    )


def test_a_note_in_another_language_says_so_on_paper():
    html = rendered("{% prose text %}", text=Text.of("One.[^lisbon]"), notes=NOTES, paper=True)

    assert html == (
        '<p>One.<span id="call-2"></span>'
        '<span id="note-2" class="fn" data-number="2"><span lang="pt">Relatório</span>'
        ' <span class="lang" data-mark="PT"></span></span></p>'
    )


def test_a_call_of_no_note_stays_as_typed():
    assert rendered("{% prose text %}", text=Text.of("One.[^peru]"), notes=NOTES) == "<p>One.[^peru]</p>"


def test_two_renderings_do_not_know_of_each_other():
    context = {"text": Text.of("One.[^lima]"), "notes": NOTES}

    assert rendered("{% prose text %}", **context) == rendered("{% prose text %}", **context)

"""Finding document symbols in running text (docs/symbols.md, “In running text”)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mandates.symbols import REGISTERED, SymbolNeedsReview, find_all, parse

calm = settings(deadline=None)


def found(text):
    """What is printed, and the symbol or the reason for review."""
    return [(hit.printed, str(hit.symbol) if hit.symbol else hit.error.reason) for hit in find_all(text)]


def printed(text):
    return [hit.printed for hit in find_all(text)]


def test_hits_come_in_order_with_their_places():
    text = "The Group has before it CP/CSH-1246/10 and, since June, AG/RES. 2735 (XLII-O/12)."

    assert [(hit.start, hit.end, hit.symbol) for hit in find_all(text)] == [
        (24, 38, parse("CP/CSH-1246/10")),
        (56, 80, parse("AG/RES. 2735 (XLII-O/12)")),
    ]


def test_hit_that_needs_review_has_an_error_and_no_symbol():
    (hit,) = find_all("The first paper, MISPA/INF. /08, waits for its number.")

    assert (hit.printed, hit.symbol, hit.error.reason) == ("MISPA/INF. /08", None, "no number")
    assert str(hit.error).startswith("\u201cMISPA/INF. /08\u201d has no number;")


def test_one_symbol_is_found_as_often_as_it_is_printed():
    text = "MISPA III/doc.9/11 rev. 2 is meant where the plan has MISPA-III/doc. 9/11 rev.2."

    assert [str(hit.symbol) for hit in find_all(text)] == ["MISPA III/doc.9/11 rev. 2"] * 2


CITED_IN_2013 = """
Convoked by CP/RES.\u00a0934 (1644/08), the ministers adopted MISPA/doc.7/08 rev. 4. Later came
AG/RES. 2444 (XXXIX-O/09) and CP/RES. 957 (1714/09), with MISPA II/doc.8/09 rev. 4 as the outcome; then
AG/RES. 2540 (XL-O/10), AG/RES. 2629 (XLI-O/11), MISPA III/doc.8/11 rev. 2 and MISPA III/doc.9/11 rev. 2.
Now in force: AG/RES. 2735 (XLII-O/12), CP/RES. 1014 (1915/13) and AG/RES. 2809 (XLIII-O/13).

| AG/RES. 2735 (XLII-O/12) | MISPA-III/doc.9/11 rev. 2; MISPA-III/doc.8/11 rev. 2 |
| CP/RES. 1014 (1915-13)   | none |
| AG/RES. 2809 (XLIII-O/13)| none |

/ Inputs of academics, MISPA/INF. /08.
/\ufffdInputs from the Caribbean, MISPA/INF.3/08.
/ Civil society, MISPA/INF.1/08.
/ Report of the rapporteur (MISPA/RE/doc.7/09 rev. 1 corr. 1).
/ Civil society again: MISPA II/doc. 9/09
/ MISPA-III/RE/doc.7/10 (concept) or MISPA-III/RE/doc.8/10 rev. 1 (report).
/ Caribbean experts, CP/CSH-1246/10\ufffd
"""


def test_work_plan_of_2013_makes_25_mentions_of_20_symbols():
    hits = find_all(CITED_IN_2013)

    assert len(hits) == 25
    assert {str(hit.symbol) if hit.symbol else hit.printed for hit in hits} == {
        "CP/RES. 934 (1644/08)",
        "AG/RES. 2444 (XXXIX-O/09)",
        "CP/RES. 957 (1714/09)",
        "AG/RES. 2540 (XL-O/10)",
        "AG/RES. 2629 (XLI-O/11)",
        "AG/RES. 2735 (XLII-O/12)",
        "CP/RES. 1014 (1915/13)",
        "AG/RES. 2809 (XLIII-O/13)",
        "MISPA/doc.7/08 rev. 4",
        "MISPA II/doc.8/09 rev. 4",
        "MISPA III/doc.8/11 rev. 2",
        "MISPA III/doc.9/11 rev. 2",
        "MISPA/INF. /08",
        "MISPA/INF.3/08",
        "MISPA/INF.1/08",
        "MISPA/RE/doc.7/09 rev. 1 corr. 1",
        "MISPA II/doc.9/09",
        "MISPA III/RE/doc.7/10",
        "MISPA III/RE/doc.8/10 rev. 1",
        "CP/CSH-1246/10",
    }
    assert [hit.printed for hit in hits if hit.error] == ["MISPA/INF. /08"]


@pytest.mark.parametrize(
    "around",
    [
        "({})",
        "[{}]",
        "[{}](/documents/x/)",
        "*{}*",
        "**{}**",
        "_{}_",
        "`{}`",
        "<b>{}</b>",
        "| {} |",
        "|{}|",
        "\u201c{}\u201d",
        "\u00ab{}\u00bb",
        "\u201c{},\u201d",
        "{}.",
        "{}...",
        "{}\u2026",
        "{}; more",
        "{}: more",
        "{}, more",
        "{} \u2013 more",
        "{}\u2014more",
        "{}'s author",
        "{}\u2019s author",
        "{}\u00b9",
        "{}[^1]",
        "{} 1/",
        "{}\n/ note",
        "{}\ufffd",
        "/ {}",
        "no.\u00a0{}",
        "resoluci\u00f3n {}",
    ],
)
@pytest.mark.parametrize(
    "symbol", ["CP/doc.4711/12 rev. 1", "AG/RES. 2735 (XLII-O/12)", "MISPA III/doc.9/11", "CP/CSH-1246/10"]
)
def test_symbol_is_found_whatever_stands_around_it(around, symbol):
    assert printed(around.format(symbol)) == [symbol]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("AG/RES.\n2735 (XLII-O/12)", "AG/RES. 2735 (XLII-O/12)"),
        ("AG/RES. 2735\r\n(XLII-O/12)", "AG/RES. 2735 (XLII-O/12)"),
        ("AG/RES. 2735 (XLII-\nO/12)", "AG/RES. 2735 (XLII-O/12)"),
        ("MISPA\nIII/doc.9/11", "MISPA III/doc.9/11"),
        ("MISPA III/\n   doc.9/11", "MISPA III/doc.9/11"),
        ("CP/doc.4711/12\nrev. 1", "CP/doc.4711/12 rev. 1"),
        ("CP/doc.4711/12 rev.\n1", "CP/doc.4711/12 rev. 1"),
        ("CP/CSH-\n1246/10", "CP/CSH-1246/10"),
    ],
)
def test_symbol_runs_over_the_end_of_a_line(text, canonical):
    assert found(f"See {text}, please.") == [(text, canonical)]


@pytest.mark.parametrize("blank_line", ["\n\n", "\r\n\r\n", "\n  \n", "\u2028\u2028", "\u2029\n"])
def test_symbol_does_not_run_over_a_blank_line(blank_line):
    assert printed(f"CP/doc.4711/12{blank_line}rev. 1") == ["CP/doc.4711/12"]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("CP/doc.4711/12. Rev. 1 follows", ["CP/doc.4711/12"]),
        ("CP/doc.4711/12 reviewed in May", ["CP/doc.4711/12"]),
        ("CP/doc.4711/12 rev. 2 and add. 1", ["CP/doc.4711/12 rev. 2"]),
        ("CP/doc.4711/12 add. 1. A new idea", ["CP/doc.4711/12 add. 1"]),
        ("AG/RES. 2735 (XLII-O/12) (2012)", ["AG/RES. 2735 (XLII-O/12)"]),
        ("CP/RES. 1014 (1915/13)1/", ["CP/RES. 1014 (1915/13)"]),
        ("OEA/Ser.K/XLIX.3. The rest", ["OEA/Ser.K/XLIX.3"]),
        ("OEA/Ser.G\nCP/CSH-1246/10\n5 May 2010", ["OEA/Ser.G", "CP/CSH-1246/10"]),
        ("CP/doc.4711/12\u2013CP/doc.4715/12", ["CP/doc.4711/12", "CP/doc.4715/12"]),
        ("doc. CP/doc.4711/12", ["CP/doc.4711/12"]),
        ("the REMJA VI/doc.21/06 of Santo Domingo", ["REMJA VI/doc.21/06"]),
        ("MISPA II and MISPA III/doc.9/11", ["MISPA III/doc.9/11"]),
        ("CP/doc.1/12,CP/doc.2/12;CP/doc.3/12", ["CP/doc.1/12", "CP/doc.2/12", "CP/doc.3/12"]),
    ],
)
def test_symbol_ends_where_the_sentence_goes_on(text, hits):
    assert printed(text) == hits


@pytest.mark.parametrize(
    ("text", "hit", "reason"),
    [
        ("under AG/RES. 2735, adopted in June", "AG/RES. 2735", "short citation"),
        ("AG/RES. 2735 (hereinafter)", "AG/RES. 2735", "short citation"),
        ("AG/RES. 2809 (XLIII-O/14) says", "AG/RES. 2809 (XLIII-O/14)", "session and year disagree"),
        ("CIDI/RES. 1/17 (XX-O/16) says", "CIDI/RES. 1/17 (XX-O/16)", "years disagree"),
        ("AG/RES. ____ (XLII-O/12) to come", "AG/RES. ____ (XLII-O/12)", "no number"),
        ("AG/doc. /06 add.3 to come", "AG/doc. /06 add.3", "no number"),
        ("AG/doc.XXX to come", "AG/doc.XXX", "no number"),
        ("CP/CSH-XX/10 to come", "CP/CSH-XX/10", "no number"),
        ("CP/doc.--/13 to come", "CP/doc.--/13", "no number"),
        ("CP/doc. 4711 of 2012", "CP/doc. 4711", "no year"),
        ("CP/CSH-1246 of 2010", "CP/CSH-1246", "no year"),
        ("CP/doc.4711/12 rev. was late", "CP/doc.4711/12 rev.", "qualifier without number"),
        ("CP/doc.4711/12 add. 1. a was late", "CP/doc.4711/12 add. 1. a", "lettered addendum"),
        ("CP/doc.4711/12 add. 1-a was late", "CP/doc.4711/12 add. 1-a", "lettered addendum"),
        ("CIES/RES. 499 (XXIX-O/95) was old", "CIES/RES. 499 (XXIX-O/95)", "unknown organ"),
        ("XYZ/doc.3/05 was odd", "XYZ/doc.3/05", "unknown organ"),
        ("C.P./doc.3/05 was odd", "C.P./doc.3/05", "unknown organ"),
        ("MISPA\u20133/doc.9/11 was odd", "MISPA\u20133/doc.9/11", "unknown organ"),
        ("OEA/doc.3/05 was odd", "OEA/doc.3/05", "unknown organ"),
    ],
)
def test_doubtful_symbol_is_found_for_review(text, hit, reason):
    assert found(text) == [(hit, reason)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The Ministers met in Port of Spain on November 17 and 18, 2011.",
        "a choice of and/or 5/08, km/h-5/05, n/a-3/05",
        "NOV/DEC 12/13",
        "A/RES/70/1, S/RES/1540 (2004), A/CONF.192/15, S/PV.1234",
        "AG/RES/68/237",
        "AVI-030/14 and E-123/14",
        "from CP/CSH 12 people came",
        "draft S/C rev. 3",
        "https://example.org/CP/doc.4711/12",
        "https://example.org/#CP/doc.4711/12",
        "www.example.org/CP/doc.4711/12",
        "someone@example.org/CP/doc.4711/12",
        "CP/doc.4711/12.pdf",
        "x/CP/doc.4711/12",
        "non-CP/doc.4711/12",
        "CP/doc.4711/12-E",
        "CP/doc.4711/12bis",
        "CP/doc.4711/12/",
        "CP/doc.4711-4715/12",
        "CP/doc.4711/12-15",
        "CP/ACTA 1988/141/",
        "CP/doc.4711/12 rev. 41/",
        "CP/CP/doc.4711/12",
        "CP/doc.0/12, CP/doc.100000/12, CP/doc.4711/123",
        "cp/csh-1246/10",
        "ag/res. 2735",
        "XYZ/doc. /13",
        "OEA/Ser.L/V/II.49",
    ],
)
def test_nothing_is_found_where_no_symbol_is_printed(text):
    assert find_all(text) == []


def test_complete_symbol_in_small_letters_is_found():
    assert found("see ag/res. 2735 (xlii-o/12)") == [("ag/res. 2735 (xlii-o/12)", "AG/RES. 2735 (XLII-O/12)")]


def test_organ_that_the_secretariat_added_is_no_longer_in_doubt():
    (hit,) = find_all("see CIDIP-VII/doc.3/09", REGISTERED | {"CIDIP-VII"})

    assert str(hit.symbol) == "CIDIP-VII/doc.3/09"


@pytest.mark.parametrize("before", ["\ufdfa", "\u00bd", "\ufb01", "\U0001d5d4 ", "e\u0301", "\u0130", "\t\u2028"])
def test_places_count_in_the_text_itself_whatever_signs_come_before(before):
    symbol = "MISPA\u00a0\u2162/doc.9/11 rev. 2"

    (hit,) = find_all(f"{before} {symbol}")

    assert (hit.start, hit.printed, hit.end) == (len(before) + 1, symbol, len(before) + 1 + len(symbol))
    assert str(hit.symbol) == "MISPA III/doc.9/11 rev. 2"


# Generated texts --------------------------------------------------------

symbols = st.sampled_from(
    """\
AG/RES. 2735 (XLII-O/12)
AG/DEC. 73 (XLIV-O/14) corr. 1
AG/doc.4 (XLVI-E/14)
CP/RES. 1014 (1915/13)
CP/RES. 759 (1217/99) corr. 1
CIDI/RES. 1/17
CIDI/RES. 1/17 (XX-O/17)
RC.23/RES. 1/01 rev. 1 corr. 1
MISPA/INF.3/08
MISPA III/RE/doc.8/10 rev. 1
REMJA-VI/doc.21/06
CP/CSH-1246/10
CP/CAJP-2315/05 add. 1 rev. 1
CAJP/GT/RDI-204/12 rev. 3
CP/OD-1500/04
CP/SA.1433/04
CP/CSH/SA-131/08
CP/ACTA 1988/14
OEA/Ser.G
OEA/Ser.K/XLIX.3""".splitlines()
).map(parse)
words = st.sampled_from(
    ["the Group took note of", "y", "and", "see also", "according to", "(as in", "\u201c", "\u00bd"]
)
joints = st.sampled_from([". ", ", ", "; ", " ", ")\n\n", "\u201d ", "\u00b9 "])


@calm
@given(st.lists(st.tuples(words, symbols, joints), max_size=6))
def test_every_symbol_of_a_sentence_is_recovered(pieces):
    text = "".join(f"{word} {symbol}{joint}" for word, symbol, joint in pieces)

    assert [hit.symbol for hit in find_all(text)] == [symbol for _, symbol, _ in pieces]


@calm
@given(st.lists(st.tuples(words, symbols, joints), max_size=6))
def test_every_displayed_symbol_of_a_sentence_is_recovered(pieces):
    text = "".join(f"{word} {symbol.display}{joint}" for word, symbol, joint in pieces)

    assert printed(text) == [symbol.display for _, symbol, _ in pieces]


signs = st.text(st.sampled_from("ACDEGIMNOPRSVXadegrv0123456789 ./()-_\u2013\u00a0\n,;?\ufdfa\u00bd"), max_size=40)
mixed = st.lists(st.one_of(st.text(max_size=20), signs, symbols.map(str), words), max_size=8).map("".join)


def symbol_or_sentence(text):
    try:
        return parse(text)
    except SymbolNeedsReview as error:
        return str(error)


@settings(deadline=None, max_examples=500)
@given(mixed)
def test_hits_in_any_text_are_in_order_and_agree_with_parse(text):
    last = 0
    for hit in find_all(text):
        assert last <= hit.start < hit.end
        assert text[hit.start : hit.end] == hit.printed
        assert symbol_or_sentence(hit.printed) == (hit.symbol or str(hit.error))
        last = hit.end


@pytest.mark.parametrize(
    "text",
    [
        "A" * 100_000,
        "A/" * 50_000,
        "A-" * 50_000,
        "CP/" * 33_000,
        "CP/doc." * 14_000,
        "MISPA\n" * 16_000,
        "MISPA " + "I" * 100_000,
        "AG/RES. 1 (XLII - " * 5_000 + "(",
        "CP/doc." + "1" * 100_000,
        "CP \n /" * 16_000,
        "A/A 1" * 20_000,
        "www." * 25_000,
        " " * 100_000,
        "\n" * 100_000,
        "\ufdfa" * 20_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_holds_no_symbol_and_does_not_hide_the_next(text):
    hits = [hit for hit in find_all(f"{text}\n\nCP/CSH-1246/10") if hit.symbol]

    assert [hit.printed for hit in hits] == ["CP/CSH-1246/10"]


def test_text_of_many_symbols_gives_them_all():
    assert printed("CP/CSH-1246/10, " * 6_000) == ["CP/CSH-1246/10"] * 6_000

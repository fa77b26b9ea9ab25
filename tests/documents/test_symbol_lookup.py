"""What a person types leads to the one thing that it names, or to those that it may name; else a sentence says why."""

from typing import Any

import pytest

from documents.models import Revision
from tests import factories as make
from tests.conftest import load_mispa_iv

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def mispa_iv(module_db: None) -> Any:
    return load_mispa_iv()


VARIANTS = {
    "mispa-iii-doc-9-11-rev-2": [
        "MISPA III/doc.9/11 rev. 2",
        "MISPA-III/doc.9/11 rev. 2",
        "mispa iii/doc 9/11 rev 2",
        "MISPA III/doc. 9/2011 rev.2",
        "MISPA\N{NO-BREAK SPACE}III/DOC.9/11/rev.2",
        "MISPA III/doc.9/11",
    ],
    "mispa-ii-doc-9-09": ["MISPA II/doc. 9/09", "MISPA-II/doc9/2009", "MISPA II/doc.9"],
    "mispa-re-doc-7-09-rev-1-corr-1": ["MISPA/RE/doc.7/09 rev. 1 corr. 1", "mispa/re/doc 7/2009 rev1 corr1"],
    "mispa-iii-re-doc-8-10-rev-1": ["MISPA-III/RE/doc.8/10 rev. 1"],
    "cp-csh-1246-10": ["CP/CSH-1246/10", "CP/CSH 1246/2010", "cp/csh-1246"],
    "mispa-inf-3-08": ["MISPA/INF.3/08", "MISPA/INF 3/2008"],
}
RESOLUTIONS = {
    "ag-res-2735-xlii-o-12": ["AG/RES. 2735 (XLII-O/12)", "AG/RES 2735 (XLII-O/2012)", "ag/res. 2735"],
    "cp-res-1014-1915-13": ["CP/RES. 1014 (1915-13)", "CP/RES. 1014"],
    "cp-res-934-1644-08": ["CP/RES.\N{NO-BREAK SPACE}934 (1644/08)", "CP/RES 934"],
}


@pytest.mark.parametrize(("slug", "typed"), [(slug, one) for slug, all_of_it in VARIANTS.items() for one in all_of_it])
def test_variants_lead_to_the_one_paper(slug, typed, mispa_iv, client):
    answer = client.get(f"/symbols/{typed}")

    assert (answer.status_code, answer.get("Location")) == (302, f"/documents/{slug}/")


@pytest.mark.parametrize(("slug", "typed"), [(slug, one) for slug, every in RESOLUTIONS.items() for one in every])
def test_variants_lead_to_the_one_resolution(slug, typed, mispa_iv, client):
    answer = client.get(f"/symbols/{typed}")

    assert (answer.status_code, answer.get("Location")) == (302, f"/resolutions/{slug}/")


def test_what_is_printed_without_a_number_leads_to_the_paper_that_prints_it(mispa_iv, client):
    paper = Revision.objects.get(symbol__printed="MISPA/INF. /08")

    assert client.get("/symbols/mispa/inf. /08").get("Location") == paper.get_absolute_url()


def test_of_several_none_is_guessed(mispa_iv, client):
    with make.change_sets.changes(by=None, reason="a namesake", source="command"):
        symbol = make.DocumentSymbolFactory(canonical="MISPA II/doc.9/10", slug="mispa-ii-doc-9-10")
        make.RevisionFactory(symbol=symbol, document__base="MISPA II/doc.9/10")

    page = client.get("/symbols/MISPA II/doc.9")

    assert page.status_code == 200
    assert {"/documents/mispa-ii-doc-9-09/", "/documents/mispa-ii-doc-9-10/"} <= {
        one.get_absolute_url() for one in page.context["revisions"]
    }


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("MISPA III/doc.9/11 rev. 7", "has the symbol"),
        ("MISPA/INF. /09", "has no number"),
        ("XYZ/doc.3/05", "not registered"),
        ("5/9/2013", "not a symbol"),
        ("AG/RES. 9999", "names no session"),
        ("MISPA III/doc.9/11 and MISPA III/doc.8/11", "more than one symbol"),
    ],
)
def test_where_none_fits_the_page_says_why(typed, says, mispa_iv, client):
    page = client.get(f"/symbols/{typed}")

    assert page.status_code == 404
    assert says in page.text


def test_another_revision_is_never_shown_instead(mispa_iv, client):
    page = client.get("/symbols/MISPA III/doc.9/11 rev. 7")

    assert 'href="/documents/mispa-iii-doc-9-11-rev-2/"' in page.text
    assert page.status_code == 404

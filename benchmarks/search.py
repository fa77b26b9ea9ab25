"""How long a search among 100,000 papers takes beside one among 1,000: `python benchmarks/search.py [SMALL LARGE]`.

On SQLite, or on PostgreSQL: `bin/with-postgres .venv/bin/python benchmarks/search.py`. It makes a database of its own
and takes it away. Each search is a page as a reader gets it, through all middleware; its time is the shortest of
several, because whatever else the machine does only makes it longer. Exits with 1 where the pages of the larger number
take more than twice as long together, or any asks the database more often.
"""

import os
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mispa.settings")
os.environ.setdefault("SECRET_KEY", "for a database that is thrown away")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{tempfile.gettempdir()}/search-benchmark.sqlite3")

import django

django.setup()

from django.db import connection, transaction
from django.test import Client
from django.test.utils import (
    override_settings,
    setup_test_environment,
    teardown_test_environment,
)

from documents.models import Document, Revision, SearchEntry
from documents.searching.sources import SOURCES
from mandates.models import Body, Delegation, Membership, RegisteredSymbol, WorkingGroup
from mandates.symbols import REGISTERED
from mispa.ground.changes import changes
from mispa.ground.models import User
from mispa.ground.text import LANGUAGES, Text

SIZES: Final = (1_000, 100_000)
TIMES: Final = 5
SEED: Final = 2013
PAPERS: Final = next(source for source in SOURCES if source.model is Document)
BATCH: Final = 2_000
BEGINNINGS: Final = {"en": "Report on", "es": "Informe sobre", "fr": "Rapport sur", "pt": "Relatório sobre"}
SYLLABLES: Final = "ba ca de fi go lu mé ní pa qui ro sa tu vo xe zá".split()  # noqa: SIM905 (so it can be read)
SEARCHES: Final = {
    "one symbol": "CP/doc.500/13",
    "the same, misspelt": "cp/DOC 500/2013",
    "a number": "500",
    "a rare word": "word-990",
    "a word of one paper in ten": "word-9",
    "a word of every paper": "report",
    "the beginning of that word": "rep",
    "two common words": "report word-0",
    "words of two languages": "informe report",
    "a sentence": "report on word-0 word-1",
    "a stop word": "on",
    "nothing": "xyzzyq",
    "narrowed": "informe&year=2012&language=es&status=document:issued",
    "the third page": "report&page=3",
}


class Words:
    """A vocabulary in which the n-th word stands in one title of n + 1 or so, as in a natural language."""

    def __init__(self) -> None:
        chance = random.Random(SEED)
        self.chance = chance
        found: dict[str, None] = {}
        while len(found) < 1_000:
            found["".join(chance.choices(SYLLABLES, k=chance.randint(3, 5)))] = None
        self.all = list(found)
        self.weights = [1 / (place + 1) for place in range(len(self.all))]

    def title(self) -> Text:
        some = " ".join(self.chance.choices(self.all, self.weights, k=6))
        other = self.chance.choice(LANGUAGES[1:])
        return Text.of(f"{BEGINNINGS['en']} {some}", **{other: f"{BEGINNINGS[other]} {some}"})


@contextmanager
def database() -> Iterator[None]:
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
        teardown_test_environment()


def people() -> tuple[list[WorkingGroup], dict[str, Client]]:
    """A group for everybody and a hidden one, and who asks: the public and a delegate."""
    with changes(by=None, reason="for the benchmark", source="command"):
        body = Body.objects.create(name=Text.of("Committee on Rivers"))
        words = {name: Text.of("Rivers") for name in ("name", "short_name", "place")}
        groups = [
            WorkingGroup.objects.create(slug=slug, body=body, is_public=slug == "rivers", **words)
            for slug in ("rivers", "lakes")
        ]
        clients = {"the public": Client()}
        since = {"group": groups[0], "since": date(2013, 1, 1)}
        delegation = Delegation.objects.create(code="UY", name=Text.of("Uruguay"), **since)
        user = User.objects.create(username="delegate")
        Membership.objects.create(user=user, role="delegate", delegation=delegation, **since)
        clients["delegate"] = Client()
        clients["delegate"].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return groups, clients


def fill(groups: list[WorkingGroup], words: Words, first: int, last: int) -> None:
    """Papers with the numbers from first to last: one in ten in the hidden group, one in three limited."""
    for begin in range(first, last + 1, BATCH):
        symbols, papers, states = [], [], []
        for number in range(begin, min(begin + BATCH, last + 1)):
            canonical = f"CP/doc.{number % 90_000 + 1}/{10 + number // 90_000 + number % 4:02}"
            symbol = RegisteredSymbol(canonical=canonical, printed=canonical, slug=f"paper-{number}", state="in use")
            is_limited = number % 3 == 0
            paper = Document(
                base=canonical,
                title=words.title(),
                kind="report",
                distribution="limited" if is_limited else "general",
                is_public=not is_limited,
                group=groups[number % 10 == 0],
            )
            symbols.append(symbol)
            papers.append(paper)
            states.append(Revision(document=paper, symbol=symbol, position=1000, state="issued"))
        for rows in (symbols, papers, states):
            insert(rows)
        entries = PAPERS.entries([paper.pk for paper in papers], REGISTERED)
        insert([*entries], without_id=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def insert(rows: list[Any], without_id: bool = False) -> None:
    """As they are, without a history; the ORM would take ten times as long."""
    columns = [one for one in type(rows[0])._meta.concrete_fields if not (without_id and one.primary_key)]
    names = ", ".join(connection.ops.quote_name(one.column) for one in columns)
    values = [[one.get_db_prep_save(getattr(row, one.attname), connection) for one in columns] for row in rows]
    table, places = type(rows[0])._meta.db_table, ", ".join(["%s"] * len(columns))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", values)


def measure(words: Words, clients: dict[str, Client]) -> dict[tuple[str, str], tuple[float, int]]:
    """Milliseconds and queries of each search of each reader."""
    found = {}
    for what, typed in SEARCHES.items():
        for place in sorted(range(1_000), reverse=True):
            typed = typed.replace(f"word-{place}", words.all[place])
        for who, client in clients.items():
            address = f"/search/?q={typed}"
            asked: list[str] = []
            with connection.execute_wrapper(
                lambda run, sql, *rest, asked=asked: (asked.append(sql), run(sql, *rest))[1]
            ):
                answer = client.get(address)
            assert answer.status_code == 200, answer.status_code
            times = []
            for _time in range(TIMES):
                begin = perf_counter()
                client.get(address)
                times.append(1_000 * (perf_counter() - begin))
            found[what, who] = min(times), len(asked)
    return found


def main(sizes: tuple[int, ...]) -> int:
    words, measured, done = Words(), [], 0
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with database(), override_settings(STORAGES=plain, SECURE_SSL_REDIRECT=False, ALLOWED_HOSTS=["testserver"]):
        groups, clients = people()
        for size in sizes:
            begin = perf_counter()
            fill(groups, words, done, size - 1)
            done = size
            seconds = perf_counter() - begin
            print(f"{size} papers, {SearchEntry.objects.count()} entries, filled in {seconds:.0f} s", flush=True)
            measured.append(measure(words, clients))
    few, many = measured
    print(f"{connection.vendor}: milliseconds of a page among {sizes[0]} and {sizes[1]} papers, and queries")
    for (what, who), (before, queries) in few.items():
        after, queries_after = many[what, who]
        print(f"{what:28} {who:12} {before:7.1f} {after:7.1f}  x {after / before:4.1f}  {queries:3} {queries_after:3}")
    total, total_after = (sum(time for time, _queries in one.values()) for one in measured)
    more = [what for what, (_time, queries) in few.items() if many[what][1] > queries]
    print(f"all together {total:.0f} {total_after:.0f}  x {total_after / total:.2f}; more queries: {len(more)}")
    return int(total_after > 2 * total or bool(more))


if __name__ == "__main__":
    asked: Any = tuple(map(int, sys.argv[1:3]))
    sys.exit(main(asked or SIZES))

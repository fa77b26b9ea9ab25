"""Nothing is forgotten: what the parts of the project promise one another, asked of all parts at once."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from mandates.models.group import RESERVED_SLUGS
from mispa.ground.models import Tracked
from tests.world import url_names

ROOT = Path(settings.BASE_DIR)
APPS = ("mispa", "mandates", "meetings", "documents")
TEMPLATES = {str(path.relative_to(ROOT / "templates")): path for path in sorted((ROOT / "templates").rglob("*.html"))}
CODE = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
STATIC = ROOT / "mispa" / "static" / "mispa"
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
KEBAB = re.compile(r"[a-z]+(-[a-z]+)*")
TRACKED = [model for model in apps.get_models() if issubclass(model, Tracked)]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# ---- models


def test_no_migration_is_missing(db, capsys):
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)

    assert capsys.readouterr().out == "No changes detected\n"


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model.__name__)
def test_a_tracked_model_has_a_history_and_no_many_to_many_field(model):
    """A field of many links would show today's links in the history: links are rows, tracked themselves."""
    assert model.history.model._meta.get_field("change_set").null is False
    assert model._meta.many_to_many == ()


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model.__name__)
def test_nothing_takes_a_tracked_row_away_with_it(model):
    deletions = {field.remote_field.on_delete.__name__ for field in model._meta.fields if field.is_relation}

    assert deletions <= {"PROTECT"}


# ---- addresses


def first_words(resolver: Any) -> set[str]:
    """The fixed words with which addresses begin."""
    words = set()
    for entry in resolver.url_patterns:
        route = str(entry.pattern)
        if route == "" and isinstance(entry, URLResolver):
            words |= first_words(entry)
        elif route and not route.startswith("<"):
            words.add(route.split("/")[0])
    return words


def test_no_group_can_take_the_first_word_of_an_address():
    words = first_words(get_resolver()) | {settings.STATIC_URL.strip("/")}

    assert words - RESERVED_SLUGS == set()


@pytest.mark.parametrize("name", url_names())
def test_an_address_has_a_name_in_kebab_case(name):
    assert all(KEBAB.fullmatch(part) for part in name.split(":"))


def test_no_address_has_the_name_of_another():
    def names(resolver: URLResolver, space: str) -> list[str]:
        found = []
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                found.append(f"{space}{entry.name}")
            elif entry.namespace != "admin":
                found += names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        return found

    every = names(get_resolver(), "")
    assert len(every) == len(set(every))


# ---- templates


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_can_be_read_and_is_a_page_or_a_fragment(name):
    get_template(name)

    is_fragment = Path(name).name.startswith("_") or name.startswith("pdf/") or name == "base.html"
    parent = re.match(r"\{% extends \"(.+?)\" %\}", read(TEMPLATES[name]))
    assert is_fragment or name == "_bare.html" or (parent and parent[1] in TEMPLATES)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_has_no_style_and_no_script_of_its_own(name):
    text = read(TEMPLATES[name])

    inline = re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text)
    assert (inline == []) or (name.startswith("pdf/") and set(inline) <= {"<style"})


def test_every_template_is_used():
    # Django and its libraries ask for these by themselves.
    by_name = {"400.html", "403.html", "404.html", "500.html"}
    everything = "\n".join(map(read, [*TEMPLATES.values(), *CODE]))

    assert {name for name in TEMPLATES if f'"{name}"' not in everything} - by_name == set()


def test_every_static_file_that_is_named_exists():
    named = {path for text in map(read, TEMPLATES.values()) for path in re.findall(r"{% static ['\"](.+?)['\"]", text)}

    assert named
    assert {path for path in named if finders.find(path) is None} == set()


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_a_stylesheet_asks_for_nothing_that_is_not_here(sheet):
    named = re.findall(r"url\(['\"]?(.+?)['\"]?\)", read(sheet))

    assert [path for path in named if not path.startswith("data:") and not (sheet.parent / path).exists()] == []
    assert "@import" not in read(sheet)


def test_every_typeface_has_its_licence_beside_it():
    fonts = STATIC / "fonts"
    families = {path.name.split("-")[0].capitalize() for path in fonts.glob("*.woff2")}

    assert families
    assert {path.name for path in fonts.glob("OFL-*.txt")} == {f"OFL-{family}.txt" for family in families}


# ---- settings and words for people


def environment_variables() -> set[str]:
    """What settings.py reads, through its own helpers or not, and what dj_database_url reads."""
    names = {"DATABASE_URL"}
    for node in ast.walk(ast.parse(read(ROOT / "mispa" / "settings.py"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func)
            if called in {"os.environ.get", "os.getenv", "_number", "_truth", "_words"}:
                names.add(str(node.args[0].value))
    return names


def test_the_readme_names_every_environment_variable_and_no_other():
    table = read(ROOT / "README.md").split("## Settings")[1].split("\n## ")[0]

    assert set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE)) == environment_variables()


def test_the_readme_names_every_command():
    commands = [path.stem for app in APPS for path in (ROOT / app).glob("management/commands/[a-z]*.py")]

    assert [name for name in commands if f"manage.py {name}" not in read(ROOT / "README.md")] == []


@pytest.mark.parametrize(
    "page", sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]), ids=lambda path: path.name
)
def test_links_between_documents_lead_somewhere(page):
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", read(page)) if "://" not in link]

    assert [link for link in links if link and not (page.parent / link).exists()] == []


# ---- dependencies


def requirements() -> list[str]:
    project = tomllib.loads(PYPROJECT)["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["test"]]


def test_every_dependency_is_exact_and_says_why_it_is_there():
    lines = {line.split('"')[1]: line for line in PYPROJECT.splitlines() if re.match(r'\s+"[^"]+==', line)}

    assert set(requirements()) == set(lines)
    assert [line for line in lines.values() if not re.search(r",\s+# \w.{8,}", line)] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "tests/requirements.lock"])
def test_a_lock_has_the_sum_of_every_package_and_no_address(lock):
    text = read(ROOT / lock)
    packages = re.split(r"\n(?=\S)", re.sub(r"^#.*\n|^\s+#.*\n", "", text, flags=re.MULTILINE).strip())

    assert "://" not in text
    assert [package for package in packages if "==" not in package or "--hash=sha256:" not in package] == []


def test_locks_pin_what_the_project_asks_for():
    pinned = set(re.findall(r"^([\w.-]+==[\w.]+)", read(ROOT / "tests/requirements.lock"), re.MULTILINE))

    asked = {re.sub(r"\[.*?\]", "", requirement) for requirement in requirements()}
    assert asked - pinned == set()


def test_no_pattern_has_a_possessive_group():
    """Python before 3.11.5, such as Debian's, matches `(…)?+` and its like wrongly."""
    possessive = re.compile(r"[)}][?*+]\+|\)\{[0-9,]+\}{1,2}\+")
    found = [path.name for app in APPS for path in (ROOT / app).rglob("*.py") if possessive.search(read(path))]

    assert found == []

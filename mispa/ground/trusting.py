"""Writing very much at once: the CHECKs of the tables are left to the database, which asks them anyway.

Asked beforehand, each costs a query of its own; a plan of four hundred things has some four thousand of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import CheckConstraint

is_trusting: ContextVar[bool] = ContextVar("is_trusting", default=False)


@contextmanager
def database_checks() -> Iterator[None]:
    """Inside, only the database asks the CHECKs of what is saved. Only inside `changes`, which is then given up whole.

    What it refuses is a ValidationError with the sentence of the rule, as if it had been asked beforehand.
    """
    token = is_trusting.set(True)
    try:
        yield
    except IntegrityError as error:
        raise ValidationError(_sentence(str(error)) or str(error)) from error
    finally:
        is_trusting.reset(token)


def _sentence(refusal: str) -> str:
    """What a rule says, found by its name in what the database said."""
    for model in apps.get_models():
        for rule in model._meta.constraints:
            if isinstance(rule, CheckConstraint) and rule.name in refusal:
                return str(rule.violation_error_message)
    return ""

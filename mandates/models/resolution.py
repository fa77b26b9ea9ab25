"""Symbols, taken once and for ever, and the resolutions that give a group its mandates."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mandates.symbol_words import explain
from mandates.symbols import REGISTERED, Symbol, SymbolError, SymbolNeedsReview, parse
from mispa.ground.models import Tracked, TrackedQuerySet
from mispa.ground.text import LanguagesField, original_is_there

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User


class RegisteredOrgan(Tracked):
    """An organ that the secretariat has added to those that symbols may begin with (rule N9)."""

    name = models.CharField(
        _("first part of its symbols"),
        max_length=30,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9.-]*\Z", _("Use capital letters, digits, dots and hyphens."))],
    )

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("organ")
        verbose_name_plural = _("organs")
        constraints = [
            models.UniqueConstraint(
                "name",
                name="registeredorgan_name_is_unique",
                violation_error_message=_("This organ is already registered."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


def registered_organs() -> frozenset[str]:
    """The organs of rule N9, and those that the secretariat has added."""
    return REGISTERED | frozenset(RegisteredOrgan.objects.standing().values_list("name", flat=True))


class RegisteredSymbol(Tracked):
    """A symbol as it was printed, and its canonical form, which is unique. Never deleted, never used again.

    Without a canonical form it is pending: not given yet, or not readable until a person has looked (`review` says
    what is wrong, in the words of `SymbolNeedsReview.reason`). Nothing is guessed.
    """

    class State(models.TextChoices):
        IN_USE = "in use", _("in use")
        PENDING = "pending", _("pending")
        WITHDRAWN = "withdrawn", _("withdrawn")

    printed = models.CharField(_("as printed"), max_length=200, blank=True, default="")
    canonical = models.CharField(_("symbol"), max_length=200, null=True, blank=True)  # noqa: DJ001 (NULL is not unique)
    slug = models.SlugField(_("address"), max_length=200, null=True, blank=True)  # noqa: DJ001 (likewise)
    state = models.CharField(_("state"), max_length=16, choices=State)
    review = models.CharField(_("to check"), max_length=64, blank=True, default="")

    class Meta:
        ordering = ["canonical", "id"]
        verbose_name = _("symbol")
        verbose_name_plural = _("symbols")
        constraints = [
            models.UniqueConstraint(
                "canonical",
                name="registeredsymbol_canonical_is_unique",
                violation_error_message=_("This symbol is taken; a symbol is used once and for ever."),
            ),
            models.UniqueConstraint(
                "slug",
                name="registeredsymbol_slug_is_unique",
                violation_error_message=_("This symbol is taken; a symbol is used once and for ever."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["in use", "pending", "withdrawn"]),
                name="registeredsymbol_state_is_known",
                violation_error_message=_("Choose in use, pending or withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(state="pending", canonical__isnull=True, slug__isnull=True)
                | Q(~Q(state="pending"), canonical__isnull=False, slug__isnull=False, review=""),
                name="registeredsymbol_pending_has_no_canonical",
                violation_error_message=_("A symbol in use has its canonical form; a pending one has none."),
            ),
        ]

    def __str__(self) -> str:
        return self.canonical or self.printed or str(_("symbol pending"))

    @classmethod
    def read(cls, printed: str) -> Self:
        """An unsaved row for a symbol as printed. Raises SymbolError, in words for the reader, if it is none."""
        organs = registered_organs()
        try:
            symbol = parse(printed, organs)
        except SymbolNeedsReview as doubt:
            return cls(printed=printed.strip(), state=cls.State.PENDING, review=doubt.reason)
        return cls(printed=printed.strip(), canonical=str(symbol), slug=symbol.slug, state=cls.State.IN_USE)

    @property
    def parsed(self) -> Symbol | None:
        """What `mandates.symbols` reads in the canonical form; None while the symbol is pending."""
        if self.canonical is None:
            return None
        return parse(self.canonical, REGISTERED | {self.canonical.split("/")[0]})

    @property
    def display(self) -> str:
        """For the eye: with the no-break space of rule N7."""
        parsed = self.parsed
        return parsed.display if parsed else str(self)


def _shown(owner: str) -> Q:
    """What belongs to a group that is shown to everybody."""
    return Q(**{f"{owner}__group__is_public": True, f"{owner}__group__is_withdrawn": False})


class ResolutionQuerySet(TrackedQuerySet):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those that a released text or a held ministerial meeting names; for people with a role or an office, all."""
        if user.is_authenticated and (user.is_staff or user.memberships.in_force_now().exists()):
            return self
        released = Q(symbol__mentions__edition__releases__audience="public") & _shown("symbol__mentions__edition__plan")
        held = Q(bases__is_withdrawn=False, bases__meeting__is_withdrawn=False, bases__meeting__status="held")
        named = released | (held & (Q(bases__meeting__group__isnull=True) | _shown("bases__meeting")))
        return self.filter(id__in=self.model._default_manager.filter(named).values("id"))


class Resolution(Tracked):
    """A resolution or declaration of the Assembly, the Council or another organ; shared by all groups that cite it.

    Two resolutions may have the same title, so nothing is looked up by title.
    """

    symbol = models.OneToOneField(RegisteredSymbol, models.PROTECT, related_name="resolution", verbose_name=_("symbol"))
    title = LanguagesField(_("title"))
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    effect = LanguagesField(_("what it did for the process"), null=True, blank=True)

    objects: ClassVar[Any] = ResolutionQuerySet.as_manager()

    class Meta:
        ordering = ["symbol__canonical", "id"]
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        constraints = [original_is_there("title", "resolution"), original_is_there("effect", "resolution")]

    def __str__(self) -> str:
        return str(self.symbol)

    def get_absolute_url(self) -> str:
        return reverse("documents:resolution-detail", args=[self.symbol.slug or self.id])

    def clean(self) -> None:
        if hasattr(self, "symbol") and self.symbol.canonical:
            try:
                parsed = self.symbol.parsed
            except SymbolError as error:
                raise ValidationError({"symbol": explain(error)}) from error
            if parsed and parsed.kind not in {"RES", "DEC"}:
                raise ValidationError({"symbol": _("This is the symbol of a document, not of a resolution.")})

"""What a test may change while the site runs: read from JSON, shown as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from standin.budgets import Budget
from standin.faults.chaos import ChaosRules
from standin.tokens import TokenRules
from standin.world.shop.cast import Shape
from standin.world.shop.fronts import FRONT_CALLED

RENDERINGS = ("server", "shell", "random")
GATES = frozenset({"signed", "login"})
LARGEST_BYTES = 1 << 32
"""Sizes inside an MP4 file have 32 bits."""


class BadSettingError(ValueError):
    """A setting was given in a way the site does not understand; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force (`POST /__standin__/settings`)."""

    day: int = 0
    """Days since the population's epoch: posts and counters grow with it."""
    rendering: str = "server"
    """How profile and hashtag pages come: `server`, `shell` (left to their script) or `random`."""
    open: frozenset[str] = frozenset()
    """Gates left open: `signed` answers signed endpoints to anybody, `login` the search to guests."""
    budgets: tuple[Budget, ...] = ()
    """What identities and exits may ask for."""
    tokens: TokenRules | None = None
    """How msTokens go stale; without rules, nobody looks at them."""
    chaos: ChaosRules | None = None
    """Trouble by chance."""
    video_bytes: int = 0
    """Size of every video's file; 0 for small ones after their length."""
    shop_regions: tuple[str, ...] = tuple(FRONT_CALLED)
    """Countries whose storefront is served; addresses of the others lead back to the main site."""
    exit_regions: Mapping[str, str] = field(default_factory=dict)
    """Country of an exit, by a shell pattern of its name or address; the others are in the United States."""
    product_shape: str = "any"
    """Shape of product pages: `A`, `B`, `C`, or `any`, drawn for each product."""

    def __post_init__(self) -> None:
        if self.day < 0:
            raise BadSettingError(f"day: {self.day} is before the population's first")
        if not 0 <= self.video_bytes < LARGEST_BYTES:
            raise BadSettingError(f"video_bytes: {self.video_bytes} is not between 0 and {LARGEST_BYTES}")
        if self.rendering not in RENDERINGS:
            raise BadSettingError(f"rendering: {self.rendering!r} is none of {', '.join(RENDERINGS)}")
        if not self.open <= GATES:
            raise BadSettingError(f"open: gates are {', '.join(sorted(GATES))}")
        unknown = {*self.shop_regions, *self.exit_regions.values()} - set(FRONT_CALLED)
        if unknown:
            name = "shop_regions" if unknown & set(self.shop_regions) else "exit_regions"
            raise BadSettingError(f"{name}: {min(unknown)!r} is none of {', '.join(FRONT_CALLED)}")
        if self.product_shape not in ("any", *Shape):
            raise BadSettingError(f"product_shape: {self.product_shape!r} is none of any, {', '.join(Shape)}")

    def changed(self, wishes: Mapping[str, Any]) -> Settings:
        """Return these settings with some of them replaced."""
        names = [setting.name for setting in fields(self)]
        unknown = sorted(set(wishes) - set(names))
        if unknown:
            raise BadSettingError(f"{unknown[0]}: unknown, settings are {', '.join(names)}")
        try:
            return replace(self, **{name: _READERS[name](wish) for name, wish in wishes.items()})
        except (TypeError, ValueError) as error:
            raise BadSettingError(str(error)) from None

    def shown(self) -> dict[str, Any]:
        """Return the settings as JSON values."""
        return asdict(self) | {"open": sorted(self.open)}


def _number(name: str) -> Callable[[Any], int]:
    def read(wish: Any) -> int:
        if not isinstance(wish, int):
            raise BadSettingError(f"{name}: {wish!r} is not a whole number")
        return wish

    return read


_READERS: dict[str, Callable[[Any], Any]] = {
    "day": _number("day"),
    "rendering": str,
    "open": frozenset,
    "budgets": lambda wish: tuple(Budget(**budget) for budget in wish or ()),
    "tokens": lambda wish: None if wish is None else TokenRules(**wish),
    "chaos": lambda wish: None if wish is None else ChaosRules(**wish),
    "video_bytes": _number("video_bytes"),
    "shop_regions": tuple,
    "exit_regions": dict,
    "product_shape": str,
}

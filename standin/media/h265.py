"""H.265: one grey picture per size of the ladder. Its arithmetic coder is a program of its own, so these few bytes
were made once, by x265 from a plain colour, and are kept deflated.
"""

from __future__ import annotations

from base64 import b64decode
from functools import lru_cache
from typing import NamedTuple
from zlib import decompress


class _Grey(NamedTuple):
    configuration_bytes: int
    deflated: str


_GREYS = {
    (576, 1024): _Grey(
        111,
        "eNpjZExgYGCYwAACsR8Y/vz98YOBgZ95AQMjg4QDIw/j//8gBcwgFcwgFDt1BudCoKS2EyMjmswCliYGB7HIyCWTuQ9EMYGE"
        "wISNwCKgejYXxoOFi4WAtmzUYFyjyyHGExXUosjhJNDiMF/J7fW/6MUGCyAGMW6W8NGAmsnAdwPGYmZgaYGxWW1grIIDUBYz"
        "E5TBAdPB9wLKEA6AMkQLoAxxAShDAiYlAZOSgnlH2gDG+AAAZX4pUA==",
    ),
    (720, 1280): _Grey(
        111,
        "eNpjZExgYGCYwAACsR8Y/vz98YOBgZ95AQMjg4QDIw/j//8gBcwgFcwgFDt1BudCoKS2EyMjmswC1kUMAWKRkUsmcx+IYgIJ"
        "gQkbgUVA9WwujAcLFwsxMDAKazCu0eUS6y8W27o2O+oakIiZr+T2+l/0YoMFUKOAaFODhI8GgssgJIDEYWbgjEDi8nEgOIyR"
        "SIoyEGwZAwTbIAHBtkNiux5AsL2R2P4OCHYAkngkkng0EjsWSU0ikngqEjsdSU3WAQCeuzE3",
    ),
    (1080, 1920): _Grey(
        110,
        "eNpjZExgYGCYwAACFR8Y/vz98YOBgZ95AQMjg4QDIw/j//8gBcwgFcwgVDF1BudCoKSWEyMjmswCJpkGOdZpYZkqhz6INTSA"
        "xIAEP8sioHI2F8aDhYuFGBiY0jQY1+jyi5evVdf0CpqyFEHMV3J7/S96scECqHkI5OUg4aOBIcrMIPABiyAD1w0sosIBmIKM"
        "tzHEeDkwhLQeYAg5OmAIhR3AEMrCFCojSqgE0/g6TFWNDRhCTZhCazGF1pArtAJT6Aym0F1MoVdEqcIi9AhT6DJRQjcbAPax"
        "R3I=",
    ),
}
"""By width and height: the `hvcC` record, then a picture that needs no other."""


class Still(NamedTuple):
    """What a player needs to know, and the picture."""

    configuration: bytes
    picture: bytes


@lru_cache
def still(width: int, height: int) -> Still:
    """Return a picture of this size."""
    grey = _GREYS[width, height]
    both = decompress(b64decode(grey.deflated))
    return Still(both[: grey.configuration_bytes], both[grey.configuration_bytes :])

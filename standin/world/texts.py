"""Words from which names, captions and comments are put together; all invented here."""

from __future__ import annotations

FIRST_NAMES = (
    "ada", "bela", "cato", "dina", "emre", "fay", "gus", "hana", "ivo", "juno", "kito", "lena", "milo",
    "nour", "odin", "pia", "quin", "rosa", "sami", "tova", "ugo", "vera", "wim", "yara", "zeno",
)  # fmt: skip
LAST_NAMES = (
    "amber", "brook", "cedar", "dune", "ember", "fjord", "grove", "heath", "iris", "jade", "kelp", "lake",
    "moss", "north", "olive", "pine", "quartz", "reef", "sage", "thorn", "umber", "vale", "willow", "yew",
)  # fmt: skip
SUBJECTS = (
    "my grandmother's kitchen", "the last train home", "a very small garden", "my neighbour's parrot",
    "the old bicycle", "a bowl of noodles", "the rain on Tuesday", "this wooden chair", "the school choir",
    "a lost umbrella", "our first tent", "the corner bakery", "a clock without hands", "the ferry at dawn",
)  # fmt: skip
REMARKS = (
    "took longer than expected", "and nobody noticed", "in under a minute", "with no music at all",
    "explained slowly", "one year later", "before and after", "as requested", "part two",
    "the honest version",
    "for the patient ones", "and yes it works",
)  # fmt: skip
SIGNS = ("", " ✨", " 🌿", " 😂", " 🚲", " 🍜", " 👀", "")
COMMENTS = (
    "I watched this twice", "where did you find that", "same here", "please do part three", "so calm",
    "my brother does exactly this", "this helped a lot, thank you", "wait for the end",
    "first time I see it",
    "who else is here on a Sunday", "the colours are lovely", "no way",
)  # fmt: skip
TAGS = (
    "funny", "cooking", "garden", "travel", "bicycle", "music", "drawing", "cats", "books", "repair",
    "hiking", "science", "sewing", "coffee", "history", "chess", "ocean", "trains", "pottery", "baking",
)  # fmt: skip
EXTRA_TAGS = ("fyp", "viral", "learn", "slowlife", "tutorial", "smallthings", "weekend", "trending")
SOUND_TITLES = (
    "Morning Tram", "Paper Boats", "Nine Lanterns", "Soft Landing", "Cardboard Moon", "Low Tide",
    "Second Breakfast", "Tin Roof", "Quiet Parade", "Long Corridor",
)  # fmt: skip
REGIONS = ("US", "GB", "DE", "BR", "JP", "ID", "MX", "FR")
LANGUAGES = ("en", "en", "en", "pt", "de", "id", "es", "fr")

UNUSUAL = (
    "👩‍👩‍👧‍👦 family 🏳️‍🌈 flags 🇧🇷🇯🇵 and keycaps 1️⃣",
    "مرحبا بالعالم في الحديقة #حديقة",
    "שלום עולם, גינה קטנה",
    "zero\u200bwidth \u202eright to left\u202c and a\u0301ccents",
    "cut emoji at the end \ud83d",
    "\udc00 begins with half a character",
    'line one\nline two\ttabbed "quoted" back\\slash </script> & <b>',
    "𝕱𝖗𝖆𝖐𝖙𝖚𝖗 漢字 かな 한글 ไทย",
    "",
    "nul-free but \u2028 separated \u2029 here",
)
"""Captions that break careless code: joiners, right-to-left text, lone surrogates, markup, nothing at all."""

"""Words from which makers, titles, shops and reviews are put together; all invented here."""

from __future__ import annotations

MAKERS = (
    "Northfold", "Tamarisk", "Ottoline", "Lumo & Daughters", "Quaywork", "Pebblery", "Velo Nord", "Hazelrow",
    "Marrow Lane", "Sixpenny", "Alder Works", "Bluntwood", "Kitewell", "Morrow", "Saltmill", "Teasel",
)  # fmt: skip
QUALITIES = (
    "Slim", "Everyday", "Foldable", "Soft", "Sturdy", "Light", "Quiet", "Handmade", "Washable", "Reusable", "Classic",
    "Compact", "Cosy", "Plain",
)  # fmt: skip
REMARKS = (
    "Gift Box Included", "Two Pack", "for Small Flats", "with Spare Parts", "Matte Finish", "for Beginners",
    "Easy to Clean", "New Edition", "Fits in a Pocket", "for Travel", "with Manual", "Plastic Free",
)  # fmt: skip
SHOPS = (
    "Corner Shop", "Trading Post", "Supply", "Goods", "Market Hall", "Outfitters", "Warehouse", "& Sons", "Atelier",
    "Direct",
)  # fmt: skip
COLOURS = ("Sage", "Ink", "Oat", "Rust", "Plum", "Fog")
SIZES = ("Small", "Medium", "Large")
REVIEWS = (
    "Does what it says", "Arrived a day early", "Smaller than I thought", "My second one already",
    "The colour is lovely", "Good, but the box was dented", "Bought it for my aunt", "Not for me",
)  # fmt: skip
MATERIALS = ("Cotton", "Steel", "Beech", "Silicone", "Wool", "Glass", "Paper", "Cork")
UNUSUAL_TITLE = 'Mug ☕ "quoted" <b>&amp; bold</b> شاي \u202eتأي\u202c 👩‍🍳 ½ litre\u200b'
"""A title that breaks careless code: emoji, right-to-left text, markup, joiners."""

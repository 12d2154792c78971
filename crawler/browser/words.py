"""Words and selectors of TikTok's rendered pages (facts A.6, 2026): what changes when TikTok changes its looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tiktok.routes import SHOP_LISTS, Operation

MODAL_CROSS = '[data-e2e="modal-close-inner-button"]'
MODAL_CLOSER = f'{MODAL_CROSS}, :text-is("Continue as guest")'
"""What closes the invitation to log in."""

SOFT_ERROR = "Something went wrong"
"""Shown where a fetch of the page failed, above a button."""
REFRESH_WORD = "Refresh"
REFRESH = f'button:text-is("{REFRESH_WORD}")'
"""That button."""

UNFOLDER = '[data-e2e="view-more-1"]'
"""What unfolds the replies to a comment."""


@dataclass(frozen=True, slots=True)
class Manual:
    """How a page is made to show what an operation wants."""

    item: str
    """A row of the list: whatever holds the last one is scrolled."""
    container: str | None = None
    """What scrolls even where no row is known by its selector; the window does on all pages."""
    opener: str | None = None
    """What must be clicked before anything is fetched."""
    more: str | None = None
    """A button that brings the list's next rows, where scrolling does not."""
    unfolder: str | None = None
    """What brings more of a row."""


_SHOP_CARDS = Manual('a[href*="/pdp/"]', more='button:text-is("View more")')
"""All lists of the shop (facts of the shop, 6); the button becomes "No more products" at the end."""

MANUALS: Mapping[Operation, Manual] = MappingProxyType(
    {
        Operation.PROFILE_VIDEOS: Manual('[data-e2e="user-post-item"]', "#main-content-others_homepage"),
        Operation.HASHTAG_VIDEOS: Manual('[data-e2e="challenge-item"]'),
        Operation.SOUND_VIDEOS: Manual('[data-e2e="music-item"]'),
        Operation.SEARCH_VIDEOS: Manual('[data-e2e="search_top-item"]', "#grid-main"),
        Operation.SEARCH_USERS: Manual('[data-e2e="search-user-container"]', "#grid-main"),
        Operation.COMMENTS: Manual(
            '[data-e2e="comment-level-1"]',
            "#main-content-video_detail",
            opener='[data-e2e="comment-icon"]',
            unfolder=UNFOLDER,
        ),
        Operation.TRENDING: Manual('[data-e2e="recommend-list-item-container"]'),
        **dict.fromkeys(SHOP_LISTS, _SHOP_CARDS),
    }
)
"""Lists; a record needs nothing done."""

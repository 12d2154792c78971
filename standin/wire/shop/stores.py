"""`shop_info`: a store's own facts, on its page and beside each of its products."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from standin.wire.moment import Cdn
from standin.wire.shop.addresses import store_url
from standin.wire.shop.pictures import shop_logo
from standin.world.shop.catalogue import Catalogue
from standin.world.shop.lists import in_store
from standin.world.shop.sellers import Seller


@lru_cache(maxsize=1024)
def shop_info(seller: Seller, catalogue: Catalogue, day: int, cdn: Cdn) -> dict[str, Any]:
    """Return a store's facts; its counters are the sums over what it shows."""
    products = in_store(catalogue, seller, day)
    receptions = [product.reception(day) for product in products]
    sold = sum(one.sold for one in receptions)
    reviews = sum(one.reviews for one in receptions)
    stars = sum(one.score * one.reviews for one in receptions) / reviews / 10 if reviews else 0.0
    followers = seller.followers(day)
    return {
        "seller_id": seller.id,
        "sold_count": sold,
        "on_sell_product_count": len(products),
        "review_count": reviews,
        "global_seller_id": seller.id,
        "global_sold_count": str(sold),
        "followers_count": str(followers),
        "video_count": str(seller.words[5] % 900),
        "enable_follow": True,
        "shop_name": seller.name,
        "shop_logo": shop_logo(seller, cdn),
        "shop_rating": f"{stars:.1f}",
        "shop_link": store_url(seller),
        "format_sold_count": rounded(sold),
        "region": seller.front.region,
        "display_on_sell_product_count": str(len(products)),
        "format_global_sold_count": rounded(sold),
        "shop_slogan": f"{seller.name}: things that last",
        "format_followers_count": f"{rounded(followers // 10 * 10)}+",
        "format_video_count": str(seller.words[5] % 900),
        "store_sub_score": [
            {
                "score": part / 100,
                "type": kind,
                "score_percentage": str(part),
                "high_light_tag": 0,
                "platform_rate_type": 0,
            }
            for kind, part in enumerate((40 + word % 60 for word in seller.words[6:9]), start=1)
        ],
        "shop_exp_scores": [
            {
                "experience_format_description": "Fair",
                "experience_format_type": 2,
                "format_numeric_score": f"{40 + seller.words[9] % 60}%",
                "format_score": "Fair",
                "score": (40 + seller.words[9] % 60) / 100,
                "score_description": "Positive feedback",
                "score_level": 1,
                "score_percentage": str(40 + seller.words[9] % 60),
                "shop_sub_score_type": 4,
            }
        ],
        "background": {"image": shop_logo(seller, cdn), "is_default": True, "shop_background_type": 3},
        "worst_rating": "0",
        "best_rating": "5",
        "creator_name": seller.name,
        "desc": f"Shop {seller.name} on TikTok Shop! {rounded(sold)} sold, {rounded(followers)} followers.",
    }


def rounded(count: int) -> str:
    """Return a counter as texts have it: cut to one digit behind the point, `24.7K`, `1.2M`."""
    for size, letter in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")):
        if count >= size:
            tenths = count * 10 // size
            return f"{tenths // 10}.{tenths % 10}{letter}" if tenths % 10 else f"{tenths // 10}{letter}"
    return str(count)

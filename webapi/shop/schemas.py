"""What this family takes and gives."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from webapi.extensions.schemas import Moment
from webapi.services.account_sessions import LONGEST_NAME
from webapi.services.shop_products import DEFAULT_RESULTS
from webapi.shop.documents import API, BROWSER, SOURCES, STATIC

LONGEST_CATEGORY = 100
LONGEST_PATTERN = 200


class Words(fields.String):
    """Text whose spaces at both ends don't count."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> str:
        return super()._deserialize(value, attr, data, **more).strip()


def _category() -> Words:
    return Words(
        load_default=None,
        validate=validate.Length(min=1, max=LONGEST_CATEGORY),
        metadata={
            "description": "Words for a kind of product, or a category's number or address.",
            "example": "electronics",
        },
    )


def _use_cache() -> fields.Boolean:
    return fields.Boolean(
        load_default=True, metadata={"description": "false asks TikTok, whatever the cache holds."}
    )


class ShopSearchArgsSchema(Schema):
    """What to search, and how much of it."""

    q = Words(required=True, validate=validate.Length(min=2, max=200), metadata={"example": "iphone case"})
    max_results = fields.Integer(load_default=DEFAULT_RESULTS, validate=validate.Range(min=1, max=100))
    use_cache = _use_cache()


class ShopTrendingArgsSchema(Schema):
    """Of which category, and how much of it."""

    category = _category()
    max_results = fields.Integer(load_default=DEFAULT_RESULTS, validate=validate.Range(min=1, max=50))
    use_cache = _use_cache()


class ShopRefreshArgsSchema(Schema):
    """What to refresh."""

    category = _category()


class ShopClearArgsSchema(Schema):
    """What to remove: one of the two."""

    pattern = fields.String(
        validate=validate.Length(min=1, max=LONGEST_PATTERN),
        metadata={"description": "Keys by `*`, `?` and `[abc]`.", "example": "search:*"},
    )
    all = fields.Boolean(load_default=False)

    @validates_schema
    def check(self, given: dict[str, Any], **_: Any) -> None:
        if given["all"] == ("pattern" in given):
            raise ValidationError("Give either a pattern, or all=true.", "pattern")


class ShopProductSchema(Schema):
    """A product; what TikTok did not tell, or masked, is null."""

    id = fields.String(required=True, metadata={"example": "1729447605324124806"})
    title = fields.String(required=True, allow_none=True)
    price = fields.Float(required=True, allow_none=True, metadata={"example": 29.9})
    original_price = fields.Float(required=True, allow_none=True)
    currency = fields.String(required=True, allow_none=True, metadata={"example": "USD"})
    discount = fields.String(required=True, allow_none=True, metadata={"example": "50% OFF"})
    image_url = fields.String(required=True, allow_none=True)
    product_url = fields.String(required=True, allow_none=True)
    shop_name = fields.String(required=True, allow_none=True)
    seller_id = fields.String(required=True, allow_none=True)
    sales_count = fields.Integer(required=True, allow_none=True)
    rating = fields.Float(required=True, allow_none=True)
    review_count = fields.Integer(required=True, allow_none=True)
    source = fields.String(required=True, validate=validate.OneOf(list(SOURCES.values())))


class ShopVariantSchema(Schema):
    """What of a product can be bought."""

    id = fields.String(required=True)
    properties = fields.Dict(required=True, metadata={"example": {"Color": "Black"}})
    price = fields.Float(required=True, allow_none=True)
    original_price = fields.Float(required=True, allow_none=True)
    stock = fields.Integer(required=True, allow_none=True)
    is_available = fields.Boolean(required=True, allow_none=True)


class ShopDetailedProductSchema(ShopProductSchema):
    """A product with all that its page tells."""

    description = fields.String(required=True, allow_none=True)
    categories = fields.List(fields.String(), required=True)
    image_urls = fields.List(fields.String(), required=True)
    is_available = fields.Boolean(required=True, allow_none=True)
    variants = fields.List(fields.Nested(ShopVariantSchema), required=True)


class ShopRecordArgsSchema(Schema):
    """Whether the cache may answer."""

    use_cache = _use_cache()


class ShopRecordSchema(Schema):
    """A product, and where it comes from."""

    product = fields.Nested(ShopDetailedProductSchema, required=True)
    cached = fields.Boolean(required=True)
    cache_ttl = fields.Integer(required=True, allow_none=True)
    scraper_type = fields.String(required=True, validate=validate.OneOf([API, BROWSER]))
    stale = fields.Boolean(required=True)
    fetched_at = fields.String(required=True, metadata={"example": "2025-07-07T10:30:00Z"})


class ShopProductsSchema(Schema):
    """Products, and where they come from."""

    products = fields.List(fields.Nested(ShopProductSchema), required=True)
    total = fields.Integer(required=True, metadata={"description": "Of this answer."})
    cached = fields.Boolean(required=True)
    cache_ttl = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Seconds for which the cache has it."}
    )
    scraper_type = fields.String(required=True, validate=validate.OneOf([API, BROWSER, STATIC]))
    stale = fields.Boolean(
        required=True, metadata={"description": "An old answer, because TikTok gives no new one."}
    )
    complete = fields.Boolean(required=True, metadata={"description": "TikTok has no more of them."})
    truncated = fields.String(
        required=True, allow_none=True, metadata={"description": "Why some are missing."}
    )
    fetched_at = fields.String(required=True, metadata={"example": "2025-07-07T10:30:00Z"})


class ShopStatsSchema(Schema):
    """The cache's figures, over all processes."""

    total_keys = fields.Integer(required=True)
    hits = fields.Integer(required=True)
    misses = fields.Integer(required=True)
    hit_rate = fields.Float(required=True, metadata={"description": "Per cent.", "example": 89.8})
    trending_cached = fields.Boolean(required=True)
    search_queries_cached = fields.Integer(required=True)
    memory_used_mb = fields.Float(required=True, metadata={"example": 45.6})


class ShopDoneSchema(Schema):
    """That it was done."""

    status = fields.String(required=True, metadata={"example": "success"})
    message = fields.String(required=True, metadata={"example": "Cache limpo: 1542 chaves removidas"})


class ShopQueuedSchema(ShopDoneSchema):
    """The refresh that was queued."""

    status = fields.String(required=True, metadata={"example": "queued"})
    message = fields.String(required=True, metadata={"example": "Refresh agendado em background"})
    category = fields.String(required=True, allow_none=True)
    job_id = fields.Integer(required=True)


class ShopHealthSchema(Schema):
    """Whether TikTok Shop can be asked now."""

    status = fields.String(required=True, validate=validate.OneOf(["healthy", "degraded", "error"]))
    api_accessible = fields.Boolean(
        required=True, metadata={"description": "Plain requests are answered, without a browser."}
    )
    cookies_valid = fields.Boolean(
        required=True, metadata={"description": "Of an account, where there is one; else of a guest."}
    )
    cookie_expires = Moment(
        required=True,
        allow_none=True,
        metadata={"description": "When the last of them ends, where that is known."},
    )
    endpoints_tested = fields.List(fields.String(), required=True)
    response_time_ms = fields.Float(required=True, metadata={"example": 245.67})
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why it is not healthy."})


class NewSessionSchema(Schema):
    """Cookies, and what to call them."""

    account_name = Words(
        required=True, validate=validate.Length(min=1, max=LONGEST_NAME), metadata={"example": "main"}
    )
    cookies = fields.Raw(
        required=True,
        metadata={
            "description": "Cookie-Editor's list; Playwright's storage state; or text: a cookies.txt, or a header."
        },
    )
    user_agent = Words(
        validate=validate.Length(min=1, max=500),
        metadata={"description": "Of the browser that the cookies are from: they belong together."},
    )


class SessionSchema(Schema):
    """A session of TikTok; nothing secret is in it."""

    id = fields.Integer(required=True)
    account_name = fields.String(required=True)
    status = fields.String(required=True, metadata={"description": "`ready`, `cooling` or `expired`."})
    is_logged_in = fields.Boolean(required=True)
    cookies_valid = fields.Boolean(required=True)
    cookie_expires = fields.String(required=True, allow_none=True)
    days_until_expiry = fields.Integer(required=True, allow_none=True)
    health = fields.Integer(
        required=True, metadata={"description": "0 to 100: spent by refusals, mended by answers."}
    )
    last_used_at = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True, metadata={"description": "What last went wrong."})


class SessionsSchema(Schema):
    """A client's own sessions."""

    sessions = fields.List(fields.Nested(SessionSchema), required=True)
    total = fields.Integer(required=True)


class SessionCookieSchema(Schema):
    """How one of the critical cookies stands."""

    name = fields.String(required=True)
    present = fields.Boolean(required=True)
    expires = fields.String(required=True, allow_none=True)
    days_left = fields.Integer(required=True, allow_none=True)


class SessionHealthSchema(SessionSchema):
    """A session and its critical cookies."""

    cookies = fields.List(fields.Nested(SessionCookieSchema), required=True)


class RefusedCookieSchema(Schema):
    """A cookie that was not taken."""

    name = fields.String(required=True)
    reason = fields.String(required=True)


class AddedSessionSchema(ShopDoneSchema):
    """What became of the cookies."""

    session = fields.Nested(SessionSchema, required=True)
    refused = fields.List(fields.Nested(RefusedCookieSchema), required=True)
    warnings = fields.List(fields.String(), required=True)


class RefreshScheduleSchema(Schema):
    """What is refreshed by itself, and when."""

    name = fields.String(required=True)
    every_seconds = fields.Integer(required=True)
    is_enabled = fields.Boolean(required=True)
    last_run_at = fields.String(required=True, allow_none=True)
    next_run_at = fields.String(required=True, allow_none=True)


class RefreshStatusSchema(Schema):
    """How the refreshing goes."""

    running = fields.Boolean(required=True, metadata={"description": "A worker is there to do it."})
    last_scrape = fields.String(required=True, allow_none=True, metadata={"example": "2025-07-07T10:30:00Z"})
    products_scraped = fields.Integer(required=True, metadata={"example": 1542})
    errors = fields.Integer(
        required=True, metadata={"description": "Lists that could not be read.", "example": 3}
    )
    schedules = fields.List(fields.Nested(RefreshScheduleSchema), required=True)

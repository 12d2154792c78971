"""How well the caches of answers do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from store.cache import Cache, CacheLost


class CacheFigures(Collector):
    """The caches' figures as metrics; none of one that is away."""

    def __init__(self, caches: Mapping[str, Cache]) -> None:
        self._caches = caches

    def collect(self) -> Iterable[Metric]:
        """Tell them all."""
        ratio = GaugeMetricFamily("tiktok_cache_hit_ratio", "Share of hits, 0 to 1", labels=["cache"])
        hits = CounterMetricFamily("tiktok_cache_hits", "Answers from the cache", labels=["cache"])
        misses = CounterMetricFamily("tiktok_cache_misses", "Answers that were not in it", labels=["cache"])
        keys = GaugeMetricFamily("tiktok_cache_keys", "Answers in the cache", labels=["cache"])
        size = GaugeMetricFamily("tiktok_cache_bytes", "Keys and answers", labels=["cache"])
        for name, cache in self._caches.items():
            try:
                stats = cache.stats()
            except CacheLost:
                continue
            ratio.add_metric([name], stats.hit_rate)
            hits.add_metric([name], stats.hits)
            misses.add_metric([name], stats.misses)
            keys.add_metric([name], stats.keys)
            size.add_metric([name], stats.memory_bytes)
        return (ratio, hits, misses, keys, size)

    def describe(self) -> Iterable[Metric]:
        """Let nobody ask a cache when this is registered."""
        return []

"""Puts the gateway where Crawl4AI's own database manager is, and takes it away again."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterable
from typing import Any

from ._cache import GatewayCache
from ._gateway import Gateway
from ._operations import Outcome

_MODULE = "crawl4ai.async_database"
_NAME = "async_db_manager"

_own: Any = None
_in_use: GatewayCache | None = None


def use(
    url: str | None = None,
    *,
    api_key: str | None = None,
    outcome: Outcome = "SUCCESS",
    max_age: int | None = None,
    ttl_days: int | None = None,
    timeout: float = 15.0,
) -> GatewayCache:
    """Make Crawl4AI use the gateway at `url` as its cache, from now on and in the whole process.

    url: the gateway, such as http://127.0.0.1:4000; left out, the environment's CRAWLGATE_URL.
    api_key: sent as `Authorization: Bearer`; left out, the environment's CRAWLGATE_KEY, or none.
    outcome: SUCCESS answers the last good result although a later crawl failed; ANY answers the newest, even a failure.
    max_age: seconds; what was crawled, or confirmed by its origin, longer ago is a miss. Left out: any age.
    ttl_days: days until results stored from here expire. Left out: as the gateway is set up.
    timeout: seconds for one step of a request; connecting has at most two.

    CrawlerRunConfig.cache_mode decides as always whether a crawl reads and writes the cache.
    """
    global _own, _in_use  # noqa: PLW0603 (Crawl4AI has one cache a process, too)
    address = url or os.environ.get("CRAWLGATE_URL")
    if not address:
        raise ValueError("name the gateway: crawlgate.use(url) or CRAWLGATE_URL")
    gateway = Gateway(address, api_key=api_key or os.environ.get("CRAWLGATE_KEY") or None, timeout=timeout)
    cache = GatewayCache(gateway, outcome=outcome, max_age=max_age, ttl_days=ttl_days)
    current = getattr(importlib.import_module(_MODULE), _NAME)
    if _own is None:
        _own = current
    _replace(current, cache)
    _in_use = cache
    return cache


def stop_using() -> None:
    """Give Crawl4AI its own cache back. The gateway's connections are closed by its `close`."""
    global _own, _in_use  # noqa: PLW0603
    if _own is not None:
        _replace(_in_use, _own)
        _own = _in_use = None


async def prefetch(urls: Iterable[str], config: Any = None) -> int:
    """Fetch what crawling these URLs will ask for, before `arun_many`; see GatewayCache.prefetch."""
    if _in_use is None:
        raise RuntimeError("call crawlgate.use first")
    return await _in_use.prefetch(urls, config)


def _replace(old: Any, new: Any) -> None:
    """Put the new manager under every name that the old one has: modules import it by value."""
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", None)
        if names is not None and names.get(_NAME) is old:
            names[_NAME] = new

"""Crawl4AI's cache in a Crawlgate gateway: `crawlgate.use("http://127.0.0.1:4000")` before the crawler starts."""

from ._cache import GatewayCache, RefusedError
from ._use import prefetch, stop_using, use

__all__ = ["GatewayCache", "RefusedError", "prefetch", "stop_using", "use"]

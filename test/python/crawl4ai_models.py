"""Crawl4AI's own models without the rest of Crawl4AI: its package imports browsers and language models when it is imported."""

import importlib.util
import sys
import types

_spec = importlib.util.find_spec("crawl4ai")
if _spec is None or _spec.submodule_search_locations is None:
    raise ImportError("crawl4ai is not installed")
_package = types.ModuleType("crawl4ai")
_package.__path__ = list(_spec.submodule_search_locations)
sys.modules["crawl4ai"] = _package

from crawl4ai.models import CrawlResult  # noqa: E402
from crawl4ai.ssl_certificate import SSLCertificate  # noqa: E402

__all__ = ["CrawlResult", "SSLCertificate"]

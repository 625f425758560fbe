"""The methods of Crawl4AI's database manager over a gateway. None of them raises into a crawl."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from ._batches import Batches
from ._documents import document_of, result_of
from ._gateway import Gateway, UnansweredError
from ._operations import MAX_URLS, Confirmation, Found, Looked, Operations, Outcome

if TYPE_CHECKING:
    from crawl4ai.models import CrawlResult

_MAX_WRITE_BYTES = 16 * 1024 * 1024  # an eighth of a writer's body: twice CRAWLGATE_MAX_RESULT_BYTES, 64 MB each
_MAX_CONFIRMATIONS = 20
_MAX_REMEMBERED = 10_000


class RefusedError(RuntimeError):
    """What a shared cache does not do for one crawler; the message says what to do instead."""


class GatewayCache:
    """Stands where Crawl4AI's AsyncDatabaseManager stands. May be used from several event loops."""

    def __init__(
        self,
        gateway: Gateway,
        *,
        outcome: Outcome = "SUCCESS",
        max_age: int | None = None,
        ttl_days: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """See `crawlgate.use` for the options."""
        self._gateway = gateway
        self._operations = Operations(gateway, outcome=outcome, max_age=max_age, ttl_days=ttl_days)
        self._lanes: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Lane] = weakref.WeakKeyDictionary()
        self._max_age = max_age
        self._clock = clock
        self._prefetched: OrderedDict[str, Found | None] = OrderedDict()
        self._validators: OrderedDict[str, dict[str, Any]] = OrderedDict()

    async def aget_cached_url(self, url: str) -> CrawlResult | None:
        """Look one URL up. None where nothing is stored, and where it could not be read."""
        self._forget_aged(url)
        looked = self._prefetched.pop(url) if url in self._prefetched else await self._look_up(url)
        return self._result(url, looked) if isinstance(looked, Found) else None

    async def aget_cached_urls_batch(self, urls: Iterable[str]) -> dict[str, CrawlResult | None]:
        """Look many URLs up in one request, or as few as the gateway's limit allows; keyed by the URLs as given."""
        asked = list(dict.fromkeys(urls))
        results = await asyncio.gather(*(self.aget_cached_url(url) for url in asked))
        return dict(zip(asked, results, strict=True))

    async def prefetch(self, urls: Iterable[str], config: Any = None) -> int:
        """Fetch what the next crawl of each URL will ask for, in one request; return how many of them are stored.

        What was fetched waits here, in memory, until it is asked for once, the newest 10,000 of it. With a `config`
        whose cache_mode does not read (BYPASS, WRITE_ONLY, DISABLED) nothing is fetched. What could not be read is
        asked for again by the crawl.
        """
        if not _reads(config):
            return 0
        # As Crawl4AI's CacheContext: nothing else is cacheable.
        asked = [url for url in dict.fromkeys(urls) if url.startswith(("http://", "https://", "file://"))]
        answers = await asyncio.gather(*(self._look_up(url) for url in asked))
        stored = 0
        for url, looked in zip(asked, answers, strict=True):
            if not isinstance(looked, UnansweredError):
                self._prefetched[url] = looked
                self._prefetched.move_to_end(url)
                stored += looked is not None
        while len(self._prefetched) > _MAX_REMEMBERED:
            self._prefetched.popitem(last=False)
        return stored

    async def acache_url(self, result: CrawlResult) -> None:
        """Store a result. A newer one is never replaced by an older one, a success never by a failure."""
        self._prefetched.pop(result.url, None)
        self._validators.pop(result.url, None)
        try:
            document = document_of(result)
        except Exception as error:
            self._gateway.say_once("document", f"{result.url} is not stored, it cannot be written as JSON: {error!r}")
            return
        await self._quietly(self._lane().writes.ask(document))

    async def aget_cache_metadata(self, url: str) -> dict[str, Any] | None:
        """Return the validators of the result that was answered last, since it is that one which is to be validated."""
        remembered = self._validators.pop(url, None)
        if remembered is not None:
            return remembered
        self._forget_aged(url)
        looked = self._prefetched.get(url) or await self._look_up(url)
        return _metadata(url, looked) if isinstance(looked, Found) else None

    async def aupdate_cache_metadata(
        self,
        url: str,
        etag: str | None = None,
        last_modified: str | None = None,
        head_fingerprint: str | None = None,
    ) -> None:
        """Note that the origin confirmed the stored result, with the validators that it gave."""
        await self._quietly(self._lane().confirmations.ask(Confirmation(url, etag, last_modified, head_fingerprint)))

    async def aget_total_count(self) -> int:
        """Count stored URLs as the store last counted them, which may be hours ago; 0 where it does not say."""
        try:
            return await self._operations.count(self._lane().client) or 0
        except Exception as error:
            self._note(error)
            return 0

    async def initialize(self) -> None:
        """Do nothing: connections are made when they are needed."""

    async def ainit_db(self) -> None:
        """Do nothing: the gateway's tables are its own."""

    async def cleanup(self) -> None:
        """Close this event loop's connections and forget what was prefetched. What is asked later opens new ones."""
        self._prefetched.clear()
        self._validators.clear()
        lane = self._lanes.pop(asyncio.get_running_loop(), None)
        if lane is not None:
            await lane.client.aclose()

    async def close(self) -> None:
        """Do the same as `cleanup`."""
        await self.cleanup()

    async def aclear_db(self) -> NoReturn:
        """Refuse: the cache is shared."""
        raise RefusedError(
            "A crawler does not clear the gateway's cache, since others share it. Crawl with CacheMode.WRITE_ONLY to "
            "replace what is stored, or remove URLs by name with the gateway's mutation invalidateCrawlResults."
        )

    async def aflush_db(self) -> NoReturn:
        """Refuse: the cache is shared."""
        await self.aclear_db()

    def _forget_aged(self, url: str) -> None:
        """Forget what was young enough when it was prefetched; the gateway is asked again."""
        found = self._prefetched.get(url)
        if found is None or found.cached_at is None or self._max_age is None:
            return
        if self._clock() - found.cached_at > self._max_age:
            del self._prefetched[url]

    async def _look_up(self, url: str) -> Looked:
        try:
            return await self._lane().reads.ask(url)
        except Exception as error:
            return self._note(error)

    async def _quietly(self, answer: asyncio.Future[None]) -> None:
        try:
            await answer
        except Exception as error:
            self._note(error)

    def _note(self, error: Exception) -> UnansweredError:
        """Turn whatever went wrong into an answer: a crawl goes on without its cache."""
        if isinstance(error, UnansweredError):
            return error
        self._gateway.say_once(repr(error), f"an answer could not be used: {error!r}")
        return UnansweredError(repr(error))

    def _result(self, url: str, found: Found) -> CrawlResult | None:
        try:
            result = result_of(found.document, found.cached_at)
        except Exception as error:
            self._gateway.say_once("model", f"what is stored of {url} is no result of this Crawl4AI: {error}")
            return None
        self._validators[url] = _metadata(url, found)
        self._validators.move_to_end(url)
        if len(self._validators) > _MAX_REMEMBERED:
            self._validators.popitem(last=False)
        return result

    def _lane(self) -> _Lane:
        """Return this event loop's connections: httpx binds them to the loop that opened them."""
        loop = asyncio.get_running_loop()
        lane = self._lanes.get(loop)
        if lane is None:
            lane = self._lanes[loop] = _Lane(self._gateway, self._operations)
        return lane


class _Lane:
    """One event loop's connections, and what waits for them."""

    def __init__(self, gateway: Gateway, operations: Operations) -> None:
        client = self.client = gateway.open()
        self.reads: Batches[str, Looked] = Batches(
            lambda urls: operations.read(client, urls),
            weigh=lambda _: 1,
            max_items=MAX_URLS,
            max_weight=MAX_URLS,
            max_requests=4,
        )
        self.writes: Batches[bytes, None] = Batches(
            lambda documents: operations.write(client, documents),
            weigh=len,
            max_items=MAX_URLS,
            max_weight=_MAX_WRITE_BYTES,
            max_requests=2,
        )
        self.confirmations: Batches[Confirmation, None] = Batches(
            lambda confirmations: operations.confirm(client, confirmations),
            weigh=lambda _: 1,
            max_items=_MAX_CONFIRMATIONS,
            max_weight=_MAX_CONFIRMATIONS,
            max_requests=2,
        )


def _metadata(url: str, found: Found) -> dict[str, Any]:
    return {
        "url": url,
        "etag": found.etag or "",
        "last_modified": found.last_modified or "",
        "head_fingerprint": found.head_fingerprint or "",
        "cached_at": found.cached_at,
        "response_headers": found.document.get("response_headers") or {},
    }


def _reads(config: Any) -> bool:
    """Whether a CrawlerRunConfig, or a CacheMode, lets Crawl4AI read its cache; without either it does."""
    mode = getattr(config, "cache_mode", config)
    return mode is None or str(getattr(mode, "value", mode)).lower() in ("enabled", "read_only")

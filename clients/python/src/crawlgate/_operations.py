"""The gateway's operations that a cache needs: GraphQL on one side, what was stored on the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

import httpx

from ._gateway import Gateway, GraphqlAnswer, UnansweredError

Outcome: TypeAlias = Literal["ANY", "SUCCESS"]

_READ = """query Crawl4aiCached($urls: [String!]!, $outcome: Outcome, $maxAge: Int) {
  crawlResults(urls: $urls, outcome: $outcome, maxAge: $maxAge) {
    crawl4ai etag lastModified headFingerprint createdAt
  }
}"""
_WRITE = """mutation Crawl4aiCache($results: [JSON!]!, $ttlDays: Int) {
  cacheCrawl4aiResults(results: $results, ttlDays: $ttlDays) { url stored error { code message } }
}"""
_COUNT = "query Crawl4aiCount { health { store { itemCount } } }"

MAX_URLS = 1000
"""CRAWLGATE_MAX_URLS as it is unless set; that fewer fit is learnt from the refusal."""


@dataclass(frozen=True, slots=True)
class Found:
    """One stored result as it came: the model is made of it when a crawl asks."""

    document: dict[str, Any]
    etag: str | None
    last_modified: str | None
    head_fingerprint: str | None
    cached_at: float | None


Looked: TypeAlias = Found | UnansweredError | None
"""What became of one lookup: found, nothing stored, or why it could not be read."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What an origin said of a result that it confirmed."""

    url: str
    etag: str | None
    last_modified: str | None
    head_fingerprint: str | None


class Operations:
    """Each takes the connections of the event loop that asks, and raises UnansweredError where nothing came back."""

    def __init__(self, gateway: Gateway, *, outcome: Outcome, max_age: int | None, ttl_days: int | None) -> None:
        """See `crawlgate.use` for the options."""
        self._gateway = gateway
        self._outcome = outcome
        self._max_age = max_age
        self._ttl_days = ttl_days
        self._max_urls = MAX_URLS

    async def read(self, client: httpx.AsyncClient, urls: Sequence[str]) -> Sequence[Looked]:
        """Look URLs up, in one request unless the gateway allows fewer URLs."""
        asked = list(dict.fromkeys(urls))
        looked: dict[str, Looked] = {}
        while asked:
            some, asked = asked[: self._max_urls], asked[self._max_urls :]
            variables = {"urls": some, "outcome": self._outcome, "maxAge": self._max_age}
            answer = await self._gateway.ask(client, _READ, _json(variables))
            if self._learn_limit(answer, len(some)):
                asked = some + asked
                continue
            nodes = answer.data.get("crawlResults")
            if nodes is None:
                # Refused as a whole: nothing is known of any of them.
                code, message = _refusal(answer)
                self._gateway.say_once(
                    f"read {code}", f"pages could not be looked up, so are misses ({code}): {message}"
                )
                for url in some:
                    looked[url] = UnansweredError(code)
                continue
            for index, (url, node) in enumerate(zip(some, nodes, strict=True)):
                looked[url] = self._look(url, node, answer.error_at("crawlResults", index))
        return [looked[url] for url in urls]

    async def write(self, client: httpx.AsyncClient, documents: Sequence[bytes]) -> Sequence[None]:
        """Store documents that are JSON already."""
        ttl = b"" if self._ttl_days is None else b',"ttlDays":%d' % self._ttl_days
        answer = await self._gateway.ask(client, _WRITE, b'{"results":[%b]%b}' % (b",".join(documents), ttl))
        self._tell_lost(answer, answer.data.get("cacheCrawl4aiResults") or ())
        return [None] * len(documents)

    async def confirm(self, client: httpx.AsyncClient, confirmations: Sequence[Confirmation]) -> Sequence[None]:
        """Note what origins confirmed."""
        numbers = range(len(confirmations))
        declared = ", ".join(f"$u{n}: String!, $e{n}: String, $l{n}: String, $h{n}: String" for n in numbers)
        fields = " ".join(
            f"r{n}: revalidateCrawlResult(url: $u{n}, etag: $e{n}, lastModified: $l{n}, headFingerprint: $h{n}) "
            "{ url stored error { code message } }"
            for n in numbers
        )
        variables: dict[str, str] = {}
        for n, given in enumerate(confirmations):
            named = {"u": given.url, "e": given.etag, "l": given.last_modified, "h": given.head_fingerprint}
            variables.update({f"{name}{n}": value for name, value in named.items() if value is not None})
        query = f"mutation Crawl4aiConfirm({declared}) {{ {fields} }}"
        answer = await self._gateway.ask(client, query, _json(variables))
        self._tell_lost(answer, [entry for entry in answer.data.values() if entry is not None])
        return [None] * len(confirmations)

    async def count(self, client: httpx.AsyncClient) -> int | None:
        """Count stored results; None where the store does not say."""
        answer = await self._gateway.ask(client, _COUNT, b"{}")
        count = ((answer.data.get("health") or {}).get("store") or {}).get("itemCount")
        return None if count is None else int(count)

    def _learn_limit(self, answer: GraphqlAnswer, asked: int) -> bool:
        for error in answer.errors:
            facts = error.get("extensions") or {}
            code, limit, given = facts.get("code"), facts.get("limit"), facts.get("given")
            if code == "PAYLOAD_TOO_LARGE":
                # How long a body may be is not said in URLs.
                fits = asked // 2
            elif code in ("TOO_MANY_URLS", "TOO_COSTLY") and isinstance(limit, int) and isinstance(given, int):
                # What is too costly costs so much for each URL.
                fits = limit if code == "TOO_MANY_URLS" else asked * limit // max(given, 1)
            else:
                continue
            if 0 < fits < asked:
                self._max_urls = fits
                return True
        return False

    def _look(self, url: str, node: dict[str, Any] | None, error: dict[str, Any] | None) -> Looked:
        if error is not None:
            code, message = _code(error), error.get("message")
            self._gateway.say_once(f"read {code}", f"{url} could not be looked up, so it is a miss ({code}): {message}")
            return UnansweredError(code)
        if node is None:
            return None
        document, created_at = node["crawl4ai"], node["createdAt"]
        return Found(document, node["etag"], node["lastModified"], node["headFingerprint"], _epoch(created_at))

    def _tell_lost(self, answer: GraphqlAnswer, entries: Iterable[dict[str, Any]]) -> None:
        """Say what was not written; that another crawler was faster, or removed it, is no loss."""
        for error in answer.errors:
            code = _code(error)
            self._gateway.say_once(f"write {code}", f"results are not stored ({code}): {error.get('message')}")
        for entry in entries:
            error = entry["error"]
            if error is not None and error["code"] not in ("SUPERSEDED", "NOT_STORED"):
                code, message = error["code"], error["message"]
                self._gateway.say_once(f"write {code}", f"{entry['url']} is not stored ({code}): {message}")


def _epoch(moment: str | None) -> float | None:
    """Read `2026-05-01T12:30:00.5Z`; Python before 3.11 reads no fraction of one digit."""
    if moment is None:
        return None
    seconds, _, fraction = moment.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{seconds}+00:00").timestamp() + float(f"0.{fraction or 0}")


def _refusal(answer: GraphqlAnswer) -> tuple[str, str]:
    error = next(iter(answer.errors), {"message": "an answer without data and errors"})
    return _code(error), str(error.get("message"))


def _code(error: dict[str, Any]) -> str:
    return str((error.get("extensions") or {}).get("code"))


def _json(variables: dict[str, Any]) -> bytes:
    # Escaped: a URL may hold half of a surrogate pair, and then is refused by the gateway, not by UTF-8.
    return json.dumps(variables).encode()

"""One gateway over HTTP: questions in GraphQL, answers or why there is none, and patience while it is down."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

log = logging.getLogger("crawlgate")

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0


class UnansweredError(Exception):
    """The gateway did not answer, or refused the question as a whole. Never leaves this package."""


@dataclass(frozen=True, slots=True)
class GraphqlAnswer:
    """What came back."""

    data: dict[str, Any]
    errors: Sequence[dict[str, Any]]

    def error_at(self, *path: str | int) -> dict[str, Any] | None:
        """Return the first error at this path or below it."""
        wanted = list(path)
        return next((error for error in self.errors if error.get("path", [])[: len(wanted)] == wanted), None)


class Gateway:
    """Asks. While the gateway does not answer, questions fail at once, but for one after each pause of 1 s to 30 s."""

    def __init__(
        self,
        url: str,
        *,
        api_key: str | None,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take `url` with or without its path /graphql; `timeout` is seconds for one step of a request."""
        parsed = httpx.URL(url)
        if parsed.scheme not in ("http", "https") or parsed.host == "":
            raise ValueError(f"the gateway's URL begins with http:// or https://, unlike {url!r}")
        self.url = str(parsed.copy_with(path="/graphql") if parsed.path in ("", "/") else parsed)
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, 2.0))
        self._headers = {"content-type": "application/json", "accept": "application/json"}
        if api_key is not None:
            self._headers["authorization"] = f"Bearer {api_key}"
        self._clock = clock
        self._pause = 0.0
        self._silent_until = 0.0
        self._said: set[str] = set()

    def open(self) -> httpx.AsyncClient:
        """Return connections for one event loop; to be closed there."""
        return httpx.AsyncClient(timeout=self._timeout, headers=self._headers, trust_env=False)

    async def ask(self, client: httpx.AsyncClient, query: str, variables: bytes) -> GraphqlAnswer:
        """Ask with variables that are JSON already. Raises UnansweredError alone."""
        if self._clock() < self._silent_until:
            raise UnansweredError(f"{self.url} did not answer a moment ago")
        body = b'{"query":%b,"variables":%b}' % (json.dumps(query).encode(), variables)
        try:
            response = await client.post(self.url, content=body)
            answer = _read(response)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise self._unanswered(str(error) or type(error).__name__) from error
        if self._pause > 0:
            log.info("%s answers again", self.url)
        self._pause = 0.0
        return answer

    def say_once(self, code: str, message: str) -> None:
        """Log a warning of this kind the first time; the same again is said at level debug."""
        log.log(logging.DEBUG if code in self._said else logging.WARNING, "%s", message)
        self._said.add(code)

    def _unanswered(self, reason: str) -> UnansweredError:
        if self._pause == 0:
            log.warning("%s does not answer (%s): its pages are misses until it does", self.url, reason)
        self._pause = min(max(self._pause * 2, _FIRST_PAUSE_S), _LONGEST_PAUSE_S)
        self._silent_until = self._clock() + self._pause
        return UnansweredError(reason)


def _lacks_scope(response: httpx.Response) -> bool:
    """Whether the key is good, but not for this operation: others are answered."""
    try:
        return any("scope" in error["extensions"] for error in json.loads(response.content)["errors"])
    except (ValueError, KeyError, TypeError):
        return False


def _read(response: httpx.Response) -> GraphqlAnswer:
    if response.status_code in (401, 403) and not _lacks_scope(response):
        raise ValueError(f"HTTP {response.status_code}, it refuses the API key or has none: {response.text[:200]}")
    if response.status_code == 429 or response.status_code >= 500:  # noqa: PLR2004 (HTTP's own numbers)
        raise ValueError(f"HTTP {response.status_code}: {response.text[:200]}")
    body = json.loads(response.content)
    if not isinstance(body, dict) or ("data" not in body and "errors" not in body):
        raise ValueError(f"HTTP {response.status_code} that is no GraphQL answer")
    return GraphqlAnswer(body.get("data") or {}, body.get("errors") or ())

"""Calls made at the same time travel together: what is asked within a tick, or while others are out, is one request."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Batches(Generic[Asked, Answer]):
    """Gathers what is asked one by one. Belongs to one event loop."""

    def __init__(
        self,
        send: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]],
        *,
        weigh: Callable[[Asked], int],
        max_items: int,
        max_weight: int,
        max_requests: int,
    ) -> None:
        """Send at most `max_requests` at a time, each of `max_items` and, unless one alone is more, of `max_weight`.

        `send` answers each thing asked, in order. What it raises is raised to all who asked.
        """
        self._send = send
        self._weigh = weigh
        self._max_items = max_items
        self._max_weight = max_weight
        self._max_requests = max_requests
        self._waiting: deque[tuple[Asked, asyncio.Future[Answer]]] = deque()
        self._requests: set[asyncio.Task[None]] = set()
        self._is_due = False

    def ask(self, asked: Asked) -> asyncio.Future[Answer]:
        """Ask for one; it leaves at the end of this tick, or with the next request that can."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((asked, answer))
        if not self._is_due:
            self._is_due = True
            loop.call_soon(self._leave)
        return answer

    def _leave(self) -> None:
        self._is_due = False
        while self._waiting and len(self._requests) < self._max_requests:
            request = asyncio.ensure_future(self._carry(self._take()))
            self._requests.add(request)
            request.add_done_callback(self._came_back)

    def _came_back(self, request: asyncio.Task[None]) -> None:
        self._requests.discard(request)
        self._leave()

    def _take(self) -> list[tuple[Asked, asyncio.Future[Answer]]]:
        batch: list[tuple[Asked, asyncio.Future[Answer]]] = []
        weight = 0
        while self._waiting and len(batch) < self._max_items:
            weight += self._weigh(self._waiting[0][0])
            if batch and weight > self._max_weight:
                break
            batch.append(self._waiting.popleft())
        return batch

    async def _carry(self, batch: list[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        # Whoever was cancelled while waiting needs no answer.
        batch = [entry for entry in batch if not entry[1].done()]
        if not batch:
            return
        try:
            answers = await self._send([asked for asked, _ in batch])
        except BaseException as error:
            for _, answer in batch:
                if not answer.done():
                    _fail(answer, error)
            if not isinstance(error, Exception):
                raise
            return
        for (_, answer), value in zip(batch, answers, strict=True):
            if not answer.done():
                answer.set_result(value)


def _fail(answer: asyncio.Future[Answer], error: BaseException) -> None:
    if isinstance(error, Exception):
        answer.set_exception(error)
    else:
        answer.cancel()

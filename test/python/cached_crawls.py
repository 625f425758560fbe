"""Crawls with the real Crawl4AI over HTTP while its cache is a gateway.

On each line of standard input a JSON list of steps [{"do", ...}]; prints a line with the JSON list of their answers, or
{"raised"}. Every line is an event loop of its own. Ends with its input.
"""

import asyncio
import json
import logging
import sys
import time
import traceback

import crawlgate
from crawl4ai import AsyncWebCrawler, CacheMode, CrawlerRunConfig, DefaultMarkdownGenerator, PruningContentFilter
from crawl4ai.__version__ import __version__
from crawl4ai.async_crawler_strategy import AsyncHTTPCrawlerStrategy
from crawl4ai.models import CrawlResult
from crawl4ai.ssl_certificate import SSLCertificate

# What crawls print is not what this prints.
out, sys.stdout = sys.stdout, sys.stderr


class Lines(logging.Handler):
    """Keeps what the package logs."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.levelname} {record.getMessage()}")


log = Lines()
logging.getLogger("crawlgate").addHandler(log)
logging.getLogger("crawlgate").setLevel(logging.INFO)
cache = None
ahead = 0.0


async def use(step):
    global cache
    cache = crawlgate.use(step["url"], **step.get("options", {}))
    cache._gateway._clock = lambda: time.monotonic() + ahead
    cache._clock = lambda: time.time() + ahead
    from crawl4ai import async_database, async_webcrawler

    return async_database.async_db_manager is cache and async_webcrawler.async_db_manager is cache


async def stop_using(_):
    crawlgate.stop_using()
    from crawl4ai import async_webcrawler

    return type(async_webcrawler.async_db_manager).__name__


async def crawl(step):
    given = {"cache_mode": CacheMode[step.get("mode", "ENABLED")], "verbose": False}
    if "check" in step:
        given["check_cache_freshness"] = step["check"]
    generator = DefaultMarkdownGenerator(content_filter=PruningContentFilter())
    config = CrawlerRunConfig(markdown_generator=generator, **given)
    strategy = AsyncHTTPCrawlerStrategy()
    async with AsyncWebCrawler(crawler_strategy=strategy, verbose=False) as crawler:
        fetched = await crawlgate.prefetch(step["urls"], config) if step.get("prefetch") else None
        results = (
            [await crawler.arun(url, config=config) for url in step["urls"]]
            if step.get("one_by_one")
            else (await crawler.arun_many(step["urls"], config=config))
        )
        pages = {result[0].url: plain(result[0]) for result in results}
    return {"prefetched": fetched, "pages": [pages[url] for url in step["urls"]]}


async def put(step):
    await asyncio.gather(*(cache.acache_url(result_of(given, step)) for given in step["given"]))


def result_of(given, step):
    given = dict(given)
    if "pdf" in given:
        given["pdf"] = bytes.fromhex(given["pdf"])
    if "ssl_certificate" in given:
        given["ssl_certificate"] = SSLCertificate(given["ssl_certificate"])
    if step.get("nan"):
        given["metadata"] = {**given.get("metadata", {}), "score": float("nan")}
    return CrawlResult(**given)


async def get_batch(step):
    found = await cache.aget_cached_urls_batch(step["urls"])
    return {url: None if result is None else plain(result) for url, result in found.items()}


async def prefetch(step):
    stored = await crawlgate.prefetch(step["urls"])
    return [stored, len(cache._prefetched)]


async def clear(step):
    try:
        await getattr(cache, step["method"])()
    except crawlgate.RefusedError as error:
        return str(error)


async def metadata(step):
    return await cache.aget_cache_metadata(step["url"])


async def update(step):
    return await cache.aupdate_cache_metadata(step["url"], **step["given"])


async def count(_):
    return await cache.aget_total_count()


async def close(_):
    await cache.initialize()
    await cache.close()
    await cache.cleanup()


async def later(step):
    global ahead
    ahead += step["seconds"]


async def said(_):
    lines, log.lines = log.lines, []
    return lines


async def version(_):
    return __version__


def plain(result):
    """Every field as JSON: bytes in hex, the whole Markdown in place of its text."""
    fields = {name: getattr(result, name) for name in type(result).model_fields if name != "fit_html"}
    markdown = result._markdown
    fields["markdown"] = markdown.model_dump() if hasattr(markdown, "model_dump") else markdown
    return json.loads(json.dumps(fields, default=lambda value: value.hex() if isinstance(value, bytes) else str(value)))


doers = {name: globals()[name] for name in (
    "use", "stop_using", "crawl", "put", "get_batch", "prefetch", "clear", "metadata", "update", "count", "close", "later", "said", "version"
)}  # fmt: skip


async def run(steps):
    answers = []
    for step in steps:
        answers.append(await doers[step["do"]](step))
    return answers


for line in sys.stdin:
    try:
        answer = asyncio.run(run(json.loads(line)))
    except Exception:
        answer = {"raised": traceback.format_exc()}
    print(json.dumps(answer), file=out, flush=True)

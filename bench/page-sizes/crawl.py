"""Prints what the real Crawl4AI makes of real pages, one JSON document a line: html, Markdown, links, media, metadata."""

import asyncio
import gzip
import pathlib
import sys

from crawl4ai import AsyncWebCrawler, CacheMode, CrawlerRunConfig
from crawl4ai.async_crawler_strategy import AsyncHTTPCrawlerStrategy
from crawlgate._documents import document_of

out, sys.stdout = sys.stdout, sys.stderr


async def main(folder):
    config = CrawlerRunConfig(cache_mode=CacheMode.BYPASS, verbose=False)
    async with AsyncWebCrawler(crawler_strategy=AsyncHTTPCrawlerStrategy(), verbose=False) as crawler:
        for path in sorted(pathlib.Path(folder).glob("*.html.gz")):
            html = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
            result = (await crawler.arun(f"raw:{html}", config=config))[0]
            result.url = f"https://pages.example/{path.name.removesuffix('.html.gz')}"
            result.redirected_url = None
            print(document_of(result).decode(), file=out, flush=True)


asyncio.run(main(sys.argv[1]))

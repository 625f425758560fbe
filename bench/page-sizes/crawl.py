"""Prints what the real Crawl4AI makes of real pages, one JSON document a line: html, Markdown, links, media, metadata."""

import asyncio
import gzip
import http.server
import pathlib
import sys
import threading

from crawl4ai import AsyncWebCrawler, CacheMode, CrawlerRunConfig
from crawl4ai.async_crawler_strategy import AsyncHTTPCrawlerStrategy
from crawlgate._documents import document_of

out, sys.stdout = sys.stdout, sys.stderr


def serve(folder):
    """A site of the pages, on loopback; its port."""

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = gzip.decompress((pathlib.Path(folder) / f"{self.path.strip('/')}.html.gz").read_bytes())
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


async def main(folder):
    site = f"http://127.0.0.1:{serve(folder)}"
    config = CrawlerRunConfig(cache_mode=CacheMode.BYPASS, verbose=False)
    async with AsyncWebCrawler(crawler_strategy=AsyncHTTPCrawlerStrategy(), verbose=False) as crawler:
        for path in sorted(pathlib.Path(folder).glob("*.html.gz")):
            result = (await crawler.arun(f"{site}/{path.name.removesuffix('.html.gz')}", config=config))[0]
            print(document_of(result).decode(), file=out, flush=True)


asyncio.run(main(sys.argv[1]))

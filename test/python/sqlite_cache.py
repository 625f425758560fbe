"""Crawl4AI's own cache, written and read by Crawl4AI's own AsyncDatabaseManager.

Called as: sqlite_cache.py BASE PACKAGE STEPS, with BASE the folder that gets `.crawl4ai`, PACKAGE a folder with another
version of crawl4ai or "", and STEPS a JSON list; prints the list of their answers as JSON.
"""

import asyncio
import importlib.util
import json
import os
import sys
from pathlib import Path

base, package, steps = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
os.environ["HOME"] = base
os.environ["CRAWL4_AI_BASE_DIRECTORY"] = base

COLUMNS = ["url", "html", "cleaned_html", "markdown", "extracted_content", "success", "media", "links", "metadata", "screenshot"]


def load_first_manager():
    """0.3.0: its package imports what no longer installs, its database module needs aiosqlite alone."""
    path = Path(package, "crawl4ai", "async_database.py")
    spec = importlib.util.spec_from_file_location("first_async_database", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.AsyncDatabaseManager()


class First:
    """The cache of 0.3.0: texts in the rows, JSON as its crawler dumps it."""

    def __init__(self):
        self.manager = load_first_manager()

    async def put(self, document):
        await self.manager.ainit_db()
        document = {**{name: "" for name in COLUMNS}, **document}
        for name in ("media", "links", "metadata"):
            document[name] = json.dumps(document[name] or {})
        await self.manager.acache_url(*(document[name] for name in COLUMNS))

    async def get(self, url):
        row = await self.manager.aget_cached_url(url)
        document = dict(zip(COLUMNS, row))
        for name in ("media", "links", "metadata"):
            document[name] = json.loads(document[name])
        return document


class Later:
    """The cache of every version with files beside it."""

    def __init__(self):
        if package:
            sys.path.insert(0, package)
        from crawl4ai.async_database import AsyncDatabaseManager
        from crawl4ai.models import CrawlResult, MarkdownGenerationResult

        self.manager, self.result, self.markdown = AsyncDatabaseManager(), CrawlResult, MarkdownGenerationResult
        self.make = AsyncDatabaseManager

    async def put(self, document):
        markdown = self.markdown(
            raw_markdown=document.get("markdown", ""), markdown_with_citations="cited", references_markdown=""
        )
        await self.manager.acache_url(self.result(**{**document, "markdown": markdown}))

    async def get(self, url):
        result = await self.manager.aget_cached_url(url)
        if result is None:
            return None
        # Not model_dump: the deprecated properties of its models do not serialize.
        names = [*COLUMNS, "response_headers", "downloaded_files"]
        document = {name: getattr(result, name, None) for name in names}
        return {**document, "markdown": str(result.markdown)}

    async def upgrade(self):
        """What happens with a new version: its migration takes the hashes in the columns for texts."""
        Path(base, ".crawl4ai", "version.txt").unlink()
        self.manager = self.make()
        await self.manager.initialize()


async def main():
    cache = First() if Path(package, "crawl4ai", "database.py").exists() and package else Later()
    answers = []
    for step in steps:
        if step["do"] == "put":
            await cache.put(step["document"])
            answers.append(None)
        elif step["do"] == "get":
            answers.append(await cache.get(step["url"]))
        else:
            await cache.upgrade()
            answers.append(None)
    print("ANSWERS" + json.dumps(answers))


asyncio.run(main())

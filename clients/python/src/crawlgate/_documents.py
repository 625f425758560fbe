"""Between Crawl4AI's CrawlResult and the JSON document that the gateway keeps."""

from __future__ import annotations

import base64
import dataclasses
import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawl4ai.models import CrawlResult

# Properties that Crawl4AI deprecated: its own dump prints "<property object …>" for them, or raises (pydantic 2.14).
_PROPERTIES = {"fit_html", "fit_markdown", "markdown_v2"}


def document_of(result: CrawlResult) -> bytes:
    """Print every field of a result, its Markdown too, as one JSON document in UTF-8.

    What JSON does not have is written as what it stands for: bytes as base64, times as ISO 8601, NaN and Infinity as
    null, anything else as its text.
    """
    fields = {name: getattr(result, name, None) for name in type(result).model_fields if name not in _PROPERTIES}
    # Private, since `result.markdown` is a text that has lost the others.
    markdown = getattr(result, "_markdown", None)
    if markdown is not None:
        fields["markdown"] = markdown
    value = _plain(fields)
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair is no UTF-8, but can be escaped.
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


def result_of(document: Mapping[str, Any], cached_at: float | None) -> CrawlResult:
    """Make the result that was stored; raises what its model raises where the document is none of its version."""
    from crawl4ai.models import CrawlResult, MarkdownGenerationResult  # noqa: PLC0415 (heavy: only where it is used)
    from crawl4ai.ssl_certificate import SSLCertificate  # noqa: PLC0415

    known = CrawlResult.model_fields
    fields = {name: value for name, value in document.items() if name in known and name not in _PROPERTIES}
    for name in ("media", "links", "tables"):
        # Null is none of these; what the model has for "nothing" is.
        if name in fields and fields[name] is None:
            del fields[name]
    pdf = fields.get("pdf")
    if isinstance(pdf, str):
        fields["pdf"] = base64.b64decode(pdf)
    certificate = fields.get("ssl_certificate")
    if isinstance(certificate, dict):
        fields["ssl_certificate"] = SSLCertificate(certificate)
    if "cached_at" in known:
        fields["cached_at"] = cached_at
    markdown = document.get("markdown")
    if isinstance(markdown, str):
        markdown = MarkdownGenerationResult(raw_markdown=markdown, markdown_with_citations="", references_markdown="")
    if markdown is not None:
        fields["markdown"] = markdown
    return CrawlResult(**fields)


def _plain(value: Any) -> Any:  # noqa: PLR0911 (a case each)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        # A str subclass may print itself in its own way.
        return str.__str__(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): _plain(element) for name, element in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(element) for element in value]
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Enum):
        return _plain(value.value)
    if hasattr(type(value), "model_fields"):
        return {name: _plain(getattr(value, name, None)) for name in type(value).model_fields}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return str(value)

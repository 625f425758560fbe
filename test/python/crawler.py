"""A Python crawler: writes and reads a table with boto3 as Crawl4AI's two DynamoDB managers do, with Crawl4AI's own model.

Takes the endpoint and the table as arguments, then on each line of standard input a JSON list of steps [{"do", ...}], and
prints a line with the JSON list of their answers; {"raised"} where one raises. Ends with its input.
"""

import json
import sys
import traceback
import typing
import warnings
from datetime import datetime, timezone
from decimal import Decimal

import boto3
from boto3.dynamodb.types import Binary, TypeDeserializer
from crawl4ai_models import CrawlResult, SSLCertificate

# model_dump() says for each result that fit_html, a property, is none of the texts it expects.
warnings.filterwarnings("ignore")

JSON_FIELDS = ["links", "media", "metadata", "response_headers", "markdown"]


def main(endpoint, name):
    where = {"endpoint_url": endpoint, "region_name": "us-east-1"}
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    table = boto3.resource("dynamodb", **where, **keys).Table(name)
    raw = boto3.client("dynamodb", **where, **keys)
    doers = {
        "put_maps": lambda step: put(table, maps_item(step)),
        "put_json": lambda step: put(table, json_item(step)),
        "read_maps": lambda step: read(table, step["url"], lambda item: item),
        "read_json": lambda step: read(table, step["url"], parsed),
        "read_raw": lambda step: read_raw(raw, name, step["url"]),
        "dump": lambda step: dump(result_of(step["given"])),
        "accept": lambda step: accept(step["value"]),
    }
    for line in sys.stdin:
        try:
            answer = [doers[step["do"]](step) for step in json.loads(line)]
        except Exception:
            answer = {"raised": traceback.format_exc()}
        print(json.dumps(answer, default=plain), flush=True)


def result_of(given):
    """A result as a crawler has it: a certificate is an object of its own there."""
    certificate = given.get("ssl_certificate")
    return CrawlResult(**{**given, **({} if certificate is None else {"ssl_certificate": SSLCertificate(certificate)})})


def dump(result):
    """What model_dump(mode="json") prints. With pydantic 2.14 it raises where fit_html was not given: a property by then."""
    try:
        return {"mode": "json", "value": result.model_dump(mode="json")}
    except Exception:
        return {"mode": "python", "value": json.loads(json.dumps(result.model_dump(), default=plain))}


def put(table, item):
    table.put_item(Item=item)
    return sorted(item)


def fields_of(step):
    fields = result_of(step["given"]).model_dump()
    return {name: value for name, value in fields.items() if value is not None and value != "" and name != "fit_html"}


def maps_item(step):
    """Native maps and lists, floats as numbers, nothing empty, ISO 8601 times, a ttl."""
    now = datetime.fromisoformat(step["at"]).astimezone(timezone.utc)
    item = {**fields_of(step), "created_at": now.isoformat(), "updated_at": now.isoformat()}
    return stored({**item, "ttl": int(now.timestamp()) + 30 * 86400})


def json_item(step):
    """Maps and lists as JSON text, which in Python may hold NaN; crawled_at and stored_at; no ttl."""
    now = datetime.fromisoformat(step["at"]).replace(tzinfo=None)
    item = {**fields_of(step), "crawled_at": now.isoformat(), "stored_at": now.isoformat()}
    for name in JSON_FIELDS:
        if name in item and not isinstance(item[name], str):
            if name == "metadata" and step.get("nan"):
                item[name]["score"] = float("nan")
            item[name] = json.dumps(item[name])
    return stored({**item, "created_at": now.isoformat()} if step.get("created") else item)


def stored(value):
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {name: stored(element) for name, element in value.items() if element is not None and element != ""}
    if isinstance(value, list):
        return [stored(element) for element in value]
    return value


def read(table, url, prepare):
    """The item as it is, as the model takes it with Decimals in it, and again with plain numbers."""
    item = table.get_item(Key={"url": url}, ConsistentRead=True).get("Item")
    if item is None:
        return None
    return {"item": item, "asIs": accept(prepare(item)), "plain": accept(prepare(unwrapped(item)))}


def read_raw(client, table, url):
    """As TypeDeserializer reads it: every attribute's Python type beside its value."""
    item = client.get_item(TableName=table, Key={"url": {"S": url}}, ConsistentRead=True)["Item"]
    deserialize = TypeDeserializer().deserialize
    values = {name: deserialize(value) for name, value in item.items()}
    return {name: [next(iter(item[name])), type(value).__name__] for name, value in values.items()}


def parsed(item):
    """Every field whose type in the model is no text comes as JSON text."""
    item = dict(item)
    for name, field in CrawlResult.model_fields.items():
        is_text = field.annotation in (str, typing.Optional[str], typing.Optional[bytes])
        if not is_text and isinstance(item.get(name), str):
            item[name] = json.loads(item[name])
    if isinstance(item.get("markdown"), str) and item["markdown"].startswith("{"):
        item["markdown"] = json.loads(item["markdown"])
    return item


def accept(value):
    """What CrawlResult(**value) makes of it."""
    try:
        result = CrawlResult(**value)
    except Exception as error:
        return {"error": str(error)}
    return {"error": None, "value": json.loads(json.dumps(result.model_dump(), default=plain))}


def unwrapped(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: unwrapped(element) for name, element in value.items()}
    if isinstance(value, list):
        return [unwrapped(element) for element in value]
    return value


def plain(value):
    if isinstance(value, Decimal):
        return unwrapped(value)
    if isinstance(value, Binary):
        return f"{len(value.value)} bytes"
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return str(value)


main(*sys.argv[1:])

"""moto on 127.0.0.1 until standard input closes, which it does when whoever started this is gone.

Three things that AWS does and moto 5.2 leaves out are put in, each as AWS documents it:
- a DynamoDB call is authorised on the table or index that it names; moto takes `*` for every call, which no policy that
  names a table allows (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html);
- CloudFormation obeys TimeToLiveSpecification and PointInTimeRecoverySpecification of a table;
- a conditional write is checked and made in one step; of twelve at once moto lets more than one win in one round of thirty
  (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate).
"""

import logging
import sys
import threading

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.server import ThreadedMotoServer


def resource_of(handler):
    """The ARN that a DynamoDB call is about. Batches of one table name one, as all of ours do."""
    body = handler.body
    if "ResourceArn" in body:
        return body["ResourceArn"]
    named = body.get("TableName") or next(iter(body.get("RequestItems", {})), "*")
    arn = f"arn:aws:dynamodb:{handler.region}:{handler.current_account}:table/{named}"
    return f"{arn}/index/{body['IndexName']}" if "IndexName" in body else arn


DynamoHandler._determine_resource = resource_of

create_bare = Table.create_from_cloudformation_json.__func__


def create_whole(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    from moto.dynamodb.models import dynamodb_backends

    table = create_bare(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs)
    properties = cloudformation_json["Properties"]
    backend = dynamodb_backends[account_id][region_name]
    expiry = properties.get("TimeToLiveSpecification")
    if expiry is not None:
        backend.update_time_to_live(table.name, expiry)
    recovery = properties.get("PointInTimeRecoverySpecification")
    if recovery is not None:
        backend.update_continuous_backups(table.name, recovery)
    return table


Table.create_from_cloudformation_json = classmethod(create_whole)

writing = threading.RLock()


def one_at_a_time(write):
    def write_alone(*args, **kwargs):
        with writing:
            return write(*args, **kwargs)

    return write_alone


for name in ("put_item", "update_item", "delete_item", "transact_write_items"):
    setattr(DynamoDBBackend, name, one_at_a_time(getattr(DynamoDBBackend, name)))

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=int(sys.argv[1]))
server.start()
sys.stdin.read()
server.stop()

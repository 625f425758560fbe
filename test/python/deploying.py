"""Registers the task definition and the reading policy with moto, through boto3, which checks every name and type."""

import json
import sys

import boto3
from moto import mock_aws

definition, policy = sys.argv[1:]
with mock_aws():
    where = {"region_name": "eu-central-1", "aws_access_key_id": "x", "aws_secret_access_key": "x"}
    iam = boto3.client("iam", **where)
    created = iam.create_policy(PolicyName="reading", PolicyDocument=policy)["Policy"]
    role = iam.create_role(RoleName="crawlgate-reading", AssumeRolePolicyDocument=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }))["Role"]  # fmt: skip
    iam.attach_role_policy(RoleName=role["RoleName"], PolicyArn=created["Arn"])
    ecs = boto3.client("ecs", **where)
    task = ecs.register_task_definition(**json.loads(open(definition).read()))["taskDefinition"]
    print(json.dumps({"role": role["Arn"], "taskRole": task["taskRoleArn"], "status": task["status"]}))

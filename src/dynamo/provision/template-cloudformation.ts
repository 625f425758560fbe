// The tables as a CloudFormation template: what `provision` makes, to be made by a stack.
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { createInput, tagList } from './inputs.js';
import type { TableShape } from './table-shape.js';
import { type TableWishes, ttlAttribute } from './wishes.js';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */
export function cloudFormationTemplate(shapes: readonly TableShape[], wishes: TableWishes): object {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Tables of Crawl4AI results and sessions, as crawlgate provision makes them.',
    Resources: Object.fromEntries(shapes.map((shape) => [logicalName(shape), table(shape, wishes)])),
    Outputs: Object.fromEntries(
      shapes.map((shape) => [`${logicalName(shape)}Arn`, { Value: { 'Fn::GetAtt': [logicalName(shape), 'Arn'] } }]),
    ),
  };
}

function logicalName({ holds }: TableShape): string {
  return holds === 'results' ? 'CrawlResults' : 'CrawlSessions';
}

function table(shape: TableShape, wishes: TableWishes): object {
  const { SSESpecification: sse, Tags: _, ...input } = createInput(shape, wishes);
  return {
    Type: 'AWS::DynamoDB::Table',
    // Deleting a stack deletes no crawl results.
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      ...input,
      ...(sse === undefined ? {} : { SSESpecification: sseProperty(sse) }),
      TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: wishes.recovery },
      Tags: tagList(wishes.tags),
    },
  };
}

/** CloudFormation says `SSEEnabled` where the API says `Enabled`. */
function sseProperty({ Enabled, ...rest }: NonNullable<CreateTableCommandInput['SSESpecification']>): object {
  return { SSEEnabled: Enabled, ...rest };
}

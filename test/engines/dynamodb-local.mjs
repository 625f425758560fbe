// DynamoDB Local, AWS's own engine, from Maven Central: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.html
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from './cache.mjs';
import { has, run, startServer } from './child.mjs';

/** The newest of which all that it needs can be had. */
const version = '3.1.0';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>crawlgate</groupId><artifactId>engines</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>software.amazon.dynamodb</groupId><artifactId>DynamoDBLocal</artifactId><version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;

const launcher = fileURLToPath(new URL('LoopbackDynamoDb.java', import.meta.url));

/** The folder with what it runs from; null where Java or Maven is missing. */
export async function fetchDynamoDbLocal() {
  if (!(await has('javac')) || !(await has('mvn'))) return null;
  return cached('dynamodb-local', pom, async (folder) => {
    await writeFile(join(folder, 'pom.xml'), pom);
    // The native SQLite libraries are among the dependencies.
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
    await run('mvn', ['-q', '-B', '-f', join(folder, 'pom.xml'), ...goal], { timeoutMs: 300_000 });
  });
}

/** Null where Java or Maven is missing. */
export async function startDynamoDbLocal() {
  const lib = await fetchDynamoDbLocal();
  if (lib === null) return null;
  const server = await startServer('DynamoDB Local', (port) => [
    'java',
    ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx2g', `-Djava.library.path=${lib}`, '-cp', `${lib}/*`],
    ...[launcher, '-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
  ]);
  return { name: 'DynamoDB Local', version, ...server };
}

// The commands of docs/deploying/ecs.md against moto: boto3 knows every name and type that ECS and IAM take.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { python } from './python.js';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const run = promisify(execFile);

describe.skipIf(python === '')('the task definition', () => {
  it('is registered with the role of a gateway that reads', { timeout: 120_000 }, async () => {
    const printed = ['provision', '--print', 'iam', '--policy', 'reading', '--account', '123456789012'];
    const { stdout: policy } = await run(process.execPath, [path('../../dist/main.js'), ...printed], {
      env: { PATH: process.env.PATH, AWS_REGION: 'eu-central-1' },
    });
    const args = [path('deploying.py'), path('../../docs/deploying/task-definition.json'), policy];
    const { stdout } = await run(python, ['-B', ...args]);
    const { role, taskRole, status } = JSON.parse(stdout);
    expect(taskRole).toBe(role);
    expect(status).toBe('ACTIVE');
  });
});

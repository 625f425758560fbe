// Query.crawlSession: one crawler session by its id.
import { groups } from '../../domain/fields.js';
import { plainWantFor } from '../../domain/read-many.js';
import { maxPartitionKeyBytes } from '../../domain/url-key.js';
import { badInput } from '../checks.js';
import type { QueryResolvers } from '../generated.js';

/** Looks one session up; an expired one is absent. */
export const crawlSession = (async (_parent, { id }, { loaders, services }) => {
  if (id === '' || !id.isWellFormed() || Buffer.byteLength(id) > maxPartitionKeyBytes) {
    throw badInput('id', `A session id is a text of 1 to ${maxPartitionKeyBytes} bytes.`);
  }
  const consistency = services.consistentReads ? 'STRONG' : 'EVENTUAL';
  const outcome = await loaders.sessions.load({ key: id, want: plainWantFor(groups.head, consistency) });
  if (outcome.kind === 'failed') throw outcome.error;
  if (outcome.kind === 'absent') return null;
  const { expiresAt } = outcome.value;
  return expiresAt !== null && expiresAt * 1000 <= services.now() ? null : outcome.value;
}) satisfies QueryResolvers['crawlSession'];

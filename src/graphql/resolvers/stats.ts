// Query.stats: counts since the gateway started.
import type { QueryResolvers } from '../generated.js';

/** The counts as they stand. */
export const stats = ((_parent, _args, { services }) => services.stats()) satisfies QueryResolvers['stats'];

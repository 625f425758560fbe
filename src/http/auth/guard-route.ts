// A path that shows data behind the same door as GraphQL.
import type { Scope } from '../../domain/caller.js';
import type { Route } from '../graphql-route.js';
import { refuse } from '../refusal.js';
import type { Authorize } from './authorize.js';

/** The route for those who may; the others are answered as a GraphQL request would be. */
export function guardRoute(authorize: Authorize, scope: Scope, route: Route): Route {
  return async (request, response, target) => {
    const entry = await authorize(request, scope);
    if (entry.kind === 'refused') refuse(response, entry.refusal);
    else await route(request, response, target);
  };
}

// A path that shows data behind the same door as GraphQL.
import type { Scope } from '../../domain/caller.js';
import type { Route } from '../graphql-route.js';
import type { Refuse } from '../refusal.js';
import type { Authorize } from './authorize.js';

/** Makes guards: a route for those who may; the others are answered as a GraphQL request would be. */
export function createGuard(deps: {
  readonly authorize: Authorize;
  readonly refuse: Refuse;
}): (scope: Scope, route: Route) => Route {
  const { authorize, refuse } = deps;
  return (scope, route) => async (request, response, target) => {
    const entry = await authorize(request, scope);
    if (entry.kind === 'refused') refuse(response, entry.refusal);
    else await route(request, response, target);
  };
}

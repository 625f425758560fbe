// Opens the store that the configuration names.
import type { Config } from '../config.js';
import { openDynamoStore } from './dynamo-store.js';
import type { GatewayStore, GatewayStoreDeps } from './gateway-store.js';

/** Throws where the store cannot be opened as configured. */
export function openStore(config: Config, deps: GatewayStoreDeps): GatewayStore {
  return openDynamoStore(config, deps);
}

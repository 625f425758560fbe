// Opens the store that the configuration names.
import type { Config } from '../config.js';
import { openDynamoStore } from './dynamo-store.js';
import type { GatewayStore, GatewayStoreDeps } from './gateway-store.js';

/** Rejects where the store cannot be opened as configured. */
export function openStore(config: Config, deps: GatewayStoreDeps): Promise<GatewayStore> {
  return openDynamoStore(config, deps);
}

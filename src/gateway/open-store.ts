// Opens the store that the configuration names.
import type { Config } from '../config.js';
import { openDynamoStore } from './dynamo-store.js';
import type { GatewayStore, GatewayStoreDeps } from './gateway-store.js';

/** Rejects where the store cannot be opened as configured. What only SQLite needs is loaded only for it. */
export async function openStore(config: Config, deps: GatewayStoreDeps): Promise<GatewayStore> {
  if (config.store.kind === 'sqlite') {
    const { openSqliteStore } = await import('./sqlite-store.js');
    return openSqliteStore(config, deps);
  }
  if (config.store.kind === 'hybrid') {
    const { openHybridStore } = await import('./hybrid-store.js');
    return openHybridStore(config, deps);
  }
  return openDynamoStore(config, deps);
}

export { configNotices, describeConfig, missingCredentialsAdvice } from './describe.ts';
export { formatListen } from './listen.ts';
export { type LoadedConfig, type LoadOptions, loadConfig } from './load.ts';
export { renderConfigReference } from './reference.ts';
export type { Config } from './schema.ts';
export { watchConfig } from './watch.ts';

export { readAddedCredential } from './added-credential.ts';
export { readAgentVersion } from './agent-version.ts';
export { configNotices, describeConfig, missingCredentialsAdvice } from './describe.ts';
export { parseDuration } from './duration.ts';
export { type KeyRules, readKeyRules, unknownNames } from './key-schema.ts';
export { formatListen, isLoopback } from './listen.ts';
export {
  checkListen,
  environmentVariable,
  type LoadedConfig,
  type LoadOptions,
  loadConfig,
  needsIssuedKeys,
} from './load.ts';
export { renderConfigReference } from './reference.ts';
export type { Credential as CredentialSettings } from './resolve.ts';
export type { Config } from './schema.ts';
export { KNOWN_SURFACES } from './surface-kinds.ts';
export { watchConfig } from './watch.ts';

// In: the names of engines.
// Out: real servers, fresh databases on them, and their native tools.
// Must not know: Surefoot.

export { type ClientTools, clientTools } from './client-tools.ts';
export { type FreshDatabase, freshDatabase } from './databases.ts';
export {
  type EmbeddedEngine,
  type Engine,
  engines,
  extraEngines,
  isServerEngine,
  parseEngines,
  type ServerEngine,
  selectedEngines,
  serverEngines,
} from './engines.ts';
export {
  type Borrowed,
  borrowServers,
  ensureServers,
  type PrivateServer,
  privateServer,
  type Server,
  type ServerStatus,
  serverStatuses,
  stopServers,
} from './servers.ts';

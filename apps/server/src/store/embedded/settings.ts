/**
 * How the embedded PostgreSQL is set up: for a message log on a small machine that also runs the server.
 *
 * The files are written anew at each start, so an upgrade of Recado reaches them; an operator's own settings go into
 * `local.conf` beside them and win. Three groups are promises and not taste: durability (L2), no statement or
 * parameter in any log (the text of messages is in them), and no open door: every connection shows the random password.
 */
export type Settings = Readonly<Record<string, string>>

export type Listen = { readonly kind: 'socket'; readonly folder: string } | { readonly kind: 'loopback' }

const durability: Settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'replica',
  wal_compression: 'on',
  wal_buffers: '16MB',
  min_wal_size: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
}

const silence: Settings = {
  log_destination: 'stderr',
  logging_collector: 'off',
  // Of ERROR only the sender of the statement learns: its text may quote a value.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_autovacuum_min_duration: '-1',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  lc_messages: 'C',
}

/** Pages are touched lazily, so an idle server pays for what it used and not for what it may use. */
const memory: Settings = {
  max_connections: '60',
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  autovacuum_work_mem: '32MB',
  huge_pages: 'off',
  jit: 'off',
  // Each I/O worker is a process of its own; reads here are short and mostly cached.
  io_method: 'sync',
  max_worker_processes: '4',
  max_parallel_workers: '2',
  max_parallel_workers_per_gather: '0',
  max_logical_replication_workers: '0',
  max_wal_senders: '4',
  update_process_title: 'off',
}

/** Heads are updated with every message: they are vacuumed early, often and a little at a time. */
const vacuum: Settings = {
  autovacuum: 'on',
  autovacuum_max_workers: '2',
  autovacuum_naptime: '15s',
  autovacuum_vacuum_scale_factor: '0.05',
  autovacuum_vacuum_insert_scale_factor: '0.1',
  autovacuum_analyze_scale_factor: '0.05',
  autovacuum_vacuum_cost_limit: '1000',
}

const sessions: Settings = {
  password_encryption: 'scram-sha-256',
  TimeZone: 'UTC',
  random_page_cost: '1.1',
  // A connection whose server was killed in the middle of a statement ends with it.
  client_connection_check_interval: '1s',
  idle_in_transaction_session_timeout: '30s',
}

export function renderSettings(listen: Listen, overrides: Settings): string {
  const all: Settings = {
    ...durability,
    ...silence,
    ...memory,
    ...vacuum,
    ...sessions,
    ...(process.platform === 'win32' ? { client_connection_check_interval: '0' } : {}),
    listen_addresses: listen.kind === 'loopback' ? '127.0.0.1' : '',
    unix_socket_directories: listen.kind === 'socket' ? listen.folder : '',
    unix_socket_permissions: '0700',
    ...overrides,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`)
  return [
    '# Written by Recado at every start. Your own settings belong into local.conf in this folder.',
    ...lines,
    "include = 'local.conf'",
    '',
  ].join('\n')
}

export const hostBasedAccess = `# Written by Recado at every start. Nobody connects without the password, not even on this machine.
local all,replication all scram-sha-256
host all,replication all 127.0.0.1/32 scram-sha-256
`

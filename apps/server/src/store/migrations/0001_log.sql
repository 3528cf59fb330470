-- The log: streams of events, their heads, registers, and the journal of commits.
-- Accounts and conversations draw their ids from one sequence: the id of either is the id of its stream.
create sequence stream_ids;
create sequence message_ids;
create sequence bell_ids;

create table settings (
  name text primary key,
  value text not null
);
-- Which history this is (L6): a restored or promoted database gets another.
insert into settings (name, value) values ('epoch', substr(replace(gen_random_uuid()::text, '-', ''), 1, 16));

-- The lock and the newest sequence of every stream. Narrow and with room for HOT updates: a hot stream rewrites its row
-- with every batch.
create table heads (
  stream_id bigint primary key,
  sequence bigint not null default 0,
  ordinal bigint not null default 0,
  message_sequence bigint not null default 0,
  micros bigint not null default 0
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create table register_heads (
  group_id bigint primary key,
  version bigint not null default 0
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- Kind, actor, target and version, never content (L12). `key` makes a retry harmless (L3); `fingerprint` tells another
-- request under the same key.
create table events (
  stream_id bigint not null,
  sequence bigint not null,
  kind text not null,
  actor_id bigint,
  target bigint,
  version integer,
  micros bigint not null,
  key text,
  fingerprint text,
  primary key (stream_id, sequence)
) with (autovacuum_vacuum_insert_scale_factor = 0.05);
create unique index events_key on events (stream_id, actor_id, key) where key is not null;

-- One row per committed transaction. A writer's numbers are dense and in commit order, because it has one transaction
-- in flight and holds its slot's session lock. `incarnation` tells who held the slot: it is how a writer that lost its
-- connection finds out whether its last transaction was committed (L2).
create table commits (
  writer smallint not null,
  number bigint not null,
  incarnation bigint not null,
  micros bigint not null,
  streams bigint[] not null,
  previous bigint[] not null,
  sequences bigint[] not null,
  groups bigint[] not null,
  versions bigint[] not null,
  primary key (writer, number)
) with (autovacuum_vacuum_insert_scale_factor = 0.1);

-- How far each consumer of the tail got, per writer.
create table tail_cursors (
  consumer text not null,
  writer smallint not null,
  number bigint not null,
  primary key (consumer, writer)
);

create table conversations (
  id bigint primary key default nextval('stream_ids'),
  kind text not null check (kind in ('direct', 'group', 'mail')),
  name text,
  version integer not null default 1,
  member_count integer not null,
  created_micros bigint not null
);

-- The same pair is the same conversation: `low` is the smaller account id.
create table direct_conversations (
  low bigint not null,
  high bigint not null,
  conversation_id bigint not null unique,
  primary key (low, high),
  check (low <= high)
);

create table memberships (
  conversation_id bigint not null,
  account_id bigint not null,
  role text not null check (role in ('owner', 'admin', 'member')),
  visible_from bigint not null,
  joined_sequence bigint not null,
  joined_micros bigint not null,
  primary key (conversation_id, account_id)
);
create index memberships_account on memberships (account_id, conversation_id);

-- Registers (L11): how far each member's devices got. Apart from memberships, because they change all the time.
create table positions (
  conversation_id bigint not null,
  account_id bigint not null,
  delivered bigint not null default 0,
  read bigint not null default 0,
  read_ordinal bigint not null default 0,
  version bigint not null default 0,
  primary key (conversation_id, account_id)
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- One's own newest message moves one's own position (L11). Apart from `positions`, because it is written under the
-- stream's lock and those are written under the register group's: one table would make the two wait for each other.
create table own_positions (
  conversation_id bigint not null,
  account_id bigint not null,
  sequence bigint not null default 0,
  ordinal bigint not null default 0,
  primary key (conversation_id, account_id)
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create table messages (
  conversation_id bigint not null,
  sequence bigint not null,
  ordinal bigint not null,
  id bigint not null,
  author_id bigint not null,
  client_key text not null,
  body text,
  reply_to bigint,
  mentions bigint[],
  version integer not null default 1,
  created_micros bigint not null,
  edited_micros bigint,
  deleted_micros bigint,
  primary key (conversation_id, sequence)
) with (autovacuum_vacuum_insert_scale_factor = 0.05);

create table message_versions (
  conversation_id bigint not null,
  sequence bigint not null,
  version integer not null,
  body text not null,
  micros bigint not null,
  primary key (conversation_id, sequence, version)
);

create table reactions (
  conversation_id bigint not null,
  sequence bigint not null,
  account_id bigint not null,
  emoji text not null,
  micros bigint not null,
  primary key (conversation_id, sequence, account_id, emoji)
);

-- The bell: a register group of the account (its `register_heads` row). A line is written once and then only cleared.
create table bell (
  account_id bigint not null,
  id bigint not null default nextval('bell_ids'),
  kind text not null check (kind in ('mention', 'reply', 'invitation')),
  conversation_id bigint not null,
  sequence bigint not null,
  actor_id bigint not null,
  micros bigint not null,
  cleared boolean not null default false,
  version bigint not null,
  primary key (account_id, conversation_id, sequence, kind)
);
create index bell_version on bell (account_id, version);
create index bell_open on bell (account_id, conversation_id) where not cleared;

create function now_micros() returns bigint language sql volatile as
$$ select (extract(epoch from clock_timestamp()) * 1000000)::bigint $$;

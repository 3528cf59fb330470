-- People and bots, the sessions they opened, and the secrets that all nodes of one installation share.
-- Times are microseconds since 1970. Folded columns hold what comparisons use; `accounts.ts` says how they are folded.

create table accounts (
  id bigint primary key default nextval('stream_ids'),
  username text not null,
  username_folded text not null,
  display_name text not null,
  -- What people are listed by: the folded display name, cut so that an index entry always fits a page.
  sort_name text not null,
  email text,
  email_folded text,
  phone text,
  language text,
  role text not null check (role in ('administrator', 'member')),
  -- argon2id in PHC string format
  password_hash text not null,
  -- The folded words of display name, username and e-mail address, for search by prefix.
  search_words tsvector not null,
  created_micros bigint not null,
  last_seen_micros bigint
) with (fillfactor = 90);

create unique index accounts_username on accounts (username_folded);
create unique index accounts_email on accounts (email_folded) where email_folded is not null;
create index accounts_sort_name on accounts (sort_name, id);
create index accounts_search_words on accounts using gin (search_words);

create table sessions (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  device text not null,
  -- The refresh tokens of a session are derived from this seed and the server's secret, so none is stored.
  refresh_seed bytea not null,
  -- Which refresh token is the newest one given out, and since when.
  generation integer not null default 1,
  rotated_micros bigint not null,
  created_micros bigint not null,
  ended_micros bigint
) with (fillfactor = 80);

create index sessions_live on sessions (account_id, id) where ended_micros is null;

create table secrets (
  name text primary key,
  value bytea not null
);

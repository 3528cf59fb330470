-- Mails that are being written. `number` is the sequence of a draft's first event, by which events name it; null for one that
-- was deleted before it was ever saved. What is deleted keeps its row, so that a late save is refused, and nothing in it.
create table drafts (
  account_id bigint not null,
  draft_id text not null,
  number bigint,
  version bigint not null default 0,
  deleted boolean not null default false,
  fingerprint text,
  recipients jsonb,
  subject text,
  html text,
  preview text,
  in_reply_to bigint,
  forward_of bigint,
  updated_micros bigint not null,
  primary key (account_id, draft_id)
);
create unique index drafts_number on drafts (account_id, number) where number is not null;
create index drafts_newest on drafts (account_id, version) where not deleted;

-- Files of mails and of drafts. As with messages, a file stays as long as one of them refers to it.

create table mail_attachments (
  mail_id bigint not null,
  place smallint not null,
  media_id text not null,
  primary key (mail_id, place)
);
create index mail_attachments_media on mail_attachments (media_id);
-- How many files hang on a mail, so that nobody looks for those of a mail that has none.
alter table mails add column attached smallint not null default 0;

create table draft_attachments (
  account_id bigint not null,
  draft_id text not null,
  place smallint not null,
  media_id text not null,
  primary key (account_id, draft_id, place)
);
create index draft_attachments_media on draft_attachments (media_id);

-- Whatever keeps a file.
create view media_references as
  select media_id from attachments union all select media_id from mail_attachments union all select media_id from draft_attachments;

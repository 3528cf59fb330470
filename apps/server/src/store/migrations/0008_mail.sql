-- Mail inside the organisation. A mail's id is drawn like a stream's, because it names the register group of its statuses.

-- Who may mail a group.
alter table conversations add column mail_from text not null default 'members'
  check (mail_from in ('admins', 'members', 'everyone'));

-- One composed mail, whoever gets it. `author_id`'s stream is the lock of its state.
create table mails (
  id bigint primary key default nextval('stream_ids'),
  -- The first mail of the thread.
  thread_id bigint not null,
  in_reply_to bigint,
  author_id bigint not null,
  subject text not null,
  text text not null,
  html text,
  state text not null check (state in ('held', 'released', 'failed', 'cancelled')),
  -- Why it was not released: pointers into the request, and what is wrong there.
  failure jsonb,
  created_micros bigint not null,
  due_micros bigint not null,
  released_micros bigint
);
create index mails_due on mails (due_micros, id) where state = 'held';
create index mails_thread on mails (thread_id, id);

-- Recipients as they were written: a person, a group or an address outside.
create table mail_recipients (
  mail_id bigint not null,
  place integer not null,
  mode text not null check (mode in ('to', 'cc', 'bcc')),
  account_id bigint,
  group_id bigint,
  address text,
  primary key (mail_id, place),
  check (num_nonnulls(account_id, group_id, address) = 1)
);

-- One conversation for each fixed set of participants of a thread; `participants` is a hash over them.
create table mail_conversations (
  thread_id bigint not null,
  participants text not null,
  conversation_id bigint not null unique,
  primary key (thread_id, participants)
);
-- The body of a mail stands in the mail: its messages, one in each conversation it went to, point there (L12).
alter table messages add column mail_id bigint;

-- How far a mail got with each recipient (L11): rows of the mail's register group, written under the lock of its head.
-- The rows that are queued are the queue of the delivery.
create table deliveries (
  mail_id bigint not null,
  number integer not null,
  account_id bigint,
  address text,
  mode text not null,
  via_group_id bigint,
  conversation_id bigint not null,
  status text not null default 'queued'
    check (status in ('queued', 'sent', 'delivered', 'read', 'failed', 'cancelled')),
  -- The event that told the recipient: a device that has stored its stream up to there has the mail.
  arrived_sequence bigint,
  sent_micros bigint,
  delivered_micros bigint,
  read_micros bigint,
  version bigint not null,
  primary key (mail_id, number),
  check (num_nonnulls(account_id, address) = 1)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
create index deliveries_queued on deliveries (mail_id, number) where status = 'queued' and account_id is not null;
create index deliveries_arrived on deliveries (account_id, arrived_sequence) where status = 'sent';

-- How many deliveries of a mail are in each status, under the same lock.
create table mail_counts (
  mail_id bigint primary key,
  queued integer not null default 0,
  sent integer not null default 0,
  delivered integer not null default 0,
  read integer not null default 0,
  failed integer not null default 0,
  cancelled integer not null default 0
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- What a mail is in the mailbox of its author and of each recipient it was sent to, under the lock of that account's stream.
-- Apart from deliveries, because those are written under the mail's lock: one row for both would make the two wait for
-- each other. Having an entry is what decides sight of a mail (L8).
create table mailbox_entries (
  account_id bigint not null,
  mail_id bigint not null,
  folder text not null check (folder in ('inbox', 'archive', 'trash', 'spam', 'sent', 'unsent')),
  authored boolean not null,
  received boolean not null,
  -- The delivery by which it was received.
  delivery_number integer,
  read boolean not null,
  starred boolean not null default false,
  labels text[] not null default '{}',
  snoozed_until bigint,
  -- What lists are ordered by.
  sort_micros bigint not null,
  version bigint not null,
  primary key (account_id, mail_id)
) with (fillfactor = 80);
create index mailbox_folder on mailbox_entries (account_id, folder, sort_micros, mail_id);
create index mailbox_sent on mailbox_entries (account_id, sort_micros, mail_id)
  where authored and folder not in ('unsent', 'trash');
create index mailbox_received on mailbox_entries (account_id, sort_micros, mail_id) where received and folder <> 'trash';
create index mailbox_starred on mailbox_entries (account_id, sort_micros, mail_id) where starred;
create index mailbox_labels on mailbox_entries using gin (labels) where labels <> '{}';
create index mailbox_unread on mailbox_entries (account_id) where folder = 'inbox' and not read and snoozed_until is null;
create index mailbox_snoozed on mailbox_entries (snoozed_until, account_id) where snoozed_until is not null;

-- Moves deliveries on to a status, never back, with the versions of their mails; answers with the mails that changed.
-- Locks first (see 0003): what was queued may have been cancelled by whoever held the lock.
create function move_deliveries(
  p_mails bigint[], p_numbers integer[], p_to text, p_arrived bigint[], p_micros bigint
) returns table (mail_id bigint, author_id bigint, version bigint)
language plpgsql volatile as $$
#variable_conflict use_column
begin
  perform 1 from register_heads h where h.group_id = any(p_mails) order by h.group_id for update;
  return query
  with target as materialized (
    select d.mail_id, d.number, d.status, w.arrived, h.version + 1 as version
      from unnest(p_mails, p_numbers, p_arrived) as w(mail_id, number, arrived)
      cross join lateral (
        select k.mail_id, k.number, k.status from deliveries k where k.mail_id = w.mail_id and k.number = w.number offset 0
      ) d
      cross join lateral (select r.version from register_heads r where r.group_id = d.mail_id offset 0) h
     where case p_to when 'sent' then d.status = 'queued'
                     when 'cancelled' then d.status = 'queued'
                     when 'delivered' then d.status = 'sent'
                     when 'read' then d.status in ('sent', 'delivered') end
  ), moved as (
    update deliveries d
       set status = p_to, version = t.version, arrived_sequence = coalesce(t.arrived, d.arrived_sequence),
           sent_micros = case when p_to = 'sent' then p_micros else d.sent_micros end,
           delivered_micros = case when p_to in ('delivered', 'read') then coalesce(d.delivered_micros, p_micros)
                                   else d.delivered_micros end,
           read_micros = case when p_to = 'read' then p_micros else d.read_micros end
      from target t where d.mail_id = t.mail_id and d.number = t.number
  ), tally as materialized (
    select t.mail_id, t.version, count(*)::integer as n, (count(*) filter (where t.status = 'queued'))::integer as queued,
           (count(*) filter (where t.status = 'sent'))::integer as sent,
           (count(*) filter (where t.status = 'delivered'))::integer as delivered
      from target t group by t.mail_id, t.version
  ), counted as (
    update mail_counts c
       set queued = c.queued - t.queued,
           sent = c.sent - t.sent + case when p_to = 'sent' then t.n else 0 end,
           delivered = c.delivered - t.delivered + case when p_to = 'delivered' then t.n else 0 end,
           read = c.read + case when p_to = 'read' then t.n else 0 end,
           cancelled = c.cancelled + case when p_to = 'cancelled' then t.n else 0 end
      from tally t where c.mail_id = t.mail_id
  ), heads_moved as (
    update register_heads h set version = t.version from tally t where h.group_id = t.mail_id
  )
  select t.mail_id, m.author_id, t.version
    from tally t cross join lateral (select k.author_id from mails k where k.id = t.mail_id offset 0) m;
end $$;

-- Resolves a mail's recipients to people and queues a delivery for each: once for each person, To before Cc before Bcc,
-- named before by a group. Who is in a group is read by this one statement. The author gets it only if named.
create function queue_deliveries(
  p_mail bigint, p_author bigint, p_modes text[], p_accounts bigint[], p_groups bigint[], p_conversations bigint[],
  p_version bigint
) returns integer language plpgsql volatile as $$
declare
  v_count integer;
begin
  with written as materialized (
    select w.*, case w.mode when 'to' then 0 when 'cc' then 1 else 2 end as rank
      from unnest(p_modes, p_accounts, p_groups, p_conversations)
           with ordinality as w(mode, account_id, group_id, conversation_id, place)
  ), reached as (
    select w.account_id, w.mode, null::bigint as via, w.conversation_id, w.rank, 0 as by_group, w.place
      from written w where w.account_id is not null
    union all
    select m.account_id, w.mode, w.group_id, w.conversation_id, w.rank, 1, w.place
      from written w
      cross join lateral (
        select k.account_id from memberships k where k.conversation_id = w.group_id and k.account_id <> p_author offset 0
      ) m
     where w.group_id is not null
  ), chosen as (
    select distinct on (r.account_id) r.* from reached r order by r.account_id, r.rank, r.by_group, r.place
  )
  insert into deliveries (mail_id, number, account_id, mode, via_group_id, conversation_id, version)
  select p_mail, row_number() over (order by c.place, c.account_id), c.account_id, c.mode, c.via, c.conversation_id, p_version
    from chosen c;
  get diagnostics v_count = row_count;
  insert into mail_counts (mail_id, queued) values (p_mail, v_count);
  return v_count;
end $$;

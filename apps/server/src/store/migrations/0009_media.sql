-- Files: uploads, what they became, and what hangs on which message.

-- One row per upload. `length` is what was announced and `received` how much of it is on disk; the rest is known once it
-- was looked at. `hash` and `preview_hash` name stored content, which several rows may share. `doomed` is what nobody
-- refers to: from then on no message can take it up, and a while later it goes.
create table media (
  id text primary key,
  account_id bigint not null,
  state text not null check (state in ('uploading', 'inspecting', 'ready', 'refused', 'doomed')),
  name text not null,
  length bigint not null,
  received bigint not null default 0,
  refusal text,
  type text,
  bytes bigint,
  width integer,
  height integer,
  placeholder text,
  hash text,
  preview_hash text,
  preview_bytes bigint,
  created_micros bigint not null
);
create index media_account on media (account_id);
create index media_inspecting on media (created_micros) where state = 'inspecting';
create index media_hash on media (hash) where hash is not null;
create index media_preview on media (preview_hash) where preview_hash is not null;

-- The lock of a piece of content: whoever stores or removes it holds its row.
create table contents (
  hash text primary key
);

create table attachments (
  conversation_id bigint not null,
  sequence bigint not null,
  place smallint not null,
  media_id text not null,
  primary key (conversation_id, sequence, place)
);
create index attachments_media on attachments (media_id);

-- When to look whether anybody still refers to a file. Only ever added to, so that a deletion waits for nobody.
create table media_checks (
  id bigint primary key generated always as identity,
  media_id text not null,
  due_micros bigint not null
);
create index media_checks_due on media_checks (due_micros);

-- How many files hang on a message; null for none, and then nobody looks for them.
alter table messages add column attached smallint;

drop function append_batch(smallint, bigint, bigint, bigint[], bigint[], text[], text[], text[], bigint[], text[], bigint[], jsonb, integer);
drop function append_sends(smallint, bigint, bigint, bigint[], bigint[], text[], text[], text[], bigint[], text[], bigint[], bigint);

-- As before, with files. They are the sender's own and ready, or those of the message that is forwarded.
create function append_sends(
  p_writer smallint, p_number bigint, p_incarnation bigint,
  p_streams bigint[], p_actors bigint[], p_keys text[], p_fingerprints text[],
  p_bodies text[], p_replies bigint[], p_mentions text[], p_forwarded bigint[], p_attachments text[], p_micros bigint
) returns table (entry bigint, outcome text, sequence bigint, ordinal bigint, id bigint, micros bigint, version integer)
language plpgsql volatile as $$
#variable_conflict use_column
begin
  return query
  with judged as materialized (
    select e.*, known.sequence as known_sequence, known.fingerprint as known_fingerprint, known.micros as known_micros,
           member.allowed as allowed,
           e.reply_to is null or coalesce(quoted.found, false) as reply_found,
           case when e.attachments is null then true else (
             select count(*) from media f
              where f.id = any(e.attachments::text[]) and f.state = 'ready'
                and (f.account_id = e.actor_id or e.forwarded_from is not null)
           ) = cardinality(e.attachments::text[]) end as files_found
      from unnest(p_streams, p_actors, p_keys, p_fingerprints, p_bodies, p_replies, p_mentions,
                  p_forwarded, p_attachments)
           with ordinality as e(stream_id, actor_id, key, fingerprint, body, reply_to, mentions, forwarded_from, attachments,
                                entry)
      left join lateral (
        select sent.sequence, sent.fingerprint, sent.created_micros as micros from messages sent
         where sent.conversation_id = e.stream_id and sent.author_id = e.actor_id and sent.client_key = e.key
        union all
        select v.sequence, v.fingerprint, v.micros from events v
         where v.stream_id = e.stream_id and v.actor_id = e.actor_id and v.key = e.key offset 0
      ) known on true
      left join lateral (
        select true as allowed, m.visible_from from memberships m
         where m.conversation_id = e.stream_id and m.account_id = e.actor_id offset 0
      ) member on true
      left join lateral (
        select true as found from messages q
         where e.reply_to is not null and q.conversation_id = e.stream_id and q.sequence = e.reply_to
           and q.sequence >= member.visible_from offset 0
      ) quoted on true
  ), numbered as materialized (
    select j.*, head.sequence + row_number() over lane as new_sequence, head.ordinal + row_number() over lane as new_ordinal,
           greatest(head.micros, p_micros) as new_micros, nextval('message_ids') as new_id
      from judged j
      cross join lateral (
        select h.sequence, h.ordinal, h.micros from heads h where h.stream_id = j.stream_id offset 0
      ) head
     where j.known_sequence is null and j.allowed and j.reply_found and j.files_found
    window lane as (partition by j.stream_id order by j.entry)
  ), new_messages as (
    insert into messages (conversation_id, sequence, ordinal, id, author_id, client_key, fingerprint, body, reply_to, mentions,
                          forwarded_from, attached, created_micros)
    select stream_id, new_sequence, new_ordinal, new_id, actor_id, key, fingerprint, body, reply_to, mentions::bigint[],
           forwarded_from, cardinality(attachments::text[]), new_micros from numbered
  ), new_attachments as (
    insert into attachments (conversation_id, sequence, place, media_id)
    select n.stream_id, n.new_sequence, a.place, a.media_id
      from numbered n cross join lateral unnest(n.attachments::text[]) with ordinality as a(media_id, place)
     where n.attachments is not null
  ), moved as materialized (
    select stream_id, min(new_sequence) - 1 as previous, max(new_sequence) as sequence, max(new_ordinal) as ordinal,
           max(new_micros) as micros
      from numbered group by stream_id
  ), moved_heads as (
    update heads h set sequence = c.sequence, ordinal = c.ordinal, message_sequence = c.sequence, micros = c.micros
      from moved c where h.stream_id = c.stream_id
  ), journal as (
    insert into commits (writer, number, incarnation, micros, streams, previous, sequences, groups, versions)
    select p_writer, p_number, p_incarnation, p_micros, array_agg(c.stream_id), array_agg(c.previous),
           array_agg(c.sequence), '{}', '{}'
      from moved c where p_number is not null having count(*) > 0
  ), own_positions as (
    update own_positions p set sequence = c.sequence, ordinal = c.ordinal
      from (select stream_id, actor_id, max(new_sequence) as sequence, max(new_ordinal) as ordinal
              from numbered group by stream_id, actor_id) c
     where p.conversation_id = c.stream_id and p.account_id = c.actor_id
  )
  select n.entry, 'appended', n.new_sequence, n.new_ordinal, n.new_id, n.new_micros, 1 from numbered n
  union all
  select -1, 'commit', c.stream_id, c.previous, c.sequence, c.micros, 0 from moved c where p_number is not null
  union all
  select j.entry,
         case when j.known_sequence is null and (j.allowed is not true or not j.reply_found) then 'not-found'
              when j.known_sequence is null then 'attachment-unavailable'
              when j.known_fingerprint is distinct from j.fingerprint then 'key-reused'
              else 'known' end,
         j.known_sequence, original.ordinal, original.id, j.known_micros, 1
    from judged j
    left join lateral (
      select m.ordinal, m.id from messages m
       where m.conversation_id = j.stream_id and m.sequence = j.known_sequence offset 0
    ) original on true
   where j.known_sequence is not null or j.allowed is not true or not j.reply_found or not j.files_found;
end $$;

-- As before; a deletion also takes the files off.
create or replace function append_change(
  p_op text, p_stream bigint, p_actor bigint, p_key text, p_fingerprint text, p_target bigint,
  p_body text, p_mentions bigint[], p_emoji text, p_micros bigint, p_emojis_per_person integer,
  out outcome text, out sequence bigint, out version integer, out micros bigint
) language plpgsql volatile as $$
declare
  v_member memberships;
  v_message messages;
  v_known stream_events;
  v_kind text;
begin
  select * into v_known from stream_events e where e.stream_id = p_stream and e.actor_id = p_actor and e.key = p_key;
  if found then
    outcome := case when v_known.fingerprint is distinct from p_fingerprint then 'key-reused' else 'known' end;
    sequence := v_known.sequence; version := v_known.version; micros := v_known.micros;
    return;
  end if;
  select * into v_member from memberships m where m.conversation_id = p_stream and m.account_id = p_actor;
  if not found then outcome := 'not-found'; return; end if;
  select * into v_message from messages m
   where m.conversation_id = p_stream and m.sequence = p_target and m.sequence >= v_member.visible_from;
  if not found then outcome := 'not-found'; return; end if;
  if p_op in ('edit', 'delete') and v_message.author_id <> p_actor
     and not (p_op = 'delete' and v_member.role in ('owner', 'admin')
              and exists (select from conversations c where c.id = p_stream and c.kind = 'group')) then
    outcome := 'forbidden'; return;
  end if;
  -- Another's words under their name are not changed.
  if p_op = 'edit' and v_message.forwarded_from is not null then outcome := 'forbidden'; return; end if;
  if v_message.deleted_micros is not null then outcome := 'message-deleted'; return; end if;

  version := v_message.version;
  case p_op
    when 'edit' then
      insert into message_versions values
        (p_stream, p_target, v_message.version, v_message.body, coalesce(v_message.edited_micros, v_message.created_micros));
      version := v_message.version + 1; v_kind := 'message.edited';
      update messages m set body = p_body, mentions = p_mentions, version = append_change.version, edited_micros = p_micros
       where m.conversation_id = p_stream and m.sequence = p_target;
    when 'delete' then
      version := v_message.version + 1; v_kind := 'message.deleted';
      delete from message_versions m where m.conversation_id = p_stream and m.sequence = p_target;
      delete from reactions r where r.conversation_id = p_stream and r.sequence = p_target;
      delete from pins p where p.conversation_id = p_stream and p.sequence = p_target;
      with gone as (
        delete from attachments a where a.conversation_id = p_stream and a.sequence = p_target returning a.media_id
      )
      insert into media_checks (media_id, due_micros) select g.media_id, p_micros from gone g;
      update messages m set body = null, mentions = null, forwarded_from = null, attached = null, version = append_change.version, deleted_micros = p_micros
       where m.conversation_id = p_stream and m.sequence = p_target;
    when 'react' then
      v_kind := 'reaction.changed';
      if (select count(*) from reactions r where r.conversation_id = p_stream and r.sequence = p_target
            and r.account_id = p_actor and r.emoji <> p_emoji) >= p_emojis_per_person then
        outcome := 'limit-reached'; return;
      end if;
      insert into reactions values (p_stream, p_target, p_actor, p_emoji, p_micros) on conflict do nothing;
    when 'unreact' then
      v_kind := 'reaction.changed';
      delete from reactions r where r.conversation_id = p_stream and r.sequence = p_target
         and r.account_id = p_actor and r.emoji = p_emoji;
  end case;

  update heads h set sequence = h.sequence + 1, micros = greatest(h.micros, p_micros)
   where h.stream_id = p_stream returning h.sequence, h.micros into sequence, micros;
  insert into events values
    (p_stream, sequence, v_kind, p_actor, p_target, version, micros, p_key, p_fingerprint);
  outcome := 'appended';
end $$;

-- As before, with files.
create function append_batch(
  p_writer smallint, p_number bigint, p_incarnation bigint,
  p_streams bigint[], p_actors bigint[], p_keys text[], p_fingerprints text[],
  p_bodies text[], p_replies bigint[], p_mentions text[], p_forwarded bigint[], p_attachments text[],
  p_changes jsonb, p_emojis_per_person integer
) returns table (entry bigint, outcome text, sequence bigint, ordinal bigint, id bigint, micros bigint, version integer)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_streams bigint[];
  v_previous bigint[];
  v_micros bigint;
  change record;
begin
  if p_changes is null then
    perform 1 from heads h where h.stream_id = any(p_streams) order by h.stream_id for update;
    return query select s.* from append_sends(p_writer, p_number, p_incarnation,
      p_streams, p_actors, p_keys, p_fingerprints, p_bodies, p_replies, p_mentions, p_forwarded, p_attachments, now_micros()) s;
    return;
  end if;

  v_streams := p_streams || array(select (c->>'stream')::bigint from jsonb_array_elements(p_changes) c);
  perform 1 from heads h where h.stream_id = any(v_streams) order by h.stream_id for update;
  select array_agg(h.stream_id), array_agg(h.sequence) into v_streams, v_previous
    from heads h where h.stream_id = any(v_streams);
  v_micros := now_micros();
  return query select s.* from append_sends(null, null, null,
    p_streams, p_actors, p_keys, p_fingerprints, p_bodies, p_replies, p_mentions, p_forwarded, p_attachments, v_micros) s;
  for change in
    select c.* from jsonb_to_recordset(p_changes) as c(
      entry bigint, op text, stream bigint, actor bigint, key text, fingerprint text, target bigint,
      body text, mentions bigint[], emoji text)
  loop
    return query select change.entry, a.outcome, a.sequence, 0::bigint, 0::bigint, a.micros, a.version
      from append_change(change.op, change.stream, change.actor, change.key, change.fingerprint, change.target,
        change.body, change.mentions, change.emoji, v_micros, p_emojis_per_person) a;
  end loop;
  return query select -1::bigint, 'commit'::text, s.stream_id, s.previous, s.reached, v_micros, 0
    from write_commit(p_writer, p_number, p_incarnation, v_micros, v_streams, v_previous, '{}', '{}') w,
         unnest(w.stream_ids, w.previous_sequences, w.new_sequences) as s(stream_id, previous, reached);
end $$;

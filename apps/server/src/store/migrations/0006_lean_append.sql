-- A message is the event of its own creation: `events` no longer repeats what stands in `messages`, so a send writes one
-- row and two index entries instead of two and four. Its key and fingerprint stand there too; keys stay one namespace,
-- because whoever looks one up looks in both, under the stream's lock.
alter table messages add column fingerprint text;
update messages m set fingerprint = e.fingerprint from events e
 where e.stream_id = m.conversation_id and e.sequence = m.sequence;
delete from events where kind = 'message.created';
create unique index messages_key on messages (conversation_id, author_id, client_key);

-- All events of all streams. Conditions on the stream, the sequence, or the actor and the key reach the indexes of both.
create view stream_events as
  select stream_id, sequence, kind, actor_id, target, version, micros, key, fingerprint from events
  union all
  select conversation_id, sequence, 'message.created', author_id, sequence, 1, created_micros, client_key, fingerprint
    from messages;

-- As before, without a row in `events`.
create or replace function append_sends(
  p_writer smallint, p_number bigint, p_incarnation bigint,
  p_streams bigint[], p_actors bigint[], p_keys text[], p_fingerprints text[],
  p_bodies text[], p_replies bigint[], p_mentions text[], p_forwarded bigint[], p_micros bigint
) returns table (entry bigint, outcome text, sequence bigint, ordinal bigint, id bigint, micros bigint, version integer)
language plpgsql volatile as $$
#variable_conflict use_column
begin
  return query
  with judged as materialized (
    select e.*, known.sequence as known_sequence, known.fingerprint as known_fingerprint, known.micros as known_micros,
           member.allowed as allowed,
           e.reply_to is null or coalesce(quoted.found, false) as reply_found
      from unnest(p_streams, p_actors, p_keys, p_fingerprints, p_bodies, p_replies, p_mentions,
                  p_forwarded)
           with ordinality as e(stream_id, actor_id, key, fingerprint, body, reply_to, mentions, forwarded_from, entry)
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
     where j.known_sequence is null and j.allowed and j.reply_found
    window lane as (partition by j.stream_id order by j.entry)
  ), new_messages as (
    insert into messages (conversation_id, sequence, ordinal, id, author_id, client_key, fingerprint, body, reply_to, mentions,
                          forwarded_from, created_micros)
    select stream_id, new_sequence, new_ordinal, new_id, actor_id, key, fingerprint, body, reply_to, mentions::bigint[],
           forwarded_from, new_micros from numbered
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
         case when j.known_sequence is null then 'not-found'
              when j.known_fingerprint is distinct from j.fingerprint then 'key-reused'
              else 'known' end,
         j.known_sequence, original.ordinal, original.id, j.known_micros, 1
    from judged j
    left join lateral (
      select m.ordinal, m.id from messages m
       where m.conversation_id = j.stream_id and m.sequence = j.known_sequence offset 0
    ) original on true
   where j.known_sequence is not null or j.allowed is not true or not j.reply_found;
end $$;

-- As before; the key may be a message's.
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
      update messages m set body = null, mentions = null, forwarded_from = null, version = append_change.version, deleted_micros = p_micros
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

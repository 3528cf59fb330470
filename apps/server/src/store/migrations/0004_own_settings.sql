-- What somebody sets for a conversation, for themselves alone; a row only where something was set. Apart from
-- `memberships`, which every send reads. `version` is the sequence of the event in the account's stream that changed it.
create table conversation_settings (
  account_id bigint not null,
  conversation_id bigint not null,
  version bigint not null,
  pinned bigint,
  -- Microseconds since 1970; the largest safe integer stands for ever.
  muted_until bigint,
  archived_ordinal bigint,
  unread_from bigint,
  primary key (account_id, conversation_id)
);

alter table conversations add column description text;

-- Whether others see how far this account has read. `shown_version` is the version at which what they see of a position
-- last changed: a row of which only the hidden part moved is none that they are told of.
alter table accounts add column read_receipts boolean not null default true;
alter table positions add column shown_version bigint not null default 0;
update positions set shown_version = version;

-- Members are listed owners first, then admins, each by id.
create index memberships_rank on memberships
  (conversation_id, (case role when 'owner' then 0 when 'admin' then 1 else 2 end), account_id);

drop function move_positions(smallint, bigint, bigint, bigint[], bigint[], bigint[], bigint[]);

-- As in 0003; each position also says whether its owner shows what was read, and whether more than that moved.
create function move_positions(
  p_writer smallint, p_number bigint, p_incarnation bigint, p_conversations bigint[], p_accounts bigint[], p_delivered bigint[], p_read bigint[]
) returns table (kind text, group_id bigint, version bigint, a bigint, b bigint, c bigint, d bigint, t text, cleared boolean,
                 receipts boolean, shown boolean)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_groups bigint[];
  v_versions bigint[];
  v_bells bigint[];
  v_changed bigint;
  v_cleared bigint := 0;
begin
  perform 1 from register_heads h where h.group_id = any(p_conversations) order by h.group_id for update;
  return query
  with moved as materialized (
    select m.conversation_id, m.account_id, least(greatest(m.delivered, m.read), h.sequence) as delivered, least(m.read, h.sequence) as read
      from unnest(p_conversations, p_accounts, p_delivered, p_read) as m(conversation_id, account_id, delivered, read)
      cross join lateral (select k.sequence from heads k where k.stream_id = m.conversation_id offset 0) h
  ), changed as materialized (
    update positions p
       set delivered = greatest(p.delivered, m.delivered), read = greatest(p.read, m.read),
           read_ordinal = case when m.read > p.read then greatest(p.read_ordinal, coalesce((
             select o.ordinal from messages o where o.conversation_id = m.conversation_id and o.sequence <= m.read
              order by o.sequence desc limit 1), 0)) else p.read_ordinal end,
           version = g.version + 1,
           shown_version = case when m.delivered > p.delivered then g.version + 1 else p.shown_version end
      from moved m
      cross join lateral (select h.version from register_heads h where h.group_id = m.conversation_id offset 0) g
     where p.conversation_id = m.conversation_id and p.account_id = m.account_id
       and (m.delivered > p.delivered or m.read > p.read)
    returning p.conversation_id, p.account_id, p.delivered, p.read, p.version, p.shown_version
  ), heads_moved as (
    update register_heads h set version = h.version + 1
      from (select distinct conversation_id from changed) g where h.group_id = g.conversation_id
  )
  select 'position', x.conversation_id, x.version, x.account_id, x.delivered, x.read, 0::bigint, ''::text, false,
         (select k.read_receipts from accounts k where k.id = x.account_id), x.shown_version = x.version
    from changed x;
  get diagnostics v_changed = row_count;

  select array_agg(distinct b.account_id) into v_bells
    from unnest(p_conversations, p_accounts, p_read) as m(conversation_id, account_id, read)
    join lateral (select k.account_id from bell k where k.account_id = m.account_id and k.conversation_id = m.conversation_id
                     and not k.cleared and k.sequence <= m.read offset 0) b on true;
  if v_bells is not null then
    perform 1 from register_heads h where h.group_id = any(v_bells) order by h.group_id for update;
    return query
    with cleared as (
      update bell k set cleared = true, version = (select h.version + 1 from register_heads h where h.group_id = k.account_id)
        from unnest(p_conversations, p_accounts, p_read) as m(conversation_id, account_id, read)
       where k.account_id = m.account_id and k.conversation_id = m.conversation_id and not k.cleared and k.sequence <= m.read
      returning k.*
    ), bumped as (
      update register_heads h set version = h.version + 1
        from (select distinct account_id from cleared) k where h.group_id = k.account_id
    )
    select 'bell', k.account_id, k.version, k.id, k.conversation_id, k.sequence, k.actor_id, k.kind || ' ' || k.micros, true,
           true, true
      from cleared k;
    get diagnostics v_cleared = row_count;
  end if;

  -- What was seen uncleared before the lock may have been cleared by whoever held it: the journal counts what was returned.
  if v_changed = 0 and v_cleared = 0 then return; end if;
  select array_agg(h.group_id), array_agg(h.version) into v_groups, v_versions
    from register_heads h where h.group_id = any(p_conversations || coalesce(v_bells, '{}'));
  -- Groups that did not move are journalled with the version they have: harmless, a reader finds nothing new above it.
  perform write_commit(p_writer, p_number, p_incarnation, now_micros(), '{}', '{}', coalesce(v_groups, '{}'), coalesce(v_versions, '{}'));
end $$;

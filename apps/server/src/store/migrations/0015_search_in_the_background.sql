-- Words with their places, so that a row tells a phrase by itself; marks of where a row stands, so that the index finds the newest
-- without reading the older; and what was there before is read by the consumer of the tail, behind a running server.
drop index search_messages_words;
drop index search_mails_words;
truncate search_messages, search_mails;
drop function search_message_words(messages);
drop function search_mail_words(mails);
drop function search_words(text, text[]);

-- Words, each cut to 64 characters, with their places; words of names without. A tsvector counts places up to 16,383 and keeps
-- 255 of a word: a text that has more is marked as wide (/w), and its phrases are looked for in itself.
create function search_words(p_text text, p_names text, p_marks text[]) returns tsvector
language plpgsql immutable parallel safe as $$
declare
  v_words text[] := string_to_array(search_plain(p_text), ' ');
  v_marks text[] := p_marks;
  v_placed text;
begin
  if cardinality(v_words) > 16383 or cardinality(v_words) > 255 and exists (
    select from unnest(v_words) as w(word) group by left(word, 64) having count(*) > 255
  ) then v_marks := array_append(v_marks, '/w'); end if;
  select string_agg(left(w.word, 64) || ':' || least(w.place, 16383), ' ') into v_placed
    from unnest(v_words) with ordinality as w(word, place) where w.word <> '';
  if p_names is not null then
    v_marks := v_marks || array(select left(word, 64) from string_to_table(search_plain(p_names), ' ') as word);
  end if;
  return coalesce(v_placed, '')::tsvector || array_to_tsvector(v_marks);
end $$;

-- A message's conversation is a mark too: /c.
create function search_message_words(m messages) returns tsvector language plpgsql stable as $$
begin
  if m.attached is null then
    return search_words(m.body, null, search_marks(m.author_id, m.body, 0, 0) || ('/c' || m.conversation_id));
  end if;
  return (
    select search_words(m.body, string_agg(f.name, ' '),
                        search_marks(m.author_id, m.body, count(*), count(f.width)) || ('/c' || m.conversation_id))
      from attachments a join media f on f.id = a.media_id
     where a.conversation_id = m.conversation_id and a.sequence = m.sequence);
end $$;

create function search_mail_words(m mails) returns tsvector language sql stable as $$
  select search_words(concat_ws(' ', m.subject, m.text), string_agg(f.name, ' '),
                      search_marks(m.author_id, m.text, count(f.id), count(f.width)))
    from (select 1) one
    left join mail_attachments a on m.attached > 0 and a.mail_id = m.id
    left join media f on f.id = a.media_id
$$;

-- Where a row stands in the order of all: in which 32,768 (/n) and in which 262,144 (/m).
create function search_places(p_id bigint) returns text[] language sql immutable parallel safe as $$
  select array['/n' || (p_id >> 15), '/m' || (p_id >> 18)]
$$;

alter table search_messages add column micros bigint not null;
create index search_messages_words on search_messages using gin (words) with (fastupdate = on, gin_pending_list_limit = 256);
create index search_mails_words on search_mails using gin (words) with (fastupdate = on, gin_pending_list_limit = 256);

-- What was there before, from the newest to the oldest: each row waits here for the consumer of the tail, with the id it will have.
create table search_past (
  id bigint primary key,
  conversation_id bigint,
  sequence bigint,
  mail_id bigint
);
insert into search_past (id, conversation_id, sequence, mail_id)
select -row_number() over (order by micros desc, id desc), conversation_id, sequence, mail_id
  from (select created_micros as micros, id, conversation_id, sequence, null::bigint as mail_id from messages
         where body is not null and messages.mail_id is null
        union all
        select created_micros, id, null, null, id from mails) every;
create index search_past_messages on search_past (conversation_id, sequence) where conversation_id is not null;

-- What is searched: for each message and each mail its words, without case and accents, and marks of what filters ask for. Derived
-- from them, a moment later, by a consumer of the tail: the append knows nothing of it. What is found is read from the
-- message or the mail itself, so a row that is behind shows nothing that is gone or was changed.

-- Without case, accents and compatibility forms. No extension: a database of one's own may lack `unaccent`.
create function search_fold(p_text text) returns text language sql immutable parallel safe as $$
  select lower(case when octet_length(p_text) = char_length(p_text) then p_text
                    else regexp_replace(normalize(p_text, NFKD), '[\u0300-\u036f]+', '', 'g') end)
$$;

-- The words of a text, one space between them.
create function search_plain(p_text text) returns text language sql immutable parallel safe as $$
  select btrim(left(regexp_replace(search_fold(left(p_text, 200000)), '[^[:alnum:]]+', ' ', 'g'), 200000))
$$;

-- Words, each cut to 64 characters, and marks. A tsvector holds a megabyte: 200,000 characters always fit.
create function search_words(p_text text, p_marks text[]) returns tsvector language plpgsql immutable parallel safe as $$
declare
  v_plain text := search_plain(p_text);
begin
  if v_plain ~ '[^ ]{65}' then v_plain := regexp_replace(v_plain, '([^ ]{64})[^ ]+', '\1', 'g'); end if;
  return array_to_tsvector(p_marks || string_to_array(v_plain, ' '));
end $$;

-- Marks begin with a slash, which no word has: /f author, /t file, /i picture, /l link.
create function search_marks(p_author bigint, p_body text, p_files bigint, p_pictures bigint) returns text[]
language sql immutable parallel safe as $$
  select array['/f' || p_author] || case when p_files > 0 then array['/t'] else '{}' end
      || case when p_pictures > 0 then array['/i'] else '{}' end
      || case when p_body ~* 'https?://' then array['/l'] else '{}' end
$$;

create function search_message_words(m messages) returns tsvector language plpgsql stable as $$
begin
  if m.attached is null then return search_words(m.body, search_marks(m.author_id, m.body, 0, 0)); end if;
  return (
    select search_words(concat_ws(' ', m.body, string_agg(f.name, ' ')),
                        search_marks(m.author_id, m.body, count(*), count(f.width)))
      from attachments a join media f on f.id = a.media_id
     where a.conversation_id = m.conversation_id and a.sequence = m.sequence);
end $$;

create function search_mail_words(m mails) returns tsvector language sql stable as $$
  select search_words(concat_ws(' ', m.subject, m.text, string_agg(f.name, ' ')),
                      search_marks(m.author_id, m.text, count(f.id), count(f.width)))
    from (select 1) one
    left join mail_attachments a on m.attached > 0 and a.mail_id = m.id
    left join media f on f.id = a.media_id
$$;

-- Ids are drawn in the order of the log, near enough: results are newest first by them.
create sequence search_ids;
create table search_messages (
  id bigint primary key default nextval('search_ids'),
  conversation_id bigint not null,
  sequence bigint not null,
  version integer not null,
  words tsvector not null,
  unique (conversation_id, sequence)
) with (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
create table search_mails (
  id bigint primary key default nextval('search_ids'),
  mail_id bigint not null unique,
  words tsvector not null
) with (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);

-- From here on the tail goes on; what was there before is read at once, oldest first.
insert into tail_cursors (consumer, writer, number) select 'search', writer, max(number) from commits group by writer
on conflict do nothing;
insert into search_messages (conversation_id, sequence, version, words)
select m.conversation_id, m.sequence, m.version, search_message_words(m)
  from messages m where m.body is not null and m.mail_id is null order by m.created_micros, m.id
on conflict do nothing;
insert into search_mails (mail_id, words) select m.id, search_mail_words(m) from mails m order by m.id on conflict do nothing;
-- After the rows: an index that is built is faster than one that is filled. A short list of what is pending, because every reader
-- goes through it.
create index search_messages_words on search_messages using gin (words) with (fastupdate = on, gin_pending_list_limit = 256);
create index search_mails_words on search_mails using gin (words) with (fastupdate = on, gin_pending_list_limit = 256);

-- Who does the work of a consumer of the tail, and until when: one node at a time, another once this one has not
-- renewed it.
create table tail_leases (
  consumer text primary key,
  holder text not null,
  until_micros bigint not null
);

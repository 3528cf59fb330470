-- What is left of drafts that were sent or discarded is removed when no device needs it any more, the oldest first.
create index drafts_gone on drafts (updated_micros) where deleted;

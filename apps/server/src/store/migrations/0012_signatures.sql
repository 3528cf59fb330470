-- What one ends one's mails with: sanitised HTML; null for nothing.
alter table accounts add column signature text;

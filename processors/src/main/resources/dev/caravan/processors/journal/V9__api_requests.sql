-- Actions that came with an idempotency key, and how they were answered: whoever repeats one is answered the same.

create table api_request (
  idempotency_key varchar(128) primary key,
  -- SHA-256 of what was asked, and by whom.
  fingerprint varchar(64) not null,
  asked_by varchar(200) not null,
  asked_at timestamp with time zone not null,
  -- Null while it is being done.
  status int,
  answer text
);

create index api_request_by_time on api_request (asked_at);

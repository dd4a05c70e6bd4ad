-- The outbox: what people and monitors are to be told, a row for each message and target. It is written with the change that it tells of, and kept until it
-- is delivered or given up.

create table notification (
  id bigint generated always as identity primary key,
  -- Its name in the settings.
  target varchar(100) not null,
  kind varchar(20) not null,
  -- Of an alarm's messages.
  alarm_id bigint references alarm (id),
  run_id varchar(160) references run (id),
  -- Of a backfill's failures, which are told in one message.
  backfill_id bigint references backfill (id),
  -- Quiet hours don't hold it back.
  urgent boolean not null,
  state varchar(20) not null,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  attempts int default 0 not null,
  -- The target refused the formatted text.
  plain boolean default false not null,
  detail varchar(4000) not null,
  last_error varchar(1000),
  ended_at timestamp with time zone
);

create index pending_notification on notification (state, due_at, id);
create index notification_of_alarm on notification (alarm_id, target);
create index alarm_of_subject on alarm (subject, kind, id);

-- The journal is the queue: why a run is wanted and since when, how far each pipeline is planned, and backfills.

create table pipeline (
  name varchar(100) primary key,
  -- The slots up to then are decided.
  planned_until timestamp with time zone,
  paused_at timestamp with time zone,
  paused_by varchar(200),
  pause_note varchar(1000)
);

create table backfill (
  id bigint generated always as identity primary key,
  pipeline varchar(100) not null references pipeline (name),
  cluster_id varchar(100) not null,
  first_date date not null,
  last_date date not null,
  newest_first boolean not null,
  state varchar(20) not null,
  -- Why it is paused, held or cancelled.
  reason varchar(4000),
  asked_by varchar(200) not null,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone
);

create index backfill_of_cluster on backfill (cluster_id, state, id);
create index backfill_of_pipeline on backfill (pipeline, id);

-- All null in the runs of before. A queued run that has no due time belongs to the session that asked for it.
alter table run add column cause varchar(20);
alter table run add column due_at timestamp with time zone;
alter table run add column asked_by varchar(200);
alter table run add column backfill_id bigint references backfill (id);
-- Who asked for the end of the running run, and why.
alter table run add column cancel_request varchar(4000);

create index run_of_cluster on run (cluster_id, state, backfill_id);
create index run_of_pipeline on run (pipeline, state, backfill_id);
create index run_of_backfill on run (backfill_id, state, logical_date);
create index run_by_start on run (started_at, id);
create index run_of_pipeline_by_start on run (pipeline, started_at, id);

-- What happens to a pipeline or a backfill is an event of no run.
alter table event alter column run_id drop not null;

-- What is still so is found without a look at all that was.
create index open_status on cluster_status (until, session_id);
create index raised_alarm on alarm (cleared_at, id);

-- One application for several dates of a backfill; and which failed attempt of a job lets another follow.

create table shared_application (
  batch_key varchar(128) primary key,
  backfill_id bigint not null references backfill (id),
  job varchar(100) not null,
  -- The first of its runs: the placeholders of the job's texts stand for its values.
  run_id varchar(160) not null references run (id),
  attempt int not null,
  -- In the order of their runs, with commas; at most 366.
  dates varchar(4096) not null,
  submitted_at timestamp with time zone not null
);

create index application_of_job on shared_application (backfill_id, job);

alter table job_run add column dates int default 1 not null;
alter table job_run add column may_follow boolean default false not null;
-- An earlier version let the number of attempts alone decide.
update job_run set may_follow = true where state = 'FAILED';

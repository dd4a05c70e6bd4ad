-- Runs that survive everything: who drives a run, which steps it took, attempts of its jobs, each use of the cluster.

alter table run add column cluster_id varchar(100);
-- Whether jobs that an earlier attempt verified are done once more.
alter table run add column afresh boolean not null default false;
-- How the run is to end, written before the stop of its cluster.
alter table run add column outcome varchar(20);

-- A run that is open holds its date and its cluster; the owner renews, and who finds the claim lapsed takes the run over.
create table claim (
  resource varchar(200) primary key,
  run_id varchar(160) not null references run (id),
  owner varchar(200) not null,
  lapses_at timestamp with time zone not null
);

create table step (
  id bigint generated always as identity primary key,
  run_id varchar(160) not null references run (id),
  step varchar(30) not null,
  subject varchar(200) not null,
  begun_at timestamp with time zone not null,
  ended_at timestamp with time zone
);

create index step_of_run on step (run_id, id);

alter table job_run rename to job_run_of_v1;

create table job_run (
  run_id varchar(160) not null references run (id),
  job varchar(100) not null,
  attempt int not null,
  state varchar(20) not null,
  batch_key varchar(128) not null,
  batch_id int,
  application_id varchar(100),
  submitted_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  location varchar(1024),
  objects bigint,
  bytes bigint,
  row_count bigint,
  failure varchar(4000),
  log_address varchar(1024),
  primary key (run_id, job, attempt)
);

insert into job_run (run_id, job, attempt, state, batch_key, batch_id, application_id, submitted_at, ended_at, location, objects, bytes, row_count,
  failure, log_address)
select j.run_id, j.job, r.attempt, j.state, j.batch_key, j.batch_id, j.application_id, j.submitted_at, j.ended_at, j.location, j.objects, j.bytes,
  j.row_count, j.failure, j.log_address
from job_run_of_v1 j join run r on r.id = j.run_id;

drop table job_run_of_v1;

alter table cluster_session rename to cluster_session_of_v1;

create table cluster_session (
  id bigint generated always as identity primary key,
  run_id varchar(160) not null references run (id),
  cluster_id varchar(100) not null,
  ours boolean not null,
  state varchar(20) not null,
  opened_at timestamp with time zone not null,
  operation_id varchar(100),
  running_since timestamp with time zone,
  stop_asked_at timestamp with time zone,
  stopped_at timestamp with time zone
);

create index session_of_run on cluster_session (run_id, id);
create index session_of_cluster on cluster_session (cluster_id, state);

insert into cluster_session (run_id, cluster_id, ours, state, opened_at, operation_id, stop_asked_at, stopped_at)
select run_id, cluster_id, ours,
  case when stopped_at is not null then 'STOPPED' when not ours then 'LEFT_RUNNING' when stop_asked_at is not null then 'STOP_ASKED' else 'START_ASKED' end,
  opened_at, operation_id, stop_asked_at, stopped_at
from cluster_session_of_v1;

drop table cluster_session_of_v1;

-- A run is a pipeline on a logical date; each attempt has its own row and its own batch keys.
create table run (
  id varchar(160) primary key,
  pipeline varchar(100) not null,
  logical_date date not null,
  attempt int not null,
  state varchar(20) not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  failure varchar(4000),
  unique (pipeline, logical_date, attempt)
);

create table job_run (
  run_id varchar(160) not null references run (id),
  job varchar(100) not null,
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
  primary key (run_id, job)
);

-- What a run did to its cluster: intent is written before the cloud is asked.
create table cluster_session (
  run_id varchar(160) primary key references run (id),
  cluster_id varchar(100) not null,
  ours boolean not null,
  opened_at timestamp with time zone not null,
  operation_id varchar(100),
  stop_asked_at timestamp with time zone,
  stopped_at timestamp with time zone,
  stop_pending boolean not null
);

create table event (
  id bigint generated always as identity primary key,
  run_id varchar(160) not null references run (id),
  at timestamp with time zone not null,
  kind varchar(30) not null,
  subject varchar(200) not null,
  detail varchar(4000) not null
);

create index event_of_run on event (run_id, id);

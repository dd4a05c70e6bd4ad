-- A run keeps the definition that it began with, a job may have several outputs, and a broken definition is an alarm of no run.

create table definition (
  -- SHA-256 of the content.
  hash varchar(64) primary key,
  content text not null
);

-- Null in the runs of before.
alter table run add column definition_hash varchar(64) references definition (hash);

-- What was found where a job promised an output; numbered from 1, in the order of the definition.
create table job_output (
  run_id varchar(160) not null,
  job varchar(100) not null,
  attempt int not null,
  number int not null,
  location varchar(1024) not null,
  objects bigint not null,
  bytes bigint not null,
  row_count bigint,
  primary key (run_id, job, attempt, number),
  foreign key (run_id, job, attempt) references job_run (run_id, job, attempt)
);

insert into job_output (run_id, job, attempt, number, location, objects, bytes, row_count)
select run_id, job, attempt, 1, location, coalesce(objects, 0), coalesce(bytes, 0), row_count from job_run where location is not null;

alter table job_run drop column location;
alter table job_run drop column objects;
alter table job_run drop column bytes;
alter table job_run drop column row_count;

alter table alarm alter column run_id drop not null;

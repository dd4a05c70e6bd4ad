-- The Spark stages of an attempt of a job, for its trace. Of an application for several dates the first run has them.

create table job_stage (
  run_id varchar(160) not null,
  job varchar(100) not null,
  attempt int not null,
  stage int not null,
  stage_attempt int not null,
  name varchar(300) not null,
  submitted_at timestamp with time zone,
  completed_at timestamp with time zone,
  tasks int not null,
  failure varchar(300),
  primary key (run_id, job, attempt, stage, stage_attempt),
  foreign key (run_id, job, attempt) references job_run (run_id, job, attempt)
);

-- Where the endpoint ships the log of a job's batch to; null if it ships nothing.
alter table job_run add column log_address varchar(1024);

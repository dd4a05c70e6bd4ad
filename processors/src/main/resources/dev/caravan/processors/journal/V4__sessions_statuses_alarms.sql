-- A session is one use of a cluster, by any number of runs; what the cluster's status was and when is a table; an alarm is a row.

-- A run that looked at its cluster and came no further has a session, too, since each look belongs to one.
insert into cluster_session (run_id, cluster_id, ours, state, opened_at)
select r.id, coalesce(r.cluster_id, ''), false, 'OPENED', min(e.at)
from run r join event e on e.run_id = r.id and e.kind = 'CLUSTER_STATUS'
where not exists (select 1 from cluster_session s where s.run_id = r.id)
group by r.id, r.cluster_id;

-- A run's latest session is the one that it is in.
create table run_session (
  run_id varchar(160) not null references run (id),
  session_id bigint not null references cluster_session (id),
  primary key (run_id, session_id)
);

create index runs_of_session on run_session (session_id);

insert into run_session (run_id, session_id) select run_id, id from cluster_session;

-- From the look that saw the status to the look that saw another one; until is null while that has not been seen.
create table cluster_status (
  id bigint generated always as identity primary key,
  session_id bigint not null references cluster_session (id),
  status varchar(20) not null,
  since timestamp with time zone not null,
  until timestamp with time zone
);

create index status_of_session on cluster_status (session_id, id);

-- A look before the run's first session belongs to that; any other to the latest that was open by then.
insert into cluster_status (session_id, status, since, until)
select coalesce(
    (select max(s.id) from cluster_session s where s.run_id = look.run_id and s.opened_at <= look.at),
    (select min(s.id) from cluster_session s where s.run_id = look.run_id)),
  look.subject, look.at, look.next_at
from (
  select id, run_id, kind, subject, at, lead(at) over (partition by run_id order by id) as next_at
  from event where kind in ('CLUSTER_STATUS', 'RUN_ENDED')
) look
where look.kind = 'CLUSTER_STATUS' order by look.id;

-- Nobody looks at these any more: when the status ended isn't known, and was never counted.
delete from cluster_status where until is null and session_id in (
  select s.id from cluster_session s join run r on r.id = s.run_id
  where r.state <> 'RUNNING' and (not s.ours or s.state in ('STOPPED', 'LEFT_RUNNING')));

drop index session_of_run;
alter table cluster_session drop column run_id;

-- The cause is a value, the key its cause and subject; raised_key is the key until the alarm is cleared, so that it is raised once.
create table alarm (
  id bigint generated always as identity primary key,
  raised_key varchar(250) unique,
  kind varchar(30) not null,
  subject varchar(200) not null,
  run_id varchar(160) not null references run (id),
  raised_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  cleared_at timestamp with time zone,
  detail varchar(4000) not null
);

-- Whether a job succeeded is the event's kind, and an alarm's subject is its key.
update event set kind = 'JOB_SUCCEEDED', detail = '' where kind = 'JOB_ENDED' and detail = 'success';
update event set kind = 'JOB_FAILED' where kind = 'JOB_ENDED';
update event set kind = 'ALARM_RAISED', subject = 'STOP_FAILED ' || subject where kind = 'STOP_FAILED';

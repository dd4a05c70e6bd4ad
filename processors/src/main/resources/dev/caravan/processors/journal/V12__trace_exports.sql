-- The traces that are to be sent, a row for each session that is over. It is written with the session's end, and kept: a trace is sent once.

create table trace_export (
  session_id bigint primary key references cluster_session (id),
  state varchar(20) not null,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  attempts int default 0 not null,
  last_error varchar(1000),
  ended_at timestamp with time zone
);

create index pending_trace on trace_export (state, due_at);

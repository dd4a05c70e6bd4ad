-- A run holds its date, a session its cluster: each is held, renewed and let go on its own. run_id is the run at hand of whoever holds it.
alter table claim add column holder varchar(200) default '' not null;

update claim set holder = case when resource like 'cluster %' then 'session of ' || resource else run_id end;

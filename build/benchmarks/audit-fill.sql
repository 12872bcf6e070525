-- Copies the real reports of 33.28, with their deadlines, as so many others that the regency has about :events events. Only events and their
-- streams: what is derived from them is made by what is measured.
\set ON_ERROR_STOP on
set synchronous_commit = off;

create or replace function pg_temp.ticket(serial bigint) returns text language plpgsql as $$
declare
    digits text := '2025' || lpad(serial::text, greatest(5, length(serial::text)), '0');
    damm text := '0317598642709215486342068713591750983426612304597836742095815869720134894536201794386172052581436790';
    interim int := 0;
begin
    for i in 1..length(digits) loop
        interim := substr(damm, interim * 10 + substr(digits, i, 1)::int + 1, 1)::int;
    end loop;
    return '2025-' || substr(digits, 5) || interim;
end
$$;

create temporary table model as
select row_number() over (order by stream_id) - 1 as which, stream_id as ticket from history.mt_events
where tenant_id = '33_28' and type = 'report.filed.v1' and not (data ->> 'IsOversight')::boolean;

create temporary table part as
select m.which, m.ticket, e.*, row_number() over (partition by m.which order by e.seq_id) as place
from model m join history.mt_events e on e.tenant_id = '33_28' and e.stream_id in (m.ticket, 'deadlines-' || m.ticket);

select (:events / (count(*)::numeric / (select count(*) from model)))::bigint as reports, (select count(*) from model) as models from part \gset

insert into history.mt_events (seq_id, id, stream_id, version, data, type, tenant_id, timestamp, mt_dotnet_type, is_archived, causation_id, correlation_id, headers, user_name)
select nextval('history.mt_events_sequence_33_28'), id, stream_id, version, data, type, '33_28', timestamp, mt_dotnet_type, false, causation_id, correlation_id, headers, user_name from (
    select md5(p.id::text || n)::uuid as id, replace(p.stream_id, p.ticket, t.ticket) as stream_id, p.version, replace(p.data::text, p.ticket, t.ticket)::jsonb as data, p.type,
        timestamptz '2025-01-01' + n * interval '1 minute' + p.place * interval '5 seconds' as timestamp, p.mt_dotnet_type, p.causation_id, p.correlation_id, p.headers, p.user_name
    from generate_series(1, :reports::bigint) n cross join lateral (select pg_temp.ticket(n) as ticket offset 0) t
        join part p on p.which = n % :models
    order by n, p.place) copies;

insert into history.mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
select '33_28', stream_id, max(case when stream_id like 'deadlines-%' then 'report_clock' else 'report' end), max(version), max(timestamp), min(timestamp), false
from history.mt_events where tenant_id = '33_28' group by stream_id on conflict do nothing;

-- They are published: what follows from them is not measured here.
update history.mt_event_progression set last_seq_id = (select max(seq_id) from history.mt_events where tenant_id = '33_28') where name in ('HighWaterMark:33_28', 'Notifications:All:33_28');
vacuum analyze history.mt_events;
analyze history.mt_streams;

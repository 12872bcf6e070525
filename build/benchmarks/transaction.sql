\set a random(1, 2000000000)
\set b random(1, 2000000000)
begin;
insert into streams (id, version) values (concat(:a::bigint, '-', :b::bigint, '-', :client_id::int), 1);
insert into events (stream, version, type, data) values (concat(:a::bigint, '-', :b::bigint, '-', :client_id::int), 1, 'report.filed.v1', jsonb_build_object('ticket', :a::bigint, 'channel', 'open311', 'category', 'jalan-rusak', 'description', repeat('x', 160), 'latitude', -6.98, 'longitude', 109.13));
insert into documents (id, data) values (concat(:a::bigint, '-', :b::bigint, '-', :client_id::int), jsonb_build_object('state', 'filed', 'ticket', :a::bigint, 'channel', 'open311', 'category', 'jalan-rusak', 'description', repeat('x', 160), 'latitude', -6.98, 'longitude', 109.13)) on conflict (id) do update set data = excluded.data, changed = now();
commit;

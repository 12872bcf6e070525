\set a random(1, 2000000000)
\set b random(1, 2000000000)
begin;
insert into streams (id, version) values (:a || '-' || :b || '-' || :client_id, 1);
insert into events (stream, version, type, data) values (:a || '-' || :b || '-' || :client_id, 1, 'report.filed.v1', jsonb_build_object('ticket', :a, 'channel', 'open311', 'category', 'jalan-rusak', 'description', repeat('x', 160), 'latitude', -6.98, 'longitude', 109.13));
insert into documents (id, data) values (:a || '-' || :b || '-' || :client_id, jsonb_build_object('state', 'filed', 'ticket', :a, 'channel', 'open311', 'category', 'jalan-rusak', 'description', repeat('x', 160), 'latitude', -6.98, 'longitude', 109.13)) on conflict (id) do update set data = excluded.data, changed = now();
commit;

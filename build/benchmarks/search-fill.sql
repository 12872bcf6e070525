-- Copies the one real report of 33.76 as reports number :from to :to of 2025, with their rows of the search, as the host would have written
-- them (docs/search.md): so many of each word, category, district and state as a city might have.
\set ON_ERROR_STOP on
set synchronous_commit = off;
set maintenance_work_mem = '512MB';
select setseed(0.42) \g /dev/null

-- The ticket's check digit (Damm).
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

create temporary table filled as
select n, pg_temp.ticket(n) as ticket, 2025000000000 + n as number, timestamptz '2025-01-01' + n * interval '30 seconds' as filed_at,
    -6.9 + 0.06 * place_north as latitude, 109.08 + 0.08 * place_east as longitude,
    (array['jalan-rusak', 'pju', 'sampah', 'drainase', 'jembatan', 'air-bersih', 'pohon-taman', 'bansos', 'adminduk', 'pasar'])[1 + floor(10 * kind * kind)] as category,
    (array['DPUPR', 'DISHUB', 'DLH', 'DPUPR', 'DPUPR', 'PDAM', 'DLH', 'DINSOS', 'DISDUKCAPIL', 'SATPOLPP'])[1 + floor(10 * kind * kind)] as department,
    '33.76.0' || 1 + floor(4 * district)::int as district,
    (array['Closed', 'Settled', 'Assigned', 'InProgress', 'Answered', 'Queued', 'Verified', 'Rejected'])[1 + floor(8 * power(state, 3))] as state,
    concat_ws(' ', common[1 + floor(64 * w1 * w1)], common[1 + floor(64 * w2 * w2)], common[1 + floor(64 * w3 * w3)], common[1 + floor(64 * w4 * w4)], common[1 + floor(64 * w5 * w5)],
        syllable[1 + a % 20] || syllable[1 + a / 20 % 20] || syllable[1 + a / 400 % 20], syllable[1 + b % 20] || syllable[1 + b / 20 % 20] || syllable[1 + b / 400 % 20] || syllable[1 + b / 8000 % 20],
        case when n % 500 = 0 then 'kecelakaan' end, case when n = 7777 then 'mercusuar' end) as text
from (
    select n, random() as place_north, random() as place_east, random() as kind, random() as district, random() as state,
        random() as w1, random() as w2, random() as w3, random() as w4, random() as w5, floor(4000 * random())::int as a, floor(60000 * power(random(), 2))::int as b
    from generate_series(:from::bigint, :to) n
    offset 0) g,
    (select string_to_array('jalan rusak lubang pasar depan tolong mohon lampu mati gelap sampah bau parah sudah lama minggu bulan belum ada petugas warga desa sekolah masjid sungai ' ||
        'banjir hujan air mampet selokan got jembatan pagar retak aspal kendaraan motor jatuh bahaya anak malam pagi segera perbaiki tiang listrik kabel pohon tumbang angin rumah ' ||
        'balai kantor layanan antri lambat surat bantuan trotoar parkir liar pedagang macet simpang', ' ') as common) c,
    (select string_to_array('ba ru ki sa lo mi te no pu ga ja we ri du ka to se ni lu ma', ' ') as syllable) s;

select id as model from reports.mt_doc_report where tenant_id = '33_76' and number >= 2026000000000 order by number limit 1 \gset

insert into reports.mt_doc_report (tenant_id, id, data, mt_dotnet_type, mt_version, number, filed_at)
select m.tenant_id, f.ticket,
    m.data || jsonb_build_object('Id', f.ticket, 'Number', f.number, 'State', f.state, 'Category', f.category, 'Department', f.department, 'District', f.district, 'FiledAt', f.filed_at, 'UpdatedAt', f.filed_at,
        'Filed', m.data -> 'Filed' || jsonb_build_object('Ticket', f.ticket, 'Category', f.category, 'Place', jsonb_build_object('Latitude', f.latitude, 'Longitude', f.longitude))),
    m.mt_dotnet_type, m.mt_version, f.number, f.filed_at
from filled f, reports.mt_doc_report m where m.tenant_id = '33_76' and m.id = :'model';

drop index reports.search_words;
insert into reports.search (tenant_id, ticket, number, filed_at, latitude, longitude, state, category, department, district, text, words)
select '33_76', ticket, number, filed_at, latitude, longitude, state, category, department, district, text,
    to_tsvector('indonesian', text) || array_to_tsvector(array['#t:33_76', '#b:33_76:' || number / 16384, '#s:' || state, '#k:complaint', '#c:' || category, '#o:' || department, '#d:' || district, '#public',
        '#g0:' || floor(longitude / 10) || ':' || floor(latitude / 10), '#g1:' || floor(longitude) || ':' || floor(latitude), '#g2:' || floor(longitude / 0.1) || ':' || floor(latitude / 0.1),
        '#g3:' || floor(longitude / 0.02) || ':' || floor(latitude / 0.02), '#g4:' || floor(longitude / 0.004) || ':' || floor(latitude / 0.004)] || case when n % 3 = 0 then array['#photo'] else '{}' end)
from filled;
create index search_words on reports.search using gin (words) with (fastupdate = off);

insert into reports.search_word (tenant_id, word, lexeme)
select '33_76', w.word, (tsvector_to_array(to_tsvector('indonesian', w.word)))[1] from (select distinct unnest(string_to_array(text, ' ')) as word from filled) w on conflict do nothing;

vacuum analyze reports.search;
analyze reports.search_word;
analyze reports.mt_doc_report;

-- The search index of a database: one row a report and regency, and the words that public texts contain. Every statement can be run again.
-- Why it is built so: docs/search.md.

create schema if not exists reports;
create extension if not exists pg_trgm;

create table if not exists reports.search (
    tenant_id varchar not null,
    ticket varchar not null,
    number bigint not null,
    filed_at timestamptz not null,
    latitude double precision,
    longitude double precision,
    state varchar not null,
    category varchar,
    department varchar,
    district varchar,
    text text,
    words tsvector not null,
    primary key (tenant_id, ticket)
);
create index if not exists search_number on reports.search (tenant_id, number desc);
create index if not exists search_filed_at on reports.search (tenant_id, filed_at desc);
-- Without a pending list: it would be read from end to end by every search.
create index if not exists search_words on reports.search using gin (words) with (fastupdate = off);

create table if not exists reports.search_word (
    tenant_id varchar not null,
    word varchar not null,
    lexeme varchar not null,
    primary key (tenant_id, word)
);
create index if not exists search_word_lexeme on reports.search_word (tenant_id, lexeme);
create index if not exists search_word_like on reports.search_word using gin (word gin_trgm_ops) with (fastupdate = off);

-- The newest reports that match, before a number. First the newest of all are looked through, which finds what is common. What is not is asked
-- of the index: at once where statistics say that hardly any report has it, else by buckets of 16384 numbers, which never reads
-- much more than it gives. The planner chooses nothing else: what it would guess of words and filters together is wrong too often.
create or replace function reports.search_page(
    tenant text, wanted tsquery, cells tsquery, box double precision[], since timestamptz, until timestamptz, before bigint, most integer)
returns table (ticket varchar, number bigint, state varchar, category varchar, department varchar, district varchar)
language plpgsql -- volatile, because it asks for the planner's estimate
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    least_number bigint := 0;
    next_number bigint := coalesce(before, 9223372036854775807);
    near tsquery := coalesce(cells, wanted);
    look integer := greatest(1000, 5 * most);
    left_over integer := most;
    given integer;
    bucket bigint;
    looked bigint;
    buckets integer := 1;
    expected json;
begin
    -- Numbers rise with time, but for those that were filed at the same moment.
    if until is not null then
        next_number := least(next_number, 1 + (select max(n.number) from (
            select s.number from reports.search s where s.tenant_id = tenant and s.filed_at <= until order by s.filed_at desc limit 500) n));
        if next_number is null or not exists (select 1 from reports.search s where s.tenant_id = tenant and s.filed_at <= until) then
            return;
        end if;
    end if;

    if since is not null then
        least_number := (select min(n.number) from (
            select s.number from reports.search s where s.tenant_id = tenant and s.filed_at >= since order by s.filed_at limit 500) n);
        if least_number is null then
            return;
        end if;
    end if;

    return query
        select n.ticket, n.number, n.state, n.category, n.department, n.district from (
            select * from reports.search s
            where s.tenant_id = tenant and s.number < next_number and s.number >= least_number order by s.number desc limit look) n
        where n.words @@ wanted and n.words @@ near and (box is null or (n.longitude between box[1] and box[3] and n.latitude between box[2] and box[4]))
            and (since is null or n.filed_at >= since) and (until is null or n.filed_at <= until)
        limit left_over;
    get diagnostics given = row_count;
    left_over := left_over - given;
    if left_over <= 0 then
        return;
    end if;

    next_number := (select min(n.number) from (
        select s.number from reports.search s
        where s.tenant_id = tenant and s.number < next_number and s.number >= least_number order by s.number desc limit look) n);

    execute format('explain (format json) select from reports.search s where s.words @@ %L', case when cells is null then wanted else wanted && cells end) into expected;
    if (expected -> 0 -> 'Plan' ->> 'Plan Rows')::float8 < 1000 then
        return query
            with found as materialized (
                select s.tenant_id, s.ticket, s.number, s.state, s.category, s.department, s.district, s.longitude, s.latitude, s.filed_at from reports.search s
                where s.words @@ wanted and s.words @@ near)
            select f.ticket, f.number, f.state, f.category, f.department, f.district from found f
            where f.tenant_id = tenant and f.number < next_number and f.number >= least_number
                and (box is null or (f.longitude between box[1] and box[3] and f.latitude between box[2] and box[4]))
                and (since is null or f.filed_at >= since) and (until is null or f.filed_at <= until)
            order by f.number desc limit left_over;
        return;
    end if;

    loop
        -- Where the next report is; there may be none for many buckets.
        next_number := (
            select s.number from reports.search s
            where s.tenant_id = tenant and s.number < next_number and s.number >= least_number order by s.number desc limit 1);
        exit when next_number is null;

        bucket := next_number / 16384;
        return query
            with found as materialized (
                select s.ticket, s.number, s.state, s.category, s.department, s.district, s.longitude, s.latitude, s.filed_at from reports.search s
                where s.words @@ (select string_agg(format('''#b:%s:%s''', tenant, b), ' | ') from generate_series(bucket - buckets + 1, bucket) b)::tsquery
                    and s.words @@ wanted and s.words @@ near)
            select f.ticket, f.number, f.state, f.category, f.department, f.district from found f
            where f.number <= next_number and f.number >= least_number
                and (box is null or (f.longitude between box[1] and box[3] and f.latitude between box[2] and box[4]))
                and (since is null or f.filed_at >= since) and (until is null or f.filed_at <= until)
            order by f.number desc limit left_over;
        get diagnostics given = row_count;
        left_over := left_over - given;
        exit when left_over <= 0;

        -- As many buckets at once as should hold what is left to find, by how many numbers had what was given: the first bucket was begun in its middle.
        looked := next_number - (bucket - buckets + 1) * 16384 + 1;
        next_number := (bucket - buckets + 1) * 16384;
        buckets := least(16, case when given = 0 then 2 * buckets else ceil(left_over::float8 * looked / given / 16384) end);
    end loop;
end
$$;

-- Words of a regency's public texts that are written much like one.
create or replace function reports.search_like(tenant text, written text)
returns setof varchar
language sql stable
set pg_trgm.similarity_threshold = 0.25
as $$
    select w.word from reports.search_word w where w.word % written and w.tenant_id = tenant
    order by similarity(w.word, written) desc, w.word limit 40
$$;

-- The least that a filed report needs in an event store: a stream, an event, and a document to read.
create table streams (id text primary key, version bigint not null, created timestamptz not null default now());
create table events (seq bigint generated always as identity primary key, id uuid not null default gen_random_uuid(), stream text not null references streams,
                     version bigint not null, type text not null, data jsonb not null, at timestamptz not null default now(), unique (stream, version));
create table documents (id text primary key, data jsonb not null, changed timestamptz not null default now());

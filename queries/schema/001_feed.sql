-- What arrives: events, batches, quarantine, sources, usage. Every *_at is an instant in UTC.
create schema base;

create table base.event (
    source varchar not null,
    sequence bigint not null,
    occurred_at timestamp not null,
    received_at timestamp not null,
    kind varchar not null,
    key varchar not null,
    payload varchar not null,
    fault varchar
);

create table base.source (
    source varchar primary key,
    first_sequence bigint,
    last_sequence bigint,
    events bigint not null,
    duplicates bigint not null,
    heard_at timestamp,
    occurred_at timestamp
);

create table base.position (
    path varchar primary key,
    bytes bigint not null,
    lines bigint not null,
    fingerprint varchar not null
);

create table base.quarantine (
    source varchar not null,
    place varchar not null,
    line bigint,
    reason varchar not null,
    bytes blob not null,
    length bigint not null,
    received_at timestamp not null,
    batch varchar
);

create table base.batch (
    batch varchar primary key,
    importer varchar not null,
    kind varchar not null,
    force varchar not null,
    month varchar not null,
    file varchar not null,
    sha256 varchar not null,
    rows bigint not null,
    flagged bigint not null,
    quarantined bigint not null,
    imported_at timestamp not null,
    replaced_by varchar
);

create table base.usage (
    used_at timestamp not null,
    viewer varchar not null,
    action varchar not null,
    app varchar not null,
    detail varchar
);

create table base.simulator (
    source varchar primary key,
    until timestamp not null,
    state blob not null
);

create table base.data_version (
    version bigint not null
);
insert into base.data_version values (0);

-- From when new Immediate incidents are announced: what was loaded as history is not.
create table base.announced (from_at timestamp not null);

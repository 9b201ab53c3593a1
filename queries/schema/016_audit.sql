-- The audit: one row a deed, never changed or taken out; `hash` is of `previous`, the hash of the row before, and of the row itself.
create table base.audit (
    sequence bigint not null,
    done_at timestamp not null,
    viewer varchar not null,
    uid bigint,
    verified boolean not null,
    seat varchar not null,
    address varchar not null,
    kind varchar not null,
    action varchar not null,
    app varchar not null,
    panel varchar not null,
    fact varchar not null,
    fields varchar not null,
    subjects varchar not null,
    selection varchar not null,
    counted bigint,
    reason varchar not null,
    words varchar not null,
    case_ref varchar not null,
    detail varchar not null,
    previous varchar not null,
    hash varchar not null
);

-- Usage says also from which seat and panel, for how long (s), for which case, and whether persons were sought or shown.
alter table base.usage add column seat varchar;
alter table base.usage add column panel varchar;
alter table base.usage add column seconds double;
alter table base.usage add column case_ref varchar;
alter table base.usage add column persons boolean default false;

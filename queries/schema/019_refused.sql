-- The highest sequence of each source that went to quarantine: with what is stored, how far it has been acknowledged.
create table base.refused (
    source varchar primary key,
    sequence bigint not null,
    received_at timestamp not null
);

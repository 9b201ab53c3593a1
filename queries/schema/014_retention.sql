-- What retention has taken out: from when on events of a kind are still kept, and how many of each source were erased, which are no gaps.
create table base.horizon (thing varchar primary key, before_at timestamp not null);
create table base.erased (
    erased_at timestamp not null, kind varchar not null, source varchar not null, events bigint not null, first_sequence bigint not null,
    last_sequence bigint not null, heard_at timestamp not null, occurred_at timestamp not null
);

-- Sittings kept for their users: selections and screen as written text, nothing of who may see what.
create table base.sitting (
    viewer varchar not null,
    seat varchar not null,
    left_at timestamp not null,
    selections varchar not null,
    screen varchar not null,
    primary key (viewer, seat)
);

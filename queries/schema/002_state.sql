-- The fold of the events: one row a thing. Every *_at is an instant in UTC; lon and lat are WGS84 degrees.
create table base.contact (
    contact varchar not null,
    line varchar not null,
    offered_at timestamp not null,
    answered_at timestamp,
    abandoned_at timestamp,
    ended_at timestamp,
    incident varchar,
    beat varchar
);

create table base.incident (
    ref varchar not null,
    source varchar not null,
    type varchar not null,
    first_grade varchar not null,
    contact varchar,
    call_at timestamp,
    answered_at timestamp,
    created_at timestamp not null,
    assigned_at timestamp,
    enroute_at timestamp,
    arrived_at timestamp,
    resourced_end_at timestamp,
    closed_at timestamp,
    acknowledged_at timestamp,
    acknowledged_by varchar,
    result varchar,
    crime varchar,
    lon double not null,
    lat double not null,
    beat varchar,
    location varchar not null,
    in_progress boolean not null,
    suspect_nearby boolean not null,
    weapon boolean not null,
    child boolean not null,
    domestic_high boolean not null,
    disability boolean not null,
    repeat_victim boolean not null,
    repeat_place boolean not null
);

-- The grades an incident was given after its first.
create table base.grading (
    ref varchar not null,
    graded_at timestamp not null,
    grade varchar not null,
    reason varchar not null
);

create table base.incident_log (
    ref varchar not null,
    logged_at timestamp not null,
    author varchar not null,
    text varchar not null,
    source varchar not null,
    sequence bigint not null
);

create table base.unit (
    callsign varchar not null,
    kind varchar not null,
    team varchar not null,
    home_district varchar not null,
    crew integer not null,
    skills varchar not null,
    listed_at timestamp not null,
    home_lon double,
    home_lat double,
    home_beat varchar
);

-- Legal changes of a unit's state, in order; a state lasts until the unit's next row.
create table base.unit_status (
    callsign varchar not null,
    state integer not null,
    from_at timestamp not null,
    incident varchar,
    source varchar not null,
    sequence bigint not null
);

-- When and where a unit was heard: statuses, messages (no place), and positions (moved).
create table base.unit_position (
    callsign varchar not null,
    heard_at timestamp not null,
    lon double,
    lat double,
    beat varchar,
    moved boolean not null
);

create table base.unit_objective (
    callsign varchar not null,
    tasked_at timestamp not null,
    objective varchar
);

create table base.unit_acknowledgement (
    callsign varchar not null,
    acknowledged_at timestamp not null,
    acknowledged_by varchar not null
);

create table base.assignment (
    callsign varchar not null,
    ref varchar not null,
    assigned_at timestamp not null,
    enroute_at timestamp,
    arrived_at timestamp,
    cleared_at timestamp,
    ended varchar
);

create table base.officer (
    officer varchar not null,
    name varchar not null,
    rank varchar not null,
    team varchar not null,
    district varchar not null,
    skills varchar not null
);

create table base.duty (
    officer varchar not null,
    unit varchar not null,
    started_at timestamp not null,
    until_at timestamp not null,
    ended_at timestamp
);

create table base.objective (
    objective varchar not null,
    title varchar not null,
    kind varchar not null,
    start_at timestamp not null,
    end_at timestamp not null,
    district varchar,
    beat varchar
);

-- Recorded crimes: from the feed (batch null) or a batch of published rows (recorded_at null, line set).
create table base.crime (
    crime varchar,
    batch varchar,
    line bigint,
    recorded_at timestamp,
    committed_at timestamp,
    month varchar not null,
    category varchar not null,
    offence varchar,
    outcome varchar,
    outcome_code integer,
    outcome_at timestamp,
    incident varchar,
    officer varchar,
    team varchar,
    allocated_at timestamp,
    lon double,
    lat double,
    location varchar,
    lsoa_code varchar,
    lsoa varchar,
    district varchar,
    beat varchar,
    reported_by varchar,
    falls_within varchar,
    flags varchar
);

create table base.outcome (
    crime varchar,
    batch varchar,
    line bigint,
    outcome_at timestamp,
    month varchar not null,
    code integer,
    outcome varchar not null,
    lon double,
    lat double,
    location varchar,
    lsoa_code varchar,
    lsoa varchar,
    flags varchar
);

create table base.stop_search (
    batch varchar not null,
    line bigint not null,
    searched_at timestamp,
    type varchar,
    operation varchar,
    lon double,
    lat double,
    beat varchar,
    district varchar,
    gender varchar,
    age_range varchar,
    self_ethnicity varchar,
    officer_ethnicity varchar,
    legislation varchar,
    object varchar,
    outcome varchar,
    outcome_linked boolean,
    clothing_removed boolean,
    flags varchar
);
